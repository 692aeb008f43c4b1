package chat

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// deliver turns a fact of the world into what clients get of it. It runs while
// the world waits, and must not change the world.
func (s *Server) deliver(f world.Fact) {
	b := world.HeadOf(f).Broadcaster
	switch f := f.(type) {
	case world.RawLine:
		s.replay(b.ID, f.Line)
	case world.Chat:
		except := s.author(&f.Message)
		s.toRoom(b.ID, 0, except, func() *message { return s.privmsg(b, &f.Message) })
	case world.Whispered:
		s.whisper(f)
	case world.ChatterJoined:
		s.presence(b, f.User, "JOIN")
	case world.ChatterLeft:
		s.presence(b, f.User, "PART")

	case world.UserBanned:
		s.commands(b.ID, func() *message { return clearUser(b, f) })
		if f.Duration == 0 {
			s.expel(b, f.User)
		}
	case world.ChatCleared:
		s.commands(b.ID, func() *message { return clearAll(b, f) })
	case world.MessageDeleted:
		s.commands(b.ID, func() *message { return clearMessage(b, f) })
	case world.ChatSettingsChanged:
		for _, m := range settingsChanged(b, f) {
			s.commands(b.ID, func() *message { return m })
		}

	default:
		s.deliverNotice(b, f)
	}
}

// deliverNotice is deliver for facts that chat tells with a USERNOTICE.
func (s *Server) deliverNotice(b world.User, f world.Fact) {
	switch f := f.(type) {
	case world.Subscribed:
		s.tellAll(b, subscribed(b, f))
	case world.Resubscribed:
		s.tellAll(b, resubscribed(b, f))
	case world.GiftSubs:
		s.tellAll(b, gifted(b, f))
	case world.Raided:
		s.tellAll(b, raided(f))
	case world.RaidCancelled:
		s.tellAll(b, unraided(f))
	case world.CharityDonated:
		s.tellAll(b, donated(f))
	case world.Announcement:
		s.tellAll(b, announced(f))
	case world.ChatNotice:
		s.tellAll(b, noticed(f))
	}
}

// commands sends a message that comes with the commands capability.
func (s *Server) commands(broadcasterID string, make func() *message) {
	s.toRoom(broadcasterID, capCommands, nil, make)
}

// toRoom sends a message to all connections in a channel, except one. It is
// not made for a channel without connections.
func (s *Server) toRoom(broadcasterID string, need capability, except *client, make func() *message) {
	s.mu.RLock()
	r := s.rooms[broadcasterID]
	empty := r == nil || len(r.members) == 0
	s.mu.RUnlock()
	if empty {
		return
	}
	m := make()
	s.mu.RLock()
	defer s.mu.RUnlock()
	for c := range r.members {
		if c != except {
			c.sendInRoom(broadcasterID, m, need)
		}
	}
}

// replay passes a line on as it stands, and waits for clients that are behind.
func (s *Server) replay(broadcasterID, text string) {
	s.mu.RLock()
	var members []*client
	if r := s.rooms[broadcasterID]; r != nil {
		for c := range r.members {
			members = append(members, c)
		}
	}
	s.mu.RUnlock()
	if len(members) == 0 {
		return
	}
	m := rawMessage(text)
	for _, c := range members {
		c.sendSlowly(m)
	}
}

// presence sends another user's JOIN or PART.
func (s *Server) presence(b, u world.User, command string) {
	if s.world.ChatterCount(b.ID) > membershipLimit {
		return
	}
	m := newMessage(nil, userPrefix(u.Login)+" "+command+" #"+b.Login)
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.rooms[b.ID]
	if r == nil {
		return
	}
	for c := range r.members {
		if c.user.ID != u.ID {
			c.send(m, capMembership)
		}
	}
}

// whisper reaches all connections of the recipient.
func (s *Server) whisper(f world.Whispered) {
	low, high := f.From.ID, f.To.ID
	if len(low) > len(high) || (len(low) == len(high) && low > high) {
		low, high = high, low
	}
	var tags tagList
	tags.add("badges", "")
	tags.add("color", f.From.Color)
	tags.add("display-name", f.From.DisplayName)
	tags.add("emotes", "")
	tags.add("message-id", f.ID)
	tags.add("thread-id", low+"_"+high)
	tags.flag("turbo", f.From.Turbo)
	tags.add("user-id", f.From.ID)
	tags.add("user-type", f.From.Type)
	m := newMessage(tags, userPrefix(f.From.Login)+" WHISPER "+f.To.Login+" :"+f.Text)
	for _, c := range s.all() {
		if c.registered.Load() && c.user.ID == f.To.ID {
			c.send(m, capCommands)
		}
	}
}
