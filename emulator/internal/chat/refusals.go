package chat

import (
	"sync"
	"time"
)

// refusals are logins and joins that are to fail.
type refusals struct {
	mu               sync.Mutex
	until            time.Time // guarded by mu: logins are refused
	text             string    // guarded by mu: the reason that they get
	speechless, deaf int       // guarded by mu: logins and joins that get no answer
}

// RefuseLogins has all logins fail for a time. Text is the NOTICE that they get; with "" the
// connection closes without one. A time of 0 ends it.
func (s *Server) RefuseLogins(d time.Duration, text string) {
	s.refusals.mu.Lock()
	defer s.refusals.mu.Unlock()
	s.refusals.until, s.refusals.text = time.Now().Add(d), text
}

// WithholdWelcomes lets the next n logins go unanswered. The connections stay open.
func (s *Server) WithholdWelcomes(n int) {
	s.refusals.mu.Lock()
	defer s.refusals.mu.Unlock()
	s.refusals.speechless = n
}

// IgnoreJoins lets the next n joins of a channel go unanswered.
func (s *Server) IgnoreJoins(n int) {
	s.refusals.mu.Lock()
	defer s.refusals.mu.Unlock()
	s.refusals.deaf = n
}

// Accept ends RefuseLogins, WithholdWelcomes and IgnoreJoins.
func (s *Server) Accept() {
	s.refusals.mu.Lock()
	defer s.refusals.mu.Unlock()
	s.refusals.until, s.refusals.text, s.refusals.speechless, s.refusals.deaf = time.Time{}, "", 0, 0
}

// refusesLogin counts a login, and reports whether it gets no welcome.
func (c *client) refusesLogin() bool {
	r := &c.server.refusals
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.speechless > 0:
		r.speechless--
		return true
	case !time.Now().Before(r.until):
		return false
	case r.text == "":
		c.closed = true
	default:
		c.fail(r.text)
	}
	return true
}

// refusesJoin counts a join, and reports whether it is ignored.
func (s *Server) refusesJoin() bool {
	r := &s.refusals
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deaf == 0 {
		return false
	}
	r.deaf--
	return true
}
