package irc

import (
	"fmt"
	"strings"
	"time"
)

// line handles a message. Most messages are chat, which the session ignores.
func (s *session) line(m *Message, now time.Time) {
	switch m.Command {
	case "PING":
		s.send("PONG :" + m.Param(0))
	case "001":
		s.welcome(m, now)
	case "CAP":
		if m.Param(1) == "NAK" {
			s.fail(errCaps)
		}
	case "RECONNECT":
		if !s.moving {
			s.moving = true
			s.tell(State{Kind: Moving})
		}
	case "JOIN":
		if strings.EqualFold(m.Nick(), s.nick) {
			s.joined(m.Channel())
		}
	case "ROOMSTATE", "366":
		s.joined(m.Channel())
	case "PART":
		if strings.EqualFold(m.Nick(), s.nick) {
			s.parted(m.Channel(), now)
		}
	case "NOTICE":
		s.notice(m, now)
	}
}

func (s *session) welcome(m *Message, now time.Time) {
	if s.nick != "" {
		return
	}
	s.nick = m.Param(0)
	if s.nick == "" {
		s.nick = s.login
	}
	s.tell(State{Kind: Connected, Login: s.nick})
	s.tick(now)
}

func (s *session) joined(login string) {
	r, ok := s.rooms[login]
	if !ok || r.in {
		return
	}
	r.in, r.asked, r.again = true, time.Time{}, time.Time{}
	s.dirty = true
	s.tell(State{Kind: Joined, Channel: login})
}

// parted handles a PART that the client did not send: after its own the place is gone.
func (s *session) parted(login string, now time.Time) {
	if r, ok := s.rooms[login]; ok && r.in {
		r.in, r.again, s.dirty = false, now.Add(joinAgain), true
		s.tell(State{Kind: Parted, Channel: login})
	}
}

// loginNotices are the texts, in lower case, with which Twitch refuses a login. They have
// no msg-id.
var loginNotices = [...]string{
	"login authentication failed", "login unsuccessful", "improperly formatted auth",
	"invalid nick", "error logging in",
}

// withoutToken removes the token from a text of the server, which may repeat it. Shorter
// tokens occur in tests only.
func (s *session) withoutToken(text string) string {
	if len(s.token) < 4 {
		return text
	}
	return strings.ReplaceAll(text, s.token, "[redacted]")
}

func (s *session) notice(m *Message, now time.Time) {
	channel, text := m.channelText()
	if channel == "" {
		if s.nick != "" {
			return
		}
		lower := strings.ToLower(text)
		for _, sentence := range loginNotices {
			if strings.HasPrefix(lower, sentence) {
				s.fail(fmt.Errorf("%w (%q)", ErrLoginFailed, s.withoutToken(text)))
			}
		}
		return
	}
	id := m.Tags.Get("msg-id")
	r, ok := s.rooms[channel]
	if !ok || r.in {
		return
	}
	switch id {
	case "msg_channel_suspended", "msg_banned", "tos_ban", "msg_channel_blocked":
		s.refused(channel, r, &NoticeError{ID: id, Text: text}, now, refusedAgain)
	}
}
