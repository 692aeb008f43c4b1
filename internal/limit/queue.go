package limit

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Priority orders waiting callers: those with a higher one are served first.
type Priority int

// A queue lets waiting callers try one at a time, so that the first one always
// sees the limiter's latest state. The zero value is an empty queue.
//
// A limiter's own lock is taken while mu is held, never the other way round.
type queue struct {
	mu      sync.Mutex
	waiting []*waiter // guarded by mu; the first is the next
}

type waiter struct {
	priority Priority
	nudge    chan struct{} // holds a value after its place or the limiter changed
}

// A limiter is the limit that the callers in a queue wait for. Due returns the shortest
// time until there was room for the callers ahead and for one more. Try takes a place,
// or returns how long to wait for one; 0 means until the queue is nudged.
type limiter struct {
	due func(now time.Time, ahead int) time.Duration
	try func(now time.Time) (time.Duration, bool)
}

// wait returns when try succeeded.
func (q *queue) wait(ctx context.Context, p Priority, l limiter) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	w, err := q.join(ctx, p, l)
	if w == nil {
		return err
	}
	defer q.leave(w)
	for {
		d, first, ok := q.attempt(w, l)
		if ok {
			return nil
		}
		if tooLate(ctx, d) {
			return &DeadlineError{d}
		}
		if !first {
			d = 0 // the first wakes the next when it leaves
		}
		if err := w.sleep(ctx, d); err != nil {
			return err
		}
	}
}

// join tries, and takes a place in the queue if there is no room. It returns nil and no
// error if the caller was served at once.
func (q *queue) join(ctx context.Context, p Priority, l limiter) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	place := len(q.waiting)
	for place > 0 && q.waiting[place-1].priority < p {
		place--
	}
	var d time.Duration
	if place == 0 {
		var ok bool
		if d, ok = l.try(time.Now()); ok {
			return nil, nil
		}
	} else {
		d = l.due(time.Now(), place)
	}
	if tooLate(ctx, d) {
		return nil, &DeadlineError{d}
	}
	w := &waiter{priority: p, nudge: make(chan struct{}, 1)}
	for _, overtaken := range q.waiting[place:] {
		overtaken.wake() // may be too late for it now
	}
	q.waiting = slices.Insert(q.waiting, place, w)
	return w, nil
}

// attempt tries, if w is first.
func (q *queue) attempt(w *waiter, l limiter) (d time.Duration, first, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	place := slices.Index(q.waiting, w)
	if place > 0 {
		return l.due(time.Now(), place), false, false
	}
	d, ok = l.try(time.Now())
	return d, true, ok
}

func (q *queue) leave(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	q.waiting = slices.Delete(q.waiting, i, i+1)
	if i == 0 && len(q.waiting) > 0 {
		q.waiting[0].wake()
	}
}

// changed makes the first waiter of the queue try again.
func (q *queue) changed() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		q.waiting[0].wake()
	}
}

// len returns the number of waiting callers.
func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

func (w *waiter) wake() {
	select {
	case w.nudge <- struct{}{}:
	default:
	}
}

// sleep waits for d, or for ever if d is 0, until w is nudged or ctx ends.
func (w *waiter) sleep(ctx context.Context, d time.Duration) error {
	var over <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-over:
	case <-w.nudge:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

func tooLate(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && d > 0 && time.Now().Add(d).After(deadline)
}
