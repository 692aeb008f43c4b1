package limit

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Window allows n events within any stretch of time of a given length. It is
// exact: unlike a token bucket it never lets 2n events through around a refill.
// This matters for limits with a penalty.
type Window struct {
	n   int
	per time.Duration

	mu     sync.Mutex
	taken  []time.Time    // guarded by mu; ascending, the latest n
	queues map[int]*queue // guarded by mu; per limit that callers wait under
}

// NewWindow returns a window of n events per stretch of time. If either is not
// positive, the window limits nothing.
func NewWindow(n int, per time.Duration) *Window {
	return &Window{n: n, per: per, queues: map[int]*queue{}}
}

// TryTake takes a place if one is free now. Otherwise it takes nothing and
// returns after how long one will be free.
func (w *Window) TryTake(now time.Time) (wait time.Duration, ok bool) {
	return w.TryTakeUnder(now, w.n)
}

// TryTakeUnder is [Window.TryTake] under a lower limit: the events of all callers
// count, but this one finds room only while fewer than n were taken. Chat is
// limited that way: moderators may send more messages, and these count against their
// lower limit in channels where they are not moderators.
func (w *Window) TryTakeUnder(now time.Time, n int) (wait time.Duration, ok bool) {
	if w.unlimited() {
		return 0, true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now)
	if d := w.due(now, w.under(n), 0); d > 0 {
		return d, false
	}
	w.add(now)
	return 0, true
}

// Room returns how long it takes from now until there is room for one event.
func (w *Window) Room(now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.room(now, 0)
}

// room returns how long it takes until there is room for one event after others
// that are ahead. The caller holds mu.
func (w *Window) room(now time.Time, ahead int) time.Duration {
	if w.unlimited() {
		return 0
	}
	w.forget(now)
	return w.due(now, w.n, ahead)
}

// add takes a place. The caller holds mu and has found that there is room.
func (w *Window) add(now time.Time) {
	if w.unlimited() {
		return
	}
	i, _ := slices.BinarySearchFunc(w.taken, now, time.Time.Compare) // clocks may step back
	w.taken = slices.Insert(w.taken, i, now)
}

// Wait takes the next free place and returns when its time has come. It returns
// [ErrDeadline] at once when ctx would end earlier; then no place is used.
func (w *Window) Wait(ctx context.Context) error { return w.WaitUnder(ctx, w.n) }

// WaitUnder is [Window.Wait] under a lower limit, see [Window.TryTakeUnder].
// Callers with the same limit are served in order; callers with another limit may
// overtake them.
func (w *Window) WaitUnder(ctx context.Context, n int) error {
	if w.unlimited() {
		return context.Cause(ctx)
	}
	n = w.under(n)
	w.mu.Lock()
	q := w.queues[n]
	if q == nil {
		q = &queue{}
		w.queues[n] = q
	}
	w.mu.Unlock()
	due := func(now time.Time, ahead int) time.Duration {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.forget(now)
		return w.due(now, n, ahead)
	}
	return q.wait(ctx, 0, limiter{due, func(now time.Time) (time.Duration, bool) { return w.TryTakeUnder(now, n) }})
}

// Used returns how many places are taken at the time now.
func (w *Window) Used(now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now)
	return len(w.taken)
}

func (w *Window) unlimited() bool { return w.n <= 0 || w.per <= 0 }

func (w *Window) under(n int) int { return max(1, min(n, w.n)) }

// forget drops the events that no stretch of time ending now or later includes.
// The caller holds mu.
func (w *Window) forget(now time.Time) {
	past := 0
	for past < len(w.taken) && !w.taken[past].Add(w.per).After(now) {
		past++
	}
	w.taken = slices.Delete(w.taken, 0, past)
}

// due returns how long it takes until there is room for one event under the limit
// n after the callers ahead took theirs. The caller holds mu and has called forget.
func (w *Window) due(now time.Time, n, ahead int) time.Duration {
	// Event number i can happen when number i-n leaves the window.
	i := len(w.taken) + ahead - n
	rounds := time.Duration(0)
	for ; i >= len(w.taken); i -= n {
		rounds += w.per
	}
	if i < 0 {
		return rounds
	}
	return rounds + w.taken[i].Add(w.per).Sub(now)
}
