package emulator

import "time"

// EventSubSessions returns the ids of the connected EventSub sessions, in the order of
// connecting.
func (s *Server) EventSubSessions() []string { return s.push.Sessions() }

// ReconnectEventSub tells EventSub sessions to move to a new connection. The old
// connections are closed after grace with code 4004; Twitch gives 30 seconds, which 0 stands
// for.
//
// It applies to the connected sessions with the given ids, to all if there are none, and
// returns how many these were. So do the other faults of sessions; ids of sessions that have
// ended are ignored.
func (s *Server) ReconnectEventSub(grace time.Duration, sessions ...string) int {
	return s.push.Reconnect(grace, sessions...)
}

// CloseEventSub closes EventSub connections with one of Twitch's codes: 4000 to 4007. What
// was sent before still arrives.
func (s *Server) CloseEventSub(code int, sessions ...string) int {
	return s.push.Disconnect(code, sessions...)
}

// DropEventSub closes EventSub connections without a close code. What was not written yet
// is lost, except for conduits, which send it to another shard.
func (s *Server) DropEventSub(sessions ...string) int { return s.push.Drop(sessions...) }

// CutEventSub closes EventSub connections in the middle of the next message, which may be a
// keepalive.
func (s *Server) CutEventSub(sessions ...string) int { return s.push.Tear(sessions...) }

// SilenceEventSub lets EventSub sessions send no messages any more: no events, no keepalives,
// no reconnect messages. With pings, they still send pings and notice when one is not
// answered; a client must not take these for a session that works. Events are lost while the
// session is silent, which it is until it ends.
func (s *Server) SilenceEventSub(pings bool, sessions ...string) int {
	return s.push.Mute(pings, sessions...)
}

// HalfOpenEventSub lets EventSub connections stay open and deliver nothing in either
// direction, as if a router on the way had lost its memory. Twitch ends the session within
// 40 seconds because a ping is not answered (4002), and until then loses the events that it
// writes. The client learns of none of this; the connection is open until it closes it.
func (s *Server) HalfOpenEventSub(sessions ...string) int { return s.push.HalfOpen(sessions...) }

// WithholdWelcome lets the next n connections to EventSub succeed without a welcome. They are
// closed with 4003 after ten seconds, as they cannot be used.
func (s *Server) WithholdWelcome(n int) { s.push.WithholdWelcomes(n) }
