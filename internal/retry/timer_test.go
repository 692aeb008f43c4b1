package retry_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

func TestTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		timer := retry.NewTimer()
		defer timer.Stop()
		rings := func(within time.Duration) (time.Duration, bool) {
			select {
			case <-timer.C:
				return time.Since(start).Truncate(time.Second), true
			case <-time.After(within):
				return 0, false
			}
		}
		if _, rang := rings(24 * time.Hour); rang {
			t.Error("a new timer rings")
		}
		start = time.Now()
		timer.Set(start.Add(time.Minute))
		timer.Set(start.Add(time.Second))
		if after, rang := rings(time.Hour); !rang || after != time.Second {
			t.Errorf("rings after %s, want %s", after, time.Second)
		}
		start = time.Now()
		timer.Set(start.Add(-time.Second))
		if after, rang := rings(time.Hour); !rang || after != 0 {
			t.Errorf("set to a time that has passed it rings after %s (%t), want at once", after, rang)
		}
		timer.Set(start.Add(time.Minute))
		timer.Set(time.Time{})
		if _, rang := rings(24 * time.Hour); rang {
			t.Error("rings although it was set to the zero time")
		}
	})
}

// Timers for times that have passed must not crash the race detector.
func TestTimersOfManyGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				timer := retry.NewTimer()
				defer timer.Stop()
				for range 2000 {
					timer.Set(time.Now())
					<-timer.C
				}
			})
		}
		all.Wait()
	})
}
