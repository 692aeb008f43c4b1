package eventsub

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var errNoLogin = errors.New("token of user bot: not logged in")

func TestUserWithoutATokenGetsNoConnectionAndNoGap(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.token = errNoLogin })
		s.session.Want(ada(1), ada(2))
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := s.session.Stats(); got.Connections != 0 || got.Gaps != 0 || len(s.conns) != 0 {
			t.Errorf("after an hour: got %+v, want no connection and no gap", got)
		}
		s.wantCalls()
		for _, r := range s.session.Results() {
			if r.Outcome != OutcomeRefused || !errors.Is(r.Err, errNoLogin) || r.RetryAt.Before(time.Now()) {
				t.Errorf("result: got %v, want the reason and when it is tried again", r)
			}
		}
		s.mu.Lock()
		last := s.states[len(s.states)-1]
		s.mu.Unlock()
		if !strings.HasPrefix(last, "EventSub: 0 of 2 subscriptions; token of user bot: not logged in; trying again in ") {
			t.Errorf("state: got %q", last)
		}

		s.set(func(f *fake) { f.token = nil }) // a login is found without a call of Want
		start := time.Now()
		s.accept().welcome("A")
		if took := time.Since(start); took > time.Minute {
			t.Errorf("connected %v after the login, want a minute at most", took)
		}
		s.wantState("EventSub: connected, 2 of 2 subscriptions")
	})
}

func TestLoginIsUsedAtOnceWhenWantedAgain(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.token = errNoLogin })
		s.session.Want(ada(1))
		time.Sleep(time.Hour)
		s.set(func(f *fake) { f.token = nil })
		start := time.Now()
		s.session.Want(ada(1))
		s.accept().welcome("A")
		if took := time.Since(start); took > 0 {
			t.Errorf("connected after %v, want at once", took)
		}
	})
}

// The token is checked before each connection, not only before the first.
func TestTokenLostWithTheConnectionEndsReconnecting(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		time.Sleep(5 * time.Second)
		s.set(func(f *fake) { f.token = errNoLogin; clear(f.subs) })
		c.close(4006)
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := s.session.Stats(); got.Connections != 1 || got.Gaps != 0 {
			t.Errorf("after an hour: got %+v, want one connection and no gap yet", got)
		}
		s.set(func(f *fake) { f.token = nil })
		s.accept().welcome("B")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.gaps) != 1 || s.gaps[0].Session != "A" || s.gaps[0].To.Sub(s.gaps[0].From) < time.Hour {
			t.Errorf("gaps: got %+v, want one of an hour", s.gaps)
		}
	})
}
