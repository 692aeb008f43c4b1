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
	case "USERSTATE":
		s.userState(m)
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
	if s.token != "" {
		s.roster.connected(strings.ToLower(s.nick))
	}
	s.tell(State{Kind: Connected, Login: s.nick})
	s.tick(now)
}

func (s *session) joined(login string) {
	r, ok := s.rooms[login]
	if !ok || r.in {
		return
	}
	*r = place{wanted: r.wanted, wish: r.wish, in: true}
	s.dirty = true
	s.roster.joined(login, s)
	s.tell(State{Kind: Joined, Channel: login})
}

// parted handles a PART that the client did not send: after its own the place is gone.
func (s *session) parted(login string, now time.Time) {
	if r, ok := s.rooms[login]; ok && r.in {
		r.in, r.again, s.dirty = false, now.Add(joinAgain), true
		s.roster.left(login, s, now)
		s.tell(State{Kind: Parted, Channel: login})
	}
}

// userState records whether the channel counts in the rule of 100 channels.
func (s *session) userState(m *Message) {
	var u UserState
	if u.Decode(m) == nil {
		s.roster.moderates(u.Channel, u.CanModerate())
	}
}

// loginNotices are the texts, in lower case, with which Twitch refuses a login. They have
// no msg-id. The true ones say that the token is to blame; the others occur during outages.
var loginNotices = map[string]bool{
	"login authentication failed": true, "improperly formatted auth": true, "invalid nick": true,
	"login unsuccessful": false, "error logging in": false,
}

// A refusal is an answer of Twitch to a login.
type refusal struct {
	text string // without the token
	sure bool   // whether the token is to blame
}

func (e *refusal) Error() string { return fmt.Sprintf("%v (%q)", ErrLoginFailed, e.text) }
func (e *refusal) Unwrap() error { return ErrLoginFailed }

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
		for sentence, sure := range loginNotices {
			if strings.HasPrefix(lower, sentence) {
				s.fail(&refusal{text: s.withoutToken(text), sure: sure})
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
		s.refused(channel, r, &NoticeError{ID: id, Text: text}, now)
	}
}
