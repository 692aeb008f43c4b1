package irc

import (
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// Deadlines of a session.
const (
	dialTimeout    = 15 * time.Second
	welcomeTimeout = 15 * time.Second       // from the login to 001
	quietAfter     = 30 * time.Second       // without a byte, until a PING is sent
	deadAfter      = 10 * time.Second       // without an answer to that PING
	joinTimeout    = 10 * time.Second       // Twitch sends no answer for a channel that does not exist
	turnCheck      = 100 * time.Millisecond // while another connection has the turn to join
	joinAgain      = 30 * time.Second       // after a join without an answer; doubles each time
)

// A session is the state machine of one connection, without I/O: its inputs are messages,
// the desired channels and the time, its outputs are lines to send and changes of state.
// It reads no clock and starts no goroutine.
type session struct {
	login, token string // token "": anonymous
	caps         string
	joins        *limit.Window   // shared by all connections of the account
	roster       *roster         // likewise
	old          <-chan struct{} // closed when the connection that this one replaces has ended; nil: there is none

	started time.Time
	heard   time.Time // last byte
	asked   time.Time // when PING was sent; zero if no answer is due
	nick    string    // set by 001
	rooms   map[string]*place
	order   []string  // keys of rooms, so that joins have a stable order
	joinAt  time.Time // when the limiter has room again
	dirty   bool      // rooms changed since due and settled were computed
	due     time.Time // when syncRooms is due next; zero if never
	settled bool      // every desired channel was joined or refused

	// Outputs; the caller removes them.
	lines  []string
	states []State
	moving bool // RECONNECT
	err    error
}

// begin logs in.
func (s *session) begin(now time.Time) {
	s.started, s.heard = now, now
	s.rooms = make(map[string]*place)
	s.send("CAP REQ :" + s.caps)
	if s.token != "" {
		s.send("PASS oauth:" + s.token)
	}
	s.send("NICK " + s.login)
}

func (s *session) send(line string) { s.lines = append(s.lines, line) }

func (s *session) tell(st State) { s.states = append(s.states, st) }

func (s *session) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// hear records that bytes arrived.
func (s *session) hear(now time.Time) { s.heard, s.asked = now, time.Time{} }

// tick does what has become due.
func (s *session) tick(now time.Time) {
	switch {
	case s.nick == "" && !now.Before(s.started.Add(welcomeTimeout)):
		s.fail(errNoWelcome)
	case !s.asked.IsZero() && !now.Before(s.asked.Add(deadAfter)):
		s.fail(errSilent)
	case s.asked.IsZero() && !now.Before(s.heard.Add(quietAfter)):
		s.asked = now
		s.send("PING :larkspur")
	}
	if s.nick != "" && s.err == nil {
		s.syncRooms(now)
	}
}

// leave records that the connection has ended.
func (s *session) leave(now time.Time) {
	for login := range s.rooms {
		s.roster.left(login, s, now)
	}
	s.roster.waits(s, false)
}

// next returns when tick is due next.
func (s *session) next() time.Time {
	at := s.heard.Add(quietAfter)
	if !s.asked.IsZero() {
		at = s.asked.Add(deadAfter)
	}
	if s.nick == "" {
		return earlier(at, s.started.Add(welcomeTimeout))
	}
	if s.dirty {
		s.survey()
	}
	if !s.due.IsZero() {
		at = earlier(at, s.due)
	}
	return at
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
