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
	if !ok {
		c.notice(login, "msg_channel_suspended", "This channel does not exist or has been suspended.")
		return
	}
	if ban, banned := s.world.BanOf(broadcaster.ID, c.user.ID); banned && ban.EndsAt.IsZero() {
		c.notice(login, "msg_banned", "You are permanently banned from talking in "+login+".")
		return
	}
	if !s.mayEnter(c, broadcaster.ID) {
		s.log.WarnContext(ctx, "join ignored: in too many channels", "login", c.user.Login, "channel", login)
		return
	}
	entered := newMessage(nil, userPrefix(c.user.Login)+" JOIN #"+login)
	names := c.names(broadcaster)
	s.mu.Lock()
	r := s.rooms[broadcaster.ID]
	if r == nil {
		r = &room{members: map[*client]bool{}}
		s.rooms[broadcaster.ID] = r
	}
	again := r.members[c]
	r.members[c] = true
	if !again {
		// Under the lock, so that nothing of the channel comes before its JOIN.
		c.send(entered, 0)
		for _, m := range names {
			c.send(m, 0)
		}
	}
	s.mu.Unlock()
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

// names lists the chatters: with the membership capability all of them, without
// only the client itself.
func (c *client) names(broadcaster world.User) []*message {
	logins := []string{c.user.Login}
	if c.has(capMembership) {
		for _, u := range c.server.world.Chatters(broadcaster.ID) {
			if u.Login != c.user.Login {
				logins = append(logins, u.Login)
			}
		}
	}
	from := ":" + c.user.Login + "." + host
	var all []*message
	for len(logins) > 0 {
		n, size := 0, 0
		for n < len(logins) && (n == 0 || size+len(logins[n]) < maxNames) {
			size += len(logins[n]) + 1
			n++
		}
		all = append(all, newMessage(nil, from+" 353 "+c.user.Login+" = #"+broadcaster.Login+" :"+strings.Join(logins[:n], " ")))
		logins = logins[n:]
	}
	return append(all, newMessage(nil, from+" 366 "+c.user.Login+" #"+broadcaster.Login+" :End of /NAMES list"))
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
