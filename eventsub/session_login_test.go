package eventsub

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"testing/synctest"
	"time"
)

// lostLoginError is an error of a source of tokens.
type lostLoginError struct{}

func (lostLoginError) Error() string       { return "ada must log in" }
func (lostLoginError) LoginRequired() bool { return true }

var errLostLogin = fmt.Errorf("token of user bot: %w", lostLoginError{})

// wantEnd checks whether Run has returned because of a lost login.
func (s *stage) wantEnd(want bool) {
	s.t.Helper()
	synctest.Wait()
	select {
	case <-s.ended:
		if !want {
			s.t.Fatalf("run ended with %v, want it to continue", s.err)
		}
		if !errors.Is(s.err, errLostLogin) || !loginRequired(s.err) {
			s.t.Errorf("run: got %v, want the lost login", s.err)
		}
	default:
		if want {
			s.t.Fatal("run goes on after the last login was lost")
		}
	}
}

func TestLostLoginEndsRunAtOnce(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.wantEnd(false)
		s.set(func(f *fake) { f.token = errLostLogin })
		s.session.Want(ada(1), ada(2))
		s.wantEnd(true)
		s.wantCalls()
		if err := s.session.Ready(t.Context()); !errors.Is(err, ErrEnded) && err != nil {
			t.Errorf("ready: got %v", err)
		}
	})
}

func TestLoginLostWithTheConnectionEndsRun(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		s.set(func(f *fake) { f.token = errLostLogin; clear(f.subs) })
		s.wantEnd(false)
		c.close(4006)
		time.Sleep(2 * time.Minute)
		s.wantEnd(true)
	})
}

// A refusal of a request shows it too: the token may have seemed good before.
func TestLoginLostAtASubscriptionEndsRun(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.set(func(f *fake) { f.refuse = func(target) error { return errLostLogin } })
		s.session.Want(ada(1))
		s.accept().welcome("A")
		s.wantEnd(true)
	})
}

// After the user has disconnected the application, nothing is retried. Twitch is asked
// whether the login is lost.
func TestDisconnectedUserEndsRun(t *testing.T) {
	for _, lost := range []bool{true, false} {
		t.Run(fmt.Sprint("lost ", lost), func(t *testing.T) {
			onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
				s.session.Want(ada(1))
				c := s.accept()
				c.welcome("A")
				s.takeCalls()
				if lost {
					s.set(func(f *fake) { f.lists = errLostLogin })
				}
				s.revokeAll(c, statusDisconnected)
				s.wantEnd(lost)
				s.wantCalls("bot lists")
			})
		})
	}
}

// revokeAll sends the revocations of all subscriptions.
func (s *stage) revokeAll(c *fakeConn, status string) {
	s.fake.mu.Lock()
	subs := maps.Clone(s.subs)
	s.fake.mu.Unlock()
	for _, sub := range subs {
		c.send(KindRevocation, map[string]any{"subscription": map[string]any{
			"id": sub.ID, "status": status, "type": sub.Type, "version": sub.Version, "condition": sub.Condition,
		}})
	}
}

// A subscription that ended for another reason says nothing about the login.
func TestOtherRevocationsAskNothing(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		s.takeCalls()
		s.set(func(f *fake) { f.lists = errLostLogin })
		s.revokeAll(c, "user_removed")
		s.wantEnd(false)
		s.wantCalls()
	})
}

// The periodic comparison with Twitch's list finds a lost login as well.
func TestLoginLostAtARecheckEndsRun(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		s.set(func(f *fake) { f.lists = errLostLogin })
		for range 25 {
			time.Sleep(25 * time.Second)
			if !c.left() {
				c.send(KindKeepalive, map[string]any{})
			}
		}
		s.wantEnd(true)
	})
}

func TestWaitForLoginKeepsRunRunning(t *testing.T) {
	onStage(t, SessionOptions{WaitForLogin: true}, func(_ *testing.T, s *stage) {
		s.set(func(f *fake) { f.token = errLostLogin })
		s.session.Want(ada(1))
		time.Sleep(time.Hour)
		s.wantEnd(false)
		s.set(func(f *fake) { f.token = nil })
		s.accept().welcome("A")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
	})
}

// While one user can subscribe, the lost login of another is reported as a result only.
func TestOneGoodLoginKeepsRunRunning(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) {
			f.tokenOf = func(userID string) error {
				if userID == "eve" {
					return errLostLogin
				}
				return nil
			}
		})
		s.session.Want(ada(1), ChannelChatMessageCondition{BroadcasterUserID: "1", UserID: "eve"})
		s.accept().welcome("A")
		time.Sleep(time.Minute)
		s.wantEnd(false)
		if r := s.session.Results()[1]; r.Outcome != OutcomeRefused || !loginRequired(r.Err) {
			t.Errorf("result of eve: got %v, want the lost login", r)
		}
		s.session.Unwant(ada(1)) // now nothing that works is wanted
		s.wantEnd(true)
	})
}
