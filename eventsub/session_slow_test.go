package eventsub

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

// slow returns a filter for the targets of some broadcasters.
func slow(broadcasters ...string) func(t target) bool {
	return func(t target) bool { return slices.Contains(broadcasters, t.fields["broadcaster_user_id"]) }
}

func TestSlowFirstSubscriptionDoesNotStarveTheRest(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.hang = slow("1") })
		s.session.Want(ada(1), ada(2), ada(3))
		c := s.accept()
		c.welcome("A")
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if got := s.session.Results(); got[1].Outcome != OutcomeSubscribed || got[2].Outcome != OutcomeSubscribed {
			t.Errorf("after 4 s: got %v, want the second and third subscribed", got)
		}
		for range 60 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		if got := s.session.Stats(); got.Connections != 1 {
			t.Errorf("in 25 minutes: got %d connections, want one", got.Connections)
		}
	})
}

// A subscription that was slow in one session is not the first to be tried in the next.
func TestNextSessionBeginsWithAnotherSubscription(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.hang = func(target) bool { return true } })
		s.session.Want(ada(1), ada(2))
		var first []string
		for i := range 4 {
			c := s.accept()
			c.welcome(fmt.Sprint("S", i))
			synctest.Wait()
			calls := s.takeCalls()
			if len(calls) != 1 {
				t.Fatalf("session %d: got %q, want one attempt at first", i, calls)
			}
			first = append(first, calls[0])
			time.Sleep(2500 * time.Millisecond) // the second is not tried in this time
			c.close(connection.CodeUnused)
			s.takeCalls()
		}
		for i := range first[1:] {
			if before, after := strings.Fields(first[i])[4], strings.Fields(first[i+1])[4]; before == after {
				t.Errorf("session %d began with %s, as the one before", i+1, after)
			}
		}
	})
}
