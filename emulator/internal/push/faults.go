package push

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"sync/atomic"
	"time"
)

// Sessions returns the ids of the connected sessions, in the order of connecting.
func (s *Server) Sessions() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := make([]string, 0, len(s.sessions))
	for _, ss := range s.chosen(nil) {
		ids = append(ids, ss.id)
	}
	return ids
}

// chosen returns connected sessions in the order of connecting: those with the ids, all if
// there are none. The caller holds mu.
func (s *Server) chosen(ids []string) []*session {
	var all []*session
	for _, ss := range s.sessions {
		if len(ids) == 0 || slices.Contains(ids, ss.id) {
			all = append(all, ss)
		}
	}
	slices.SortFunc(all, func(a, b *session) int { return cmp.Compare(a.number, b.number) })
	return all
}

// each calls do with mu held and returns the number of sessions.
func (s *Server) each(ids []string, do func(*session)) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0
	}
	all := s.chosen(ids)
	for _, ss := range all {
		do(ss)
	}
	return len(all)
}

// Drop cuts connections without a word. Like the other faults it applies to the sessions with
// the ids, to all if there are none, and returns their number.
func (s *Server) Drop(ids ...string) int { return s.each(ids, func(ss *session) { ss.cancel() }) }

// Disconnect closes sessions with one of Twitch's close codes, such as 4000 or 4005.
func (s *Server) Disconnect(code int, ids ...string) int {
	return s.each(ids, func(ss *session) { ss.end(closeOf(code)) })
}

// Reconnect asks sessions to move to a new connection. The old ones go on
// until the clients have moved; they are closed when grace is over. Twitch
// gives 30 seconds, which grace 0 stands for.
func (s *Server) Reconnect(grace time.Duration, ids ...string) int {
	if grace == 0 {
		grace = reconnectGrace
	}
	return s.each(ids, func(ss *session) { ss.move(grace) })
}

// Mute makes sessions send no messages any more, and no pings either if pings is false.
// Their messages are lost; for Twitch the sessions are connected.
func (s *Server) Mute(pings bool, ids ...string) int {
	return s.each(ids, func(ss *session) {
		ss.pingless.Store(!pings)
		ss.muted.Store(true)
	})
}

// WithholdWelcomes lets the next n connections be silent from the start: the handshake
// succeeds, and no welcome follows.
func (s *Server) WithholdWelcomes(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.speechless = n
}

// HalfOpen lets connections stay open and lose what both sides write. Twitch ends the
// session when the next ping is not answered; the client does not learn of it.
func (s *Server) HalfOpen(ids ...string) int {
	return s.each(ids, func(ss *session) {
		drain := ss.cork.HalfOpen()
		s.serving.Go(func() { drain(s.ctx) })
	})
}

// Tear cuts connections in the middle of the next message.
func (s *Server) Tear(ids ...string) int {
	return s.each(ids, func(ss *session) { ss.torn.Store(true) })
}

var errTorn = errors.New("cut in the middle of a message")

// tear writes half of the message that the cork holds, after others, and ends the session.
func (ss *session) tear() {
	ss.cork.tear()
	ss.server.mu.Lock()
	defer ss.server.mu.Unlock()
	ss.end(closeNetwork)
}

// counts are what became of notifications.
type counts struct{ lost, dropped, retried, givenUp, inbound atomic.Uint64 }

// Counts says what became of notifications that did not arrive at the first try.
type Counts struct {
	Lost    uint64 // written into a connection that is half open, or muted
	Dropped uint64 // of a conduit: neither the chosen shard nor another one took it
	Retried uint64 // of a conduit: sent to another shard
	GivenUp uint64 // of a webhook: not acknowledged at the last try either
	Inbound uint64 // no notifications: messages that clients sent over a WebSocket
}

// Counts returns what became of notifications so far.
func (s *Server) Counts() Counts {
	return Counts{
		Lost: s.counts.lost.Load(), Dropped: s.counts.dropped.Load(), Retried: s.counts.retried.Load(),
		GivenUp: s.counts.givenUp.Load(), Inbound: s.counts.inbound.Load(),
	}
}

var isNotification = []byte(`","message_type":"` + kindNotification + `"`)

// notifications counts those among frames.
func notifications(frames [][]byte) (n uint64) {
	for _, b := range frames {
		if bytes.Contains(b[:min(len(b), 128)], isNotification) {
			n++
		}
	}
	return n
}
