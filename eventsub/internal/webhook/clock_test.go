package webhook

import (
	"math/rand/v2"
	"testing"
	"time"
)

// With any error of the clock and any delays, the corrected age is never higher than the
// true one. If the clock is ahead, it is lower by the time of one request at most, once a
// challenge has arrived.
func TestClockNeverMakesMessagesOlder(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 2))
		var c Clock
		now := time.Unix(1_800_000_000, 0)
		ahead := time.Duration(r.Int64N(int64(4*time.Hour))) - 2*time.Hour
		var request time.Duration // the longest request that carried a challenge
		for i := range 1000 {
			now = now.Add(time.Duration(r.Int64N(int64(10 * time.Minute))))
			age := time.Duration(r.Int64N(int64(time.Second)))
			if i == 0 || r.IntN(50) == 0 {
				request = max(request, age)
				c.ObservePrompt(now.Add(-age), now.Add(ahead))
				continue
			}
			if r.IntN(3) == 0 {
				age = time.Duration(r.Int64N(int64(time.Hour)))
			}
			sent := now.Add(-age)
			c.Observe(sent, now.Add(ahead))
			if got := c.Age(sent, now.Add(ahead)); got > age {
				t.Fatalf("seed %d: %s ahead: age is %s, want at most %s", seed, ahead, got, age)
			}
			if got := c.Ahead(); got > max(ahead, 0)+request {
				t.Fatalf("seed %d: ahead is %s, want %s", seed, got, ahead)
			}
		}
	}
}

func TestClockWithoutObservations(t *testing.T) {
	var c Clock
	now := time.Unix(1_800_000_000, 0)
	if got := c.Age(now.Add(-time.Hour), now); got != time.Hour || c.Ahead() != 0 {
		t.Errorf("got an age of %s and %s ahead, want an hour and 0", got, c.Ahead())
	}
}
