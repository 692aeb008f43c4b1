package eventsub

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// statusDisconnected is the reason of a revocation after a user has disconnected the
// application or changed the password.
const statusDisconnected = "authorization_revoked"

// loginRequired reports whether only a new login of a user can help against err.
func loginRequired(err error) bool {
	var lost interface{ LoginRequired() bool }
	return errors.As(err, &lost) && lost.LoginRequired()
}

// noteLogin records what a request has shown about the user's login. The caller holds
// mu.
func (a *account) noteLogin(err error) {
	if err == nil {
		a.lost = nil
	} else if loginRequired(err) {
		a.lost = err
	}
}

// checkLogin asks Twitch whether it still accepts the user's token, after it has ended a
// subscription because the user disconnected the application. The source of tokens
// learns that from the answer to a request.
func (a *account) checkLogin(ctx context.Context, reason string) {
	if reason != statusDisconnected || a.checking {
		return
	}
	a.checking = true
	a.requests.Go(func() {
		_, err := a.s.api.list(ctx, a.userID)
		a.answer(ctx, func(time.Time) {
			a.checking = false
			a.mu.Lock()
			defer a.mu.Unlock()
			a.noteLogin(err)
		})
	})
}

// loginsLost returns an error if each user whose token is needed must log in.
func (s *Session) loginsLost() error {
	if s.o.WaitForLogin {
		return nil
	}
	wants, _ := s.snapshot()
	var lost error
	for _, user := range s.usersOf(wants) {
		a := s.accountOf(user)
		if a == nil {
			return nil
		}
		a.mu.Lock()
		err := a.lost
		a.mu.Unlock()
		if err == nil {
			return nil
		}
		if lost == nil {
			lost = err
		}
	}
	if lost == nil {
		return nil
	}
	return fmt.Errorf("eventsub: no event can be subscribed to: %w", lost)
}
