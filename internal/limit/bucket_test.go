package limit_test

import (
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
	if got := b.Points(now.Add(time.Hour)); got != 60 {
		t.Errorf("after an hour: got %v points, want 60", got)
	}
}

func TestBucketBelievesTheLowerNumber(t *testing.T) {
	now := time.Unix(1000, 0)
	b := limit.NewBucket(100, time.Minute)
	b.Correct(now, 100, 7)
	if got := b.Points(now); got != 7 {
		t.Errorf("server says less: got %v points, want 7", got)
	}
	b.Correct(now, 100, 90)
	if got := b.Points(now); got != 7 {
		t.Errorf("server says more: got %v points, want 7", got)
	}
	b.Correct(now, 3000, 2950)
	if got := b.Points(now); got != 2907 {
		t.Errorf("larger bucket: got %v points, want 2907", got)
	}
	b.Correct(now, 0, 5)
	if got := b.Points(now); got != 5 {
		t.Errorf("unknown size: got %v points, want 5", got)
	}
}

func TestBlockedBucketOpensInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limit.NewBucket(600, time.Minute)
		start := time.Now()
		var wg sync.WaitGroup
		b.Block(start, start.Add(20*time.Second))
		b.Block(start, start.Add(10*time.Second)) // the later one holds
		for range 5 {
			wg.Go(func() {
				if err := b.Wait(t.Context()); err != nil {
					t.Error(err)
				}
				if got := time.Since(start); got != 20*time.Second {
					t.Errorf("got a point after %v, want 20s", got)
				}
			})
		}
		wg.Wait()
		if b.Full(time.Now()) {
			t.Error("Full: got true, want false")
		}
		if !b.Full(time.Now().Add(time.Hour)) {
			t.Error("Full an hour later: got false, want true")
		}
	})
}

// However callers behave, no stretch of time has more events than a full bucket
// and what flows back meanwhile.
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
