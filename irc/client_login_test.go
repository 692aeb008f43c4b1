package irc_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// errNetwork is a failure that says nothing about the token.
var errNetwork = errors.New("connection reset by peer")

// lostLoginError is what a token manager returns when a person must log in again.
type lostLoginError struct{}

func (lostLoginError) Error() string       { return "log in again" }
func (lostLoginError) LoginRequired() bool { return true }

// A token that Twitch refused, with everything that can go wrong until there is
// another: the client is back within ten seconds of that moment.
func TestBackInChatWithinTenSecondsOfATokenWhateverFailedBefore(t *testing.T) {
	tests := []struct {
		name   string
		token  func(available bool) (string, error)
		renew  func(available bool) (string, error) // nil: no RenewToken
		outage bool                                 // chat cannot be reached either, until a second before
	}{
		{
			"the renewal fails without an answer",
			func(bool) (string, error) { return "old", nil },
			func(ok bool) (string, error) {
				if !ok {
					return "", errNetwork
				}
				return "good", nil
			}, false,
		},
		{
			"the renewal is refused and a person logs in",
			func(ok bool) (string, error) {
				if !ok {
					return "", lostLoginError{}
				}
				return "good", nil
			},
			func(bool) (string, error) { return "", lostLoginError{} }, false,
		},
		{
			"the renewed token is refused too",
			func(ok bool) (string, error) {
				if !ok {
					return "old", nil
				}
				return "good", nil
			},
			func(bool) (string, error) { return "also old", nil }, false,
		},
		{
			"there is no renewal",
			func(ok bool) (string, error) {
				if !ok {
					return "old", nil
				}
				return "good", nil
			}, nil, false,
		},
		{
			"the store fails",
			func(ok bool) (string, error) {
				if !ok {
					return "", errNetwork
				}
				return "good", nil
			}, nil, false,
		},
		{
			"chat was away meanwhile",
			func(ok bool) (string, error) {
				if !ok {
					return "old", nil
				}
				return "good", nil
			},
			func(bool) (string, error) { return "", errNetwork }, true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, after := range []time.Duration{7 * time.Second, 3 * time.Minute, 24 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					s, st := newServer(t), &states{}
					s.token = "good"
					start := time.Now()
					available := func() bool { return time.Since(start) >= after }
					o := irc.Options{WaitForLogin: true, OnState: st.add, Token: func(context.Context) (string, error) { return tt.token(available()) }}
					if tt.renew != nil {
						o.RenewToken = func(context.Context, string) (string, error) { return tt.renew(available()) }
					}
					run(t, irc.New(s.options(o)))
					if tt.outage {
						s.set(func(s *server) { s.down = true })
						time.Sleep(after - time.Second)
						s.set(func(s *server) { s.down = false })
						time.Sleep(11 * time.Second)
					} else {
						time.Sleep(after + 10*time.Second)
					}
					synctest.Wait()
					connected := false
					for _, state := range st.take() {
						connected = connected || state.Kind == irc.Connected
					}
					if !connected {
						t.Errorf("not in chat 10 s after a token was there, which was after %v", after)
					}
				})
			}
		})
	}
}

// 279 logins and one renewal in 24 hours is what a client did that gave up renewing
// after the first failure.
func TestRenewalIsTriedAgainAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.token = "good"
		renewals := 0
		start(t, s.options(irc.Options{
			Token: func(context.Context) (string, error) { return "old", nil },
			RenewToken: func(context.Context, string) (string, error) {
				if renewals++; renewals < 4 {
					return "", errNetwork
				}
				return "good", nil
			},
		}))
		time.Sleep(time.Minute)
		synctest.Wait()
		if renewals != 4 {
			t.Errorf("got %d renewals in a minute, want 4", renewals)
		}
		if n := len(s.dials); n != 2 {
			t.Errorf("got %d logins, want 2: one refused, one with the new token", n)
		}
	})
}

// A login that only a person can repair must not be asked for every few seconds.
func TestLostLoginIsRenewedSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.token = "good"
		renewals := 0
		start(t, s.options(irc.Options{
			WaitForLogin: true,
			Token:        func(context.Context) (string, error) { return "old", nil },
			RenewToken: func(context.Context, string) (string, error) {
				renewals++
				return "", lostLoginError{}
			},
		}))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if renewals > 400 {
			t.Errorf("got %d renewals in a day, want at most 400", renewals)
		}
		if n := len(s.dials); n < 100 || n > 400 {
			t.Errorf("got %d logins in a day, want 100 to 400", n)
		}
	})
}

// A token that was read from a file with more than one line must not become a command.
func TestTokenWithALineEndIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		start(t, s.options(irc.Options{
			OnState: st.add,
			Token:   func(context.Context) (string, error) { return "abc\r\nJOIN #grace", nil },
		}))
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(s.dials) != 0 {
			t.Errorf("got %d connections, want none", len(s.dials))
		}
		for _, state := range st.take() {
			if state.Kind == irc.Disconnected && strings.Contains(state.String(), "abc") {
				t.Errorf("the token is in %q", state)
			}
		}
	})
}

// A token function that fails every other time must not make the client a busy loop.
func TestTokenThatFailsEveryOtherTimeIsNoBusyLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		calls := 0
		start(t, s.options(irc.Options{Token: func(context.Context) (string, error) {
			if calls++; calls%2 == 1 {
				return "", errNetwork
			}
			return "good", nil
		}}))
		time.Sleep(time.Minute)
		synctest.Wait()
		if calls > 200 {
			t.Errorf("got %d calls in a minute, want at most 200", calls)
		}
	})
}
