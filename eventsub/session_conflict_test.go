package eventsub

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// broadcaster1 is the condition of ada(1).
var broadcaster1 = map[string]string{"broadcaster_user_id": "1"}

func TestSubscriptionOfAnotherProgramIsKept(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		var foreign string
		s.set(func(f *fake) {
			foreign = f.add(noteType, broadcaster1, "foreign", statusEnabled)
			f.add(noteType, map[string]string{"broadcaster_user_id": "7"}, "foreign", statusEnabled)
			f.add(noteType, map[string]string{"broadcaster_user_id": "8"}, "foreign", "websocket_disconnected")
		})
		s.session.Want(ada(1), ada(2))
		c := s.accept()
		c.welcome("A")
		synctest.Wait()
		r := s.session.Results()[0]
		conflict, ok := errors.AsType[*ConflictError](r.Err)
		if r.Outcome != OutcomeRefused || !ok || conflict.SessionID != "foreign" || conflict.Subscription.ID != foreign || r.RetryAt.IsZero() {
			t.Errorf("result: got %v, want a refusal that names the session, and when it is tried again", r)
		}
		if _, ok := errors.AsType[*ConflictError](s.session.Results()[1].Err); ok || s.session.Results()[1].Outcome != OutcomeSubscribed {
			t.Errorf("result: got %v, want it subscribed", s.session.Results()[1])
		}
		for range 40 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		tries := 0
		for _, call := range s.takeCalls() {
			if strings.Contains(call, "deletes") {
				t.Errorf("got the call %q, want no deletion", call)
			}
			if strings.Contains(call, "creates") {
				tries++
			}
		}
		if tries < 15 || tries > 60 {
			t.Errorf("in 17 minutes: got %d attempts, want about two a minute", tries)
		}
		s.set(func(f *fake) { delete(f.subs, foreign) }) // the other program ends
		for range 3 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		s.wantState("EventSub: connected, 2 of 2 subscriptions")
	})
}

func TestTakeOverReplacesTheOtherProgramsSubscription(t *testing.T) {
	onStage(t, SessionOptions{TakeOver: true}, func(_ *testing.T, s *stage) {
		s.set(func(f *fake) {
			f.add(noteType, broadcaster1, "foreign", statusEnabled)
			f.add(noteType, map[string]string{"broadcaster_user_id": "7"}, "foreign", statusEnabled)
		})
		s.session.Want(ada(1))
		s.accept().welcome("A")
		s.wantCalls(
			"bot creates test.note v1 broadcaster_user_id=1 on A", "bot lists", "bot deletes sub1",
			"bot creates test.note v1 broadcaster_user_id=1 on A",
		)
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
	})
}

func TestDeadSubscriptionIsReplacedOnConflict(t *testing.T) {
	for name, dead := range map[string]struct{ session, status string }{
		"status not enabled":            {"foreign", "websocket_disconnected"},
		"session of an earlier run":     {"before", statusEnabled},
		"session that ended in the run": {"A", statusEnabled},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, SessionOptions{FormerSessions: []string{"before"}}, func(_ *testing.T, s *stage) {
				s.session.Want(ada(2))
				c := s.accept()
				c.welcome("A")
				synctest.Wait()
				s.set(func(f *fake) { clear(f.subs) })
				c.close(4006)
				c = s.accept()
				c.welcome("B")
				synctest.Wait()
				s.takeCalls()
				s.set(func(f *fake) { f.serial = 10; f.add(noteType, broadcaster1, dead.session, dead.status) })
				s.session.Want(ada(1))
				s.wantCalls(
					"bot creates test.note v1 broadcaster_user_id=1 on B", "bot lists", "bot deletes sub11",
					"bot creates test.note v1 broadcaster_user_id=1 on B",
				)
				s.wantState("EventSub: connected, 2 of 2 subscriptions")
			})
		})
	}
}

func TestOwnSubscriptionIsAdoptedOnConflict(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		s.set(func(f *fake) { f.add(noteType, broadcaster1, "A", statusEnabled) })
		s.session.Want(ada(1))
		s.accept().welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A", "bot lists")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
	})
}

func TestRateLimitDeletesNothing(t *testing.T) {
	onStage(t, SessionOptions{TakeOver: true, FormerSessions: []string{"before"}}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) {
			f.add(noteType, broadcaster1, "foreign", statusEnabled)
			f.add(noteType, broadcaster1, "foreign", "websocket_disconnected")
			f.add(noteType, broadcaster1, "before", statusEnabled)
			f.refuse = func(t target) error {
				if t.fields["broadcaster_user_id"] == "1" {
					return refusal(429, "subscription max total cost exceeded")
				}
				return nil
			}
		})
		s.session.Want(ada(2), ada(1))
		c := s.accept()
		c.welcome("A")
		for range 40 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		for _, call := range s.takeCalls() {
			if !strings.Contains(call, "creates") && !strings.Contains(call, "lists") {
				t.Errorf("got the call %q, want no deletion", call)
			}
		}
		if r := s.session.Results()[1]; r.Outcome != OutcomeRefused || !strings.Contains(r.Err.Error(), "subscription max total cost exceeded") {
			t.Errorf("result: got %v, want Twitch's reason", r)
		}
	})
}
