package chat

import (
	"context"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// maxNames is how many bytes of names go into one line of a NAMES reply.
const maxNames = 400

// join enters channels. What Twitch would refuse silently is ignored silently.
func (c *client) join(ctx context.Context, channels string) {
	for name := range strings.SplitSeq(channels, ",") {
		login, ok := channelLogin(name)
		if !ok {
			continue
		}
		if !c.server.mayJoin(c) {
			c.server.log.WarnContext(ctx, "join ignored: over the limit", "login", c.user.Login, "channel", login)
			continue
		}
		if c.server.refusesJoin() {
			continue
		}
		c.joinOne(ctx, login)
	}
}

func (c *client) joinOne(ctx context.Context, login string) {
	s := c.server
	broadcaster, ok := s.world.UserByLogin(login)
	switch {
	case !ok: // Twitch says nothing about a channel that never existed
		return
	case broadcaster.TermsViolated:
		c.notice(login, "tos_ban", "The community has closed channel "+login+" due to Terms of Service violations.")
		return
	case broadcaster.Suspended:
		c.notice(login, "msg_channel_suspended", "This channel does not exist or has been suspended.")
		return
	}
	if ban, banned := s.world.BanOf(broadcaster.ID, c.user.ID); banned && ban.EndsAt.IsZero() {
		c.notice(login, "msg_banned", "You are permanently banned from talking in "+login+".")
		return
	}
	s.entering.Lock() // so that connections of one account count each other
	allowed := s.mayEnter(c, broadcaster.ID)
	again := allowed && s.add(c, broadcaster)
	s.entering.Unlock()
	if !allowed {
		s.log.WarnContext(ctx, "join ignored: in too many channels", "login", c.user.Login, "channel", login)
		return
	}
	if again {
		return
	}
	if !c.anonymous {
		c.send(newMessage(c.stateTags(broadcaster.ID, "", ""), ":"+host+" USERSTATE #"+login), capCommands)
	}
	if ch, ok := s.world.Channel(broadcaster.ID); ok {
		c.send(newMessage(allRoomTags(ch), ":"+host+" ROOMSTATE #"+login), capCommands)
	}
	if !c.anonymous {
		_ = s.world.JoinChat(broadcaster.ID, c.user.ID) // both were looked up: it cannot fail
	}
}

// add makes a connection a member of a room, and reports whether it was one before.
func (s *Server) add(c *client, broadcaster world.User) (again bool) {
	entered := newMessage(nil, userPrefix(c.user.Login)+" JOIN #"+broadcaster.Login)
	names := c.names(broadcaster)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[broadcaster.ID]
	if r == nil {
		r = &room{members: map[*client]bool{}}
		s.rooms[broadcaster.ID] = r
	}
	if r.members[c] {
		return true
	}
	r.members[c] = true
	// Under the lock, so that nothing of the channel comes before its JOIN.
	c.send(entered, 0)
	for _, m := range names {
		c.send(m, 0)
	}
	return false
}

// membershipLimit is the number of users in a channel above which Twitch does not tell who
// is there, comes and goes.
const membershipLimit = 1000

// names lists the chatters: with the membership capability first the others, and in a line
// of its own the client itself. Without the capability, and in a large channel, only the
// client.
func (c *client) names(broadcaster world.User) []*message {
	from := ":" + c.user.Login + "." + host
	list := func(logins []string) *message {
		return newMessage(nil, from+" 353 "+c.user.Login+" = #"+broadcaster.Login+" :"+strings.Join(logins, " "))
	}
	var all []*message
	if w := c.server.world; c.has(capMembership) && w.ChatterCount(broadcaster.ID) <= membershipLimit {
		var line []string
		size := 0
		for _, u := range w.Chatters(broadcaster.ID) {
			if u.Login == c.user.Login {
				continue
			}
			if size += len(u.Login) + 1; size > maxNames {
				all = append(all, list(line))
				line, size = nil, len(u.Login)+1
			}
			line = append(line, u.Login)
		}
		if len(line) > 0 {
			all = append(all, list(line))
		}
	}
	all = append(all, list([]string{c.user.Login}))
	return append(all, newMessage(nil, from+" 366 "+c.user.Login+" #"+broadcaster.Login+" :End of /NAMES list"))
}

// expel takes the connections of a banned user out of a channel. They get a PART.
func (s *Server) expel(b, u world.User) {
	left := newMessage(nil, userPrefix(u.Login)+" PART #"+b.Login)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rooms[b.ID]
	if r == nil {
		return
	}
	for c := range r.members {
		if c.user.ID == u.ID {
			delete(r.members, c)
			c.send(left, 0)
		}
	}
}

// part leaves channels.
func (c *client) part(channels string) {
	s := c.server
	for name := range strings.SplitSeq(channels, ",") {
		login, ok := channelLogin(name)
		if !ok {
			continue
		}
		broadcaster, ok := s.world.UserByLogin(login)
		if !ok {
			continue
		}
		left := newMessage(nil, userPrefix(c.user.Login)+" PART #"+login)
		s.mu.Lock()
		r := s.rooms[broadcaster.ID]
		was := r != nil && r.members[c]
		if was {
			delete(r.members, c)
			c.send(left, 0)
		}
		s.mu.Unlock()
		if was && !c.anonymous {
			s.world.LeaveChat(broadcaster.ID, c.user.ID)
		}
	}
}

// channelLogin takes the # off a channel's name.
func channelLogin(name string) (string, bool) {
	login, ok := strings.CutPrefix(strings.ToLower(name), "#")
	return login, ok && login != ""
}

// notice sends a NOTICE about a channel.
func (c *client) notice(login, id, text string) {
	c.send(newNotice(login, id, text), capCommands)
}

func newNotice(login, id, text string) *message {
	return newMessage(tagList{{"msg-id", id}}, ":"+host+" NOTICE #"+login+" :"+text)
}
