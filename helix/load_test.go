package helix_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// far is a network on which every request and every answer takes its own time, so
// that answers overtake each other. It counts what comes back.
type far struct {
	next             http.RoundTripper
	answers, refused atomic.Int64
}

func (f *far) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(rand.N(100 * time.Millisecond))
	res, err := f.next.RoundTrip(r)
	time.Sleep(rand.N(100 * time.Millisecond))
	if err == nil && res.StatusCode == http.StatusTooManyRequests {
		f.refused.Add(1)
	} else if err == nil {
		f.answers.Add(1)
	}
	return res, err
}

// crowd calls Twitch with far more than it allows, until ctx ends: some in a row,
// some now and then, with pauses in which the bucket fills.
func crowd(ctx context.Context, t *testing.T, c *helix.Client, user string, size int) {
	var wg sync.WaitGroup
	for i := range size {
		wg.Go(func() {
			for ctx.Err() == nil {
				_, err := c.Users.Get(ctx, helix.GetUsersParams{IDs: []string{user}})
				if err != nil && ctx.Err() == nil {
					if _, late := ctx.Deadline(); !late {
						t.Error(err)
					}
					return
				}
				if i%2 == 0 {
					select {
					case <-time.After(rand.N(20 * time.Second)):
					case <-ctx.Done():
					}
				}
			}
		})
	}
	wg.Wait()
}

// For a day somebody wants more than Twitch gives: nothing is refused, and next to
// nothing of what Twitch gives is left.
func TestADayWithinTheLimit(t *testing.T) {
	const perMinute = 40
	day := 24 * time.Hour
	if testing.Short() {
		day = time.Hour
	}
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.User("ada"), emulator.InMemory(), emulator.RateLimit(perMinute))
		net := &far{next: tw.HTTPClient().Transport}
		c := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()),
			helix.Options{HTTPClient: &http.Client{Transport: net}, BaseURL: tw.HelixURL()})
		ctx, cancel := context.WithTimeout(t.Context(), day)
		defer cancel()
		crowd(ctx, t, c, tw.UserID("ada"), 20)
		if got := net.refused.Load(); got != 0 {
			t.Errorf("got %d refusals, want 0", got)
		}
		budget := perMinute * (day.Minutes() + 1)
		if got := float64(net.answers.Load()); got < 0.95*budget {
			t.Errorf("got %v answers, want at least 95%% of %v", got, budget)
		} else {
			t.Logf("used %.1f%% of the budget", 100*got/budget)
		}
		tw.HTTPClient().CloseIdleConnections()
	})
}

// Two clients that know nothing of each other share a bucket.
func TestTwoClientsDoNotStarveEachOther(t *testing.T) {
	const perMinute = 800
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.User("ada"), emulator.InMemory(), emulator.RateLimit(perMinute))
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
		defer cancel()
		var nets [2]*far
		var wg sync.WaitGroup
		for i := range nets {
			nets[i] = &far{next: tw.HTTPClient().Transport}
			c := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()),
				helix.Options{HTTPClient: &http.Client{Transport: nets[i]}, BaseURL: tw.HelixURL()})
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Minute) // the first has drained the bucket by then
				crowd(ctx, t, c, tw.UserID("ada"), 40)
			})
		}
		wg.Wait()
		total := 0.0
		for i, n := range nets {
			got := float64(n.answers.Load())
			total += got
			t.Logf("client %d: %v answers, %d refusals", i, got, n.refused.Load())
			if share := perMinute * 14.0 / 2; got < 0.7*share {
				t.Errorf("client %d: got %v answers, want about %v", i, got, share)
			}
			if refused := float64(n.refused.Load()); refused > 0.01*got {
				t.Errorf("client %d: got %v refusals of %v, want hardly any", i, refused, got)
			}
		}
		if budget := perMinute * 16.0; total < 0.95*budget {
			t.Errorf("got %v answers, want at least 95%% of %v", total, budget)
		}
		tw.HTTPClient().CloseIdleConnections()
	})
}
