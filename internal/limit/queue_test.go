package limit_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// inLine starts waiters one after the other, waits for all of them, and returns the
// order in which they were served.
func inLine(t *testing.T, wait func(ctx context.Context, p limit.Priority) error, done func(), priorities ...limit.Priority) (order []int) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, p := range priorities {
		wg.Go(func() {
			if err := wait(t.Context(), p); err != nil {
				t.Error(err)
			}
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
			done()
		})
		synctest.Wait()
	}
	wg.Wait()
	return order
}

func TestHigherPriorityIsServedFirst(t *testing.T) {
	priorities := []limit.Priority{0, 0, -1, 1, 0, 1, 2}
	want := []int{0, 6, 3, 5, 1, 4, 2}
	synctest.Test(t, func(t *testing.T) {
		b := limit.NewBucket(1, time.Second)
		wait := func(ctx context.Context, p limit.Priority) error {
			_, err := b.Wait(ctx, p)
			return err
		}
		if got := inLine(t, wait, func() {}, priorities...); !slices.Equal(got, want) {
			t.Errorf("bucket: got order %v, want %v", got, want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		g := limit.NewGate(limit.NewWindow(1, time.Second))
		if got := inLine(t, g.Wait, func() {}, priorities...); !slices.Equal(got, want) {
			t.Errorf("gate: got order %v, want %v", got, want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := limit.NewSlots(1)
		release := func() {
			time.Sleep(time.Second)
			s.Release()
		}
		if got := inLine(t, s.Acquire, release, priorities...); !slices.Equal(got, want) {
			t.Errorf("slots: got order %v, want %v", got, want)
		}
		if used, waiting := s.Used(); used != 0 || waiting != 0 {
			t.Errorf("got %d used and %d waiting, want none", used, waiting)
		}
	})
}

// A caller that is overtaken until its deadline cannot be met gets the error at once.
func TestOvertakenGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limit.NewBucket(1, 10*time.Second)
		if _, err := b.Wait(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := b.Wait(ctx, 0); !errors.Is(err, limit.ErrDeadline) || time.Since(start) != 3*time.Second {
				t.Errorf("got %v after %v, want %v after 3s", err, time.Since(start), limit.ErrDeadline)
			}
		})
		time.Sleep(3 * time.Second)
		wg.Go(func() {
			if _, err := b.Wait(t.Context(), 1); err != nil {
				t.Error(err)
			}
			if got := time.Since(start).Round(time.Millisecond); got != 10*time.Second {
				t.Errorf("the higher one waited %v, want 10s", got)
			}
		})
		wg.Wait()
	})
}

func TestSlotsLimitConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := limit.NewSlots(3)
		var wg sync.WaitGroup
		most, start := 0, time.Now()
		var mu sync.Mutex
		for range 12 {
			wg.Go(func() {
				if err := s.Acquire(t.Context(), 0); err != nil {
					t.Error(err)
				}
				defer s.Release()
				used, _ := s.Used()
				mu.Lock()
				most = max(most, used)
				mu.Unlock()
				time.Sleep(time.Second)
			})
		}
		synctest.Wait()
		if used, waiting := s.Used(); used != 3 || waiting != 9 {
			t.Errorf("got %d used and %d waiting, want 3 and 9", used, waiting)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if err := s.Acquire(ctx, 0); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, limit.ErrDeadline) {
			t.Errorf("got %v, want the context's error, because the time of the next free slot is unknown", err)
		}
		wg.Wait()
		if got := time.Since(start); got != 4*time.Second || most != 3 {
			t.Errorf("got %v and %d at a time, want 4s and 3", got, most)
		}
	})
}

// A place is taken in all windows of a gate or in none.
func TestGate(t *testing.T) {
	now := time.Unix(1000, 0)
	channel := limit.NewWindow(2, 10*time.Second)
	ada := limit.NewGate(channel, limit.NewWindow(1, time.Minute))
	bob := limit.NewGate(channel, limit.NewWindow(1, time.Minute))
	for i, tc := range []struct {
		gate *limit.Gate
		at   time.Duration
		wait time.Duration
	}{
		{ada, 0, 0},
		{ada, 0, time.Minute},
		{ada, 15 * time.Second, 45 * time.Second},
		{bob, 15 * time.Second, 0}, // refused events took no place
		{bob, 80 * time.Second, 0},
		{ada, 80 * time.Second, 0},
		{ada, 80 * time.Second, time.Minute},
	} {
		at := now.Add(tc.at)
		if got, ok := tc.gate.TryTake(at); got != tc.wait || ok != (tc.wait == 0) {
			t.Errorf("%d: got %v, %v, want %v", i, got, ok, tc.wait)
		}
	}
	open := limit.NewGate()
	open.Shut(now.Add(3 * time.Second))
	open.Shut(now)
	if got, ok := open.TryTake(now); got != 3*time.Second || ok {
		t.Errorf("shut: got %v, %v, want 3s", got, ok)
	}
	if s := open.State(now); s != (limit.GateState{Wait: 3 * time.Second}) {
		t.Errorf("shut: got %+v", s)
	}
	if s := open.State(now.Add(3 * time.Second)); s != (limit.GateState{Idle: true}) {
		t.Errorf("open again: got %+v", s)
	}
}
