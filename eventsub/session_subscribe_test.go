package eventsub

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadyWaitsForEveryAnswer(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.refuse = refuseBroadcaster("2") })
		s.session.Want(ada(1), ada(2))
		ready := make(chan error, 1)
		go func() { ready <- s.session.Ready(t.Context()) }()
		synctest.Wait()
		select {
		case err := <-ready:
			t.Fatalf("ready before the welcome: %v", err)
		default:
		}
		s.accept().welcome("A")
		if err := <-ready; err != nil {
			t.Errorf("Ready: %v", err)
		}
		if err := s.session.Ready(t.Context()); err != nil {
			t.Errorf("a second Ready: %v", err)
		}
		results := s.session.Results()
		if results[0].Outcome != OutcomeSubscribed || results[1].Outcome != OutcomeRefused {
			t.Errorf("results: got %v", results)
		}
	})
}

func TestReadyEndsWithRunAndContext(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.session.Ready(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the error of the context", err)
		}
		ready := make(chan error, 1)
		go func() { ready <- s.session.Ready(t.Context()) }()
		synctest.Wait()
		s.stop()
		if err := <-ready; !errors.Is(err, ErrEnded) {
			t.Errorf("got %v, want ErrEnded", err)
		}
	})
}

func TestSubscribeReturnsAResultForEach(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.refuse = refuseBroadcaster("2") })
		results, err := s.subscribe(ada(1), ada(2), ada(3))
		if err != nil || len(results) != 3 {
			t.Fatalf("got %v, %v", results, err)
		}
		for i, want := range []Outcome{OutcomeSubscribed, OutcomeRefused, OutcomeSubscribed} {
			if results[i].Outcome != want {
				t.Errorf("result %d: got %v, want %s", i, results[i], want)
			}
		}
	})
}

func TestDeleteAndForgetBySubscription(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		results, err := s.subscribe(ada(1), ada(2))
		if err != nil {
			t.Fatal(err)
		}
		s.takeCalls()
		if err := s.session.Delete(t.Context(), "unknown"); !errors.Is(err, ErrNotSubscribed) {
			t.Errorf("an unknown id: got %v", err)
		}
		if err := s.session.Delete(t.Context(), results[0].SubscriptionID); err != nil {
			t.Errorf("Delete: %v", err)
		}
		synctest.Wait()
		s.wantCalls("bot deletes " + results[0].SubscriptionID)

		if err := s.session.Forget(results[1].SubscriptionID); err != nil {
			t.Errorf("Forget: %v", err)
		}
		time.Sleep(time.Hour)
		s.wantCalls()
		if n := len(s.session.Wanted()); n != 0 {
			t.Errorf("wanted: got %d conditions, want 0", n)
		}
	})
}

func TestAFailedDeleteKeepsTheCondition(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		results, err := s.subscribe(ada(1))
		if err != nil {
			t.Fatal(err)
		}
		s.set(func(f *fake) { f.keep = refusal(http.StatusInternalServerError, "later") })
		if err := s.session.Delete(t.Context(), results[0].SubscriptionID); err == nil {
			t.Error("Delete: got no error")
		}
		if n := len(s.session.Wanted()); n != 1 {
			t.Errorf("wanted: got %d conditions, want 1", n)
		}
	})
}

func TestUnwantUser(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1), ada(2), StreamOnlineCondition{BroadcasterUserID: "1"})
		s.session.UnwantUser("1")
		if got := s.session.Wanted(); len(got) != 1 || got[0] != Condition(ada(2)) {
			t.Errorf("wanted: got %v", got)
		}
	})
}

// refuseBroadcaster refuses the conditions of one broadcaster.
func refuseBroadcaster(id string) func(t target) error {
	return func(t target) error {
		if t.fields["broadcaster_user_id"] == id {
			return refusal(http.StatusForbidden, "subscription missing proper authorization")
		}
		return nil
	}
}

// subscribe calls Subscribe and welcomes the connection.
func (s *stage) subscribe(conditions ...Condition) (results []Result, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		results, err = s.session.Subscribe(s.t.Context(), conditions...)
	}()
	s.accept().welcome("A")
	<-done
	return results, err
}
