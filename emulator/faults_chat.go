package emulator

import (
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
)

// A ChatConnection is a connection to chat over IRC.
type ChatConnection struct {
	ID          string    `json:"id"`
	Login       string    `json:"login"` // "" before the login
	Anonymous   bool      `json:"anonymous"`
	Channels    []string  `json:"channels"` // logins, sorted
	ConnectedAt time.Time `json:"connected_at"`
}

// ChatConnections returns the IRC connections, in the order of connecting.
func (s *Server) ChatConnections() []ChatConnection {
	var all []ChatConnection
	for _, c := range s.chat.List() {
		all = append(all, ChatConnection(c))
	}
	return all
}

// ReconnectChat tells IRC connections to reconnect, as Twitch does before it shuts a server
// down, and closes those that are left after grace. With a grace of 0 they stay open.
//
// It applies to the connections with the given ids or logins, to all if there are none, and
// returns how many these were. So do the other faults of connections; ids of connections
// that have ended are ignored.
func (s *Server) ReconnectChat(grace time.Duration, connections ...string) int {
	return s.chat.Reconnect(grace, connections...)
}

// CloseChat closes IRC connections. What was sent before still arrives.
func (s *Server) CloseChat(connections ...string) int { return s.chat.End(connections...) }

// DropChat closes IRC connections at once. What was not written yet is lost.
func (s *Server) DropChat(connections ...string) int { return s.chat.Drop(connections...) }

// CutChat closes IRC connections in the middle of the next line that they send.
func (s *Server) CutChat(connections ...string) int { return s.chat.Tear(connections...) }

// SilenceChat lets IRC connections send nothing any more until they end. With pings, they
// still send PING and answer with PONG. What clients send is still carried out: their
// messages reach others, although nothing confirms them.
func (s *Server) SilenceChat(pings bool, connections ...string) int {
	return s.chat.Mute(pings, connections...)
}

// HalfOpenChat lets IRC connections stay open and deliver nothing in either direction, as if
// a router on the way had lost its memory. The emulator gives the connection up when its next
// PING is not answered, after up to five and a half minutes. The client learns of none of
// this; the connection is open until it closes it.
func (s *Server) HalfOpenChat(connections ...string) int { return s.chat.HalfOpen(connections...) }

// SlowChat lets IRC connections send this many lines in a second, until it is called with 0.
// A connection for which 16384 lines wait is closed.
func (s *Server) SlowChat(linesPerSecond int, connections ...string) int {
	return s.chat.Slow(linesPerSecond, connections...)
}

// RefuseChatLogins has all logins to chat fail for a time. Their connections get text as a
// NOTICE and are closed; with "" they are closed without one. Twitch's texts are "Login
// unsuccessful" and "Error logging in", and "Login authentication failed" for a token that
// is not valid.
func (s *Server) RefuseChatLogins(d time.Duration, text string) { s.chat.RefuseLogins(d, text) }

// WithholdChatWelcome lets the next n logins to chat go unanswered. The connections stay open.
func (s *Server) WithholdChatWelcome(n int) { s.chat.WithholdWelcomes(n) }

// IgnoreJoins lets the next n joins of a channel over IRC go unanswered, as Twitch does with
// a channel that never existed.
func (s *Server) IgnoreJoins(n int) { s.chat.IgnoreJoins(n) }

// A ChatFault disturbs the lines that IRC connections get about a channel: messages, notices
// and what moderators did, and the answers to their own messages. Lines about the connection
// itself and about joining are not disturbed. Shares are from 0 to 1.
//
// The choices depend on Seed, the order of connecting and how many lines a connection had
// before: the same test makes the same choices each time.
type ChatFault struct {
	Connection string // an id or a login; default: all
	Channel    string // a login; default: all
	Seed       uint64

	Duplicate float64       // share of lines that are sent twice
	Lost      float64       // share of lines that are not sent
	Delay     time.Duration // of each line; its timestamp stays the earlier one
	Jitter    time.Duration // random delay up to this, in addition: lines overtake each other
}

// DisturbChat applies a fault to lines from now on, in place of the one before.
// [Server.HealChat] ends it. It fails if a share is not from 0 to 1, or a time is negative.
func (s *Server) DisturbChat(f ChatFault) error {
	if min(f.Duplicate, f.Lost) < 0 || max(f.Duplicate, f.Lost) > 1 {
		return errors.New("emulator: shares of a ChatFault must be from 0 to 1")
	}
	if min(f.Delay, f.Jitter) < 0 {
		return errors.New("emulator: times of a ChatFault must not be negative")
	}
	d := chat.Disturbance{
		Connection: f.Connection, Seed: f.Seed,
		Duplicate: f.Duplicate, Lost: f.Lost, Delay: f.Delay, Jitter: f.Jitter,
	}
	if f.Channel != "" {
		d.BroadcasterID = s.UserID(f.Channel)
	}
	s.chat.Disturb(d)
	return nil
}

// HealChat ends [Server.DisturbChat], [Server.SlowChat], [Server.RefuseChatLogins],
// [Server.WithholdChatWelcome] and [Server.IgnoreJoins]. Lines that are delayed still arrive,
// at their time.
func (s *Server) HealChat() {
	s.chat.Disturb(chat.Disturbance{})
	s.chat.Slow(0)
	s.chat.Accept()
}
