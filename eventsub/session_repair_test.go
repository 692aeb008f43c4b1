package eventsub

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFailedSubscriptionIsRetriedForEver(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) {
			f.refuse = func(t target) error {
				if t.fields["broadcaster_user_id"] == "2" {
					return refusal(500, "try later")
				}
				return nil
			}
		})
		s.session.Want(ada(1), ada(2))
		c := s.accept()
		c.welcome("A")
		for range 120 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		tries := 0
		for _, call := range s.takeCalls() {
			if strings.Contains(call, "=2") {
				tries++
			}
		}
		if tries < 40 || tries > 200 {
			t.Errorf("tries in 50 minutes: got %d, want about one a minute", tries)
		}
		s.set(func(f *fake) { f.refuse = nil })
		for range 3 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		s.wantState("EventSub: connected, 2 of 2 subscriptions")
	})
}

func TestRefusedConditionIsReportedAndRetriedSlowly(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) {
			f.refuse = func(target) error { return refusal(403, "subscription missing proper authorization") }
		})
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		synctest.Wait()
		s.mu.Lock()
		last := s.states[len(s.states)-1]
		s.mu.Unlock()
		if !strings.HasPrefix(last, "EventSub: 0 of 1 subscriptions; subscribe to test.note v1: ") ||
			!strings.Contains(last, "403 Forbidden: subscription missing proper authorization") || !strings.Contains(last, "; trying again in ") {
			t.Errorf("state: got %q", last)
		}
		time.Sleep(10 * time.Second)
		if calls := s.takeCalls(); len(calls) != 1 {
			t.Errorf("in ten seconds: got %q, want one try", calls)
		}
		s.set(func(f *fake) { f.refuse = nil })
		s.session.Want(ada(1)) // for example after a login: tried again at once
		s.accept().welcome("B")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
	})
}

func TestRevokedSubscriptionIsNotCreatedAgain(t *testing.T) {
	var revoked []string
	o := SessionOptions{OnRevoked: func(e *RevokedError) { revoked = append(revoked, e.Error()) }}
	onStage(t, o, func(t *testing.T, s *stage) {
		s.session.Want(ada(1), ada(2))
		c := s.accept()
		c.welcome("A")
		synctest.Wait()
		s.takeCalls()
		s.mu.Lock()
		var gone Subscription
		for _, sub := range s.subs {
			if sub.Condition["broadcaster_user_id"] == "1" {
				gone = sub
				delete(s.subs, sub.ID)
			}
		}
		s.mu.Unlock()
		gone.Status = "authorization_revoked"
		c.send(KindRevocation, map[string]any{"subscription": gone})
		time.Sleep(20 * time.Second)
		s.wantCalls("bot lists") // is the login lost?
		if want := []string{"eventsub: subscription to test.note v1 revoked: authorization_revoked"}; !cmp.Equal(revoked, want) {
			t.Errorf("revoked: got %q, want %q", revoked, want)
		}
		s.session.Want(ada(1))
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A")
	})
}

func TestDisappearedSubscriptionIsFoundByRecheck(t *testing.T) {
	onStage(t, SessionOptions{Recheck: 20 * time.Second}, func(_ *testing.T, s *stage) {
		s.session.Want(ada(1))
		s.accept().welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A")
		s.set(func(f *fake) { clear(f.subs) })
		time.Sleep(20 * time.Second)
		s.wantCalls("bot lists", "bot creates test.note v1 broadcaster_user_id=1 on A")
	})
}
