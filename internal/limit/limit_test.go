package limit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ExampleWindow() {
	w := limit.NewWindow(2, 10*time.Second)
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, second := range []int{0, 4, 5, 10, 11, 14} {
		wait, ok := w.TryTake(start.Add(time.Duration(second) * time.Second))
		fmt.Println(second, ok, wait)
	}
	// Output:
	// 0 true 0s
	// 4 true 0s
	// 5 false 5s
	// 10 true 0s
	// 11 false 3s
	// 14 true 0s
}

func TestWindowNeverLetsMoreThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		per := 100 * time.Millisecond
		w := limit.NewWindow(n, per)
		now := time.Unix(0, 0)
		var taken []time.Time
		for range 60 {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "ms")) * time.Millisecond)
			under := rapid.IntRange(1, n).Draw(t, "under")
			used := 0
			for _, at := range taken {
				if at.Add(per).After(now) {
					used++
				}
			}
			wait, ok := w.TryTakeUnder(now, under)
			if want := used < under; ok != want {
				t.Fatalf("%d of %d used: got %v, want %v", used, under, ok, want)
			}
			if ok {
				taken = append(taken, now)
				continue
			}
			if _, early := w.TryTakeUnder(now.Add(wait-1), under); early {
				t.Fatalf("there was room before the returned %v", wait)
			}
			if _, onTime := w.TryTakeUnder(now.Add(wait), under); !onTime {
				t.Fatalf("there was no room after the returned %v", wait)
			}
			now = now.Add(wait)
			taken = append(taken, now)
		}
	})
}

func TestWindowServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := limit.NewWindow(2, 10*time.Second)
		start := time.Now()
		var got [6]time.Duration
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				if err := w.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				got[i] = time.Since(start)
			})
			synctest.Wait()
		}
		wg.Wait()
		want := [6]time.Duration{0, 0, 10 * time.Second, 10 * time.Second, 20 * time.Second, 20 * time.Second}
		if got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// A caller that waits under a low limit does not delay callers with a higher one.
func TestWindowHigherLimitOvertakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := limit.NewWindow(5, 30*time.Second)
		for range 2 {
			if err := w.WaitUnder(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		done := make(chan time.Duration, 1)
		go func() {
			if err := w.WaitUnder(t.Context(), 2); err != nil {
				t.Error(err)
			}
			done <- time.Since(start)
		}()
		synctest.Wait()
		if err := w.Wait(t.Context()); err != nil || time.Since(start) != 0 {
			t.Errorf("higher limit: got %v after %v, want room at once", err, time.Since(start))
		}
		// At 30 s the first two are gone and the third, of the higher limit, too.
		if got := <-done; got != 30*time.Second {
			t.Errorf("lower limit: got room after %v, want 30s", got)
		}
	})
}

func TestWaitGivesUpAtOnceBeforeTheDeadline(t *testing.T) {
	for name, l := range map[string]func() func(ctx context.Context) error{
		"window": func() func(ctx context.Context) error { return limit.NewWindow(1, 10*time.Second).Wait },
		"bucket": func() func(ctx context.Context) error {
			b := limit.NewBucket(1, 10*time.Second)
			return func(ctx context.Context) error {
				_, err := b.Wait(ctx, 0)
				return err
			}
		},
		"gate": func() func(ctx context.Context) error {
			g := limit.NewGate(limit.NewWindow(5, time.Second), limit.NewWindow(1, 10*time.Second))
			return func(ctx context.Context) error { return g.Wait(ctx, 0) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wait := l()
				if err := wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				wg.Go(func() { // will have its turn after 10 s
					if err := wait(t.Context()); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
				defer cancel()
				err := wait(ctx) // would have its turn after 20 s
				if !errors.Is(err, limit.ErrDeadline) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error: got %v, want %v", err, limit.ErrDeadline)
				}
				if waited := time.Since(start); waited != 0 {
					t.Errorf("waited %v, want 0", waited)
				}
				if d, ok := limit.WaitOf(err); !ok || d < 20*time.Second || d > 21*time.Second {
					t.Errorf("would have waited %v, %v, want 20s", d, ok)
				}
				wg.Wait()
			})
		})
	}
}

func TestCancelledWaitUsesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := limit.NewWindow(1, 10*time.Second)
		if err := w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := w.Wait(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want %v", err, context.Canceled)
				}
			})
		}
		synctest.Wait()
		if err := w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("room after %v, want 10s", got)
		}
		wg.Wait()
		if err := w.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("ended before: got %v, want %v", err, context.Canceled)
		}
	})
}

func TestNonPositiveLimitIsUnlimited(t *testing.T) {
	w, b := limit.NewWindow(0, time.Second), limit.NewBucket(0, time.Second)
	for range 1000 {
		_, err := b.Wait(t.Context(), 0)
		if err := errors.Join(w.Wait(t.Context()), err); err != nil {
			t.Fatal(err)
		}
	}
}
