package catchup_test

import (
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
)

// Conditions that share a call of a slow Twitch stopped the time of a synctest bubble:
// one held a mutex during the call, and the others waited for it.
func TestSharedCallsLetTimePass(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tw.FailRequests(emulator.RequestFault{Method: "GET", Path: "/helix/", Delay: 5 * time.Second, Times: 100})
		c := catchup.New(w.client, catchup.Options{})
		var calls sync.WaitGroup
		for _, condition := range []eventsub.Condition{
			eventsub.StreamOnlineCondition{BroadcasterUserID: w.ada},
			eventsub.StreamOfflineCondition{BroadcasterUserID: w.ada},
		} {
			calls.Go(func() {
				missed := eventsub.Missed{Condition: condition, UserID: w.ada, To: time.Now()}
				if _, err := c.Recover(w.t.Context(), missed); err != nil {
					t.Errorf("%s: got %v", condition.Type(), err)
				}
			})
		}
		calls.Wait()
	})
}
