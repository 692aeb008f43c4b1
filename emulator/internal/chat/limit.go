package chat

import "time"

// Twitch's limits over connections.
const (
	limitWindow = 10 * time.Second
	joinLimit   = 20 // channels
	loginLimit  = 20 // PASS and NICK
)

// An account is what all connections of a user share.
type account struct{ joins, logins window }

// A window counts what happened in the last ten seconds.
type window struct{ at []time.Time }

// take counts one more, unless there were limit of them.
func (w *window) take(now time.Time, limit int) bool {
	old := 0
	for old < len(w.at) && now.Sub(w.at[old]) >= limitWindow {
		old++
	}
	w.at = w.at[old:]
	if len(w.at) >= limit {
		return false
	}
	w.at = append(w.at, now)
	return true
}

// mayLogin counts a login of a user.
func (s *Server) mayLogin(userID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.noLimits || s.account(userID).logins.take(time.Now(), loginLimit)
}

// mayJoin counts a JOIN of one channel.
func (s *Server) mayJoin(c *client) bool {
	if s.noLimits {
		return true
	}
	if c.anonymous {
		return c.joins.take(time.Now(), joinLimit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(c.user.ID).joins.take(time.Now(), joinLimit)
}

// account returns the account of a user. The caller holds mu.
func (s *Server) account(userID string) *account {
	a := s.accounts[userID]
	if a == nil {
		a = &account{}
		s.accounts[userID] = a
	}
	return a
}
