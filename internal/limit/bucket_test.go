package limit_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

func TestBucketRefillsEvenly(t *testing.T) {
	b := limit.NewBucket(60, time.Minute)
	now := time.Unix(1000, 0)
	for i := range 60 {
		if _, ok := b.TryTake(now); !ok {
			t.Fatalf("point %d: got none", i)
		}
	}
	wait, ok := b.TryTake(now)
	if ok || wait < time.Second || wait > time.Second+time.Millisecond {
		t.Errorf("empty bucket: got %v, %v, want to wait 1s", wait, ok)
	}
	if _, ok := b.TryTake(now.Add(wait)); !ok {
		t.Errorf("after %v: got no point", wait)
	}
	if got := b.State(now.Add(time.Hour)).Points; got != 60 {
		t.Errorf("after an hour: got %v points, want 60", got)
	}
}

func TestBucketUsesTheLowerNumber(t *testing.T) {
	now := time.Unix(1000, 0)
	b := limit.NewBucket(100, time.Minute)
	b.Correct(now, 100, 7)
	if got := b.State(now).Points; got != 7 {
		t.Errorf("server reports less: got %v points, want 7", got)
	}
	b.Correct(now, 100, 90)
	if got := b.State(now).Points; got != 7 {
		t.Errorf("server reports more: got %v points, want 7", got)
	}
	b.Correct(now, 3000, 2950)
	if got := b.State(now).Points; got != 2907 {
		t.Errorf("larger bucket: got %v points, want 2907", got)
	}
	b.Correct(now, 0, 5)
	if got := b.State(now).Points; got != 5 {
		t.Errorf("unknown size: got %v points, want 5", got)
	}
}

// After a refusal the number of points is unknown; one call finds it out.
func TestRefusedBucketProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limit.NewBucket(60, time.Minute)
		start := time.Now()
		b.Refused(start, start.Add(20*time.Second))
		b.Refused(start, start.Add(10*time.Second)) // the later one holds
		if got := b.State(start); got != (limit.BucketState{Size: 60, Refused: start.Add(20 * time.Second)}) {
			t.Errorf("got %+v, want it shut", got)
		}
		var wg sync.WaitGroup
		var got [5]time.Duration
		for i := range got {
			wg.Go(func() {
				if _, err := b.Wait(t.Context(), 0); err != nil {
					t.Error(err)
				}
				got[i] = time.Since(start).Round(time.Millisecond)
			})
			synctest.Wait()
		}
		time.Sleep(21500 * time.Millisecond)
		b.Correct(time.Now(), 60, 50) // callers that still wait may proceed
		wg.Wait()
		want := [5]time.Duration{20 * time.Second, 21 * time.Second, 21500 * time.Millisecond, 21500 * time.Millisecond, 21500 * time.Millisecond}
		if got != want {
			t.Errorf("got points after %v, want %v", got, want)
		}
		if b.Full(time.Now()) {
			t.Error("Full: got true, want false")
		}
		if !b.Full(time.Now().Add(time.Hour)) {
			t.Error("Full an hour later: got false, want true")
		}
	})
}

// Clients that share a bucket without coordination get equal shares.
func TestBucketIsSharedFairly(t *testing.T) {
	for _, clients := range []int{1, 2, 5} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			got, refused := make([]int, clients), make([]int, clients)
			var mu sync.Mutex
			left := 800.0
			at := time.Now()
			var wg sync.WaitGroup
			for i := range clients {
				b := limit.NewBucket(800, time.Minute)
				wg.Go(func() {
					time.Sleep(time.Duration(i) * 7 * time.Second) // the first has drained it by then
					for {
						number, err := b.Wait(ctx, 0)
						if err != nil {
							return
						}
						time.Sleep(20 * time.Millisecond) // on the way
						mu.Lock()
						now := time.Now()
						left = min(800, left+now.Sub(at).Minutes()*800)
						at = now
						if left >= 1 {
							left--
							got[i]++
							b.Answered(now, number, 800, int(left))
						} else {
							refused[i]++
							b.Refused(now, now.Add(time.Minute))
						}
						mu.Unlock()
					}
				})
			}
			wg.Wait()
			total := 0
			for i := range got {
				total += got[i]
				if share := 10 * 800 / clients; got[i] < share*7/10 {
					t.Errorf("client %d of %d: got %d, want about %d (%v, refused %v)", i, clients, got[i], share, got, refused)
				}
				if refused[i] > 0 {
					t.Errorf("client %d of %d: got %d refusals, want 0", i, clients, refused[i])
				}
			}
			if most := 11 * 800; total < most*95/100 {
				t.Errorf("%d clients: got %d points, want at least 95%% of %d", clients, total, most)
			}
		})
	}
}

func TestStaleAnswersAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limit.NewBucket(800, time.Minute)
		points := func() float64 { return b.State(time.Now()).Points }
		take := func() uint64 {
			n, err := b.Wait(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		first, second := take(), take()
		b.Answered(time.Now(), second, 800, 500)
		b.Answered(time.Now(), first, 800, 3)
		if got := points(); got != 499 { // the first may not be in it
			t.Errorf("got %v points, want 499", got)
		}
		third, fourth, fifth := take(), take(), take()
		b.Answered(time.Now(), third, 800, 400)
		if got := points(); got != 398 {
			t.Errorf("with two on the way: got %v points, want 398", got)
		}
		b.Answered(time.Now(), fifth, 0, 0)
		if got := points(); got != 398 {
			t.Errorf("without headers: got %v points, want 398", got)
		}
		// A response from before a refusal does not change the state after it.
		b.Refused(time.Now(), time.Now().Add(30*time.Second))
		b.Answered(time.Now(), fourth, 800, 799)
		time.Sleep(30 * time.Second)
		if got := points(); got != 1 {
			t.Errorf("after a refusal: got %v points, want 1", got)
		}
		b.Answered(time.Now(), take(), 800, 700)
		if got := points(); got != 700 {
			t.Errorf("after the first answer: got %v points, want 700", got)
		}
	})
}

// With any behaviour of the callers, no stretch of time has more events than the points
// of a full bucket and those refilled meanwhile.
func TestBucketBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 20).Draw(t, "size")
		b := limit.NewBucket(size, time.Second)
		now := time.Unix(0, 0)
		var taken []time.Time
		for range 80 {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "ms")) * time.Millisecond)
			if _, ok := b.TryTake(now); ok {
				taken = append(taken, now)
			}
			for i, first := range taken {
				most := float64(size) * (1 + now.Sub(first).Seconds())
				if got := len(taken) - i; float64(got) > math.Floor(most+1e-6) {
					t.Fatalf("%d events within %v of a bucket of %d per second", got, now.Sub(first), size)
				}
			}
		}
	})
}
