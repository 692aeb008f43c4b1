// Package limit keeps a client below the limits of a server.
//
// Start with
//
//	joins := limit.NewWindow(20, 10*time.Second)
//	if err := joins.Wait(ctx); err != nil {
//		return err // ctx ended, or would end before there is room
//	}
//	join(channel)
//
// A [Window] allows so many events within any stretch of time; a [Bucket] is the
// token bucket that Helix uses and can be corrected by what the server says.
// Both are state machines fed with the time (TryTake), plus Wait, which reads the
// clock and blocks. Callers of Wait go in the order in which they came. All
// methods may be called from several goroutines; none starts a goroutine.
package limit

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrDeadline means that the context would end before there is room. Wait
// returns it at once instead of when the context ends. It also is a
// [context.DeadlineExceeded].
var ErrDeadline = fmt.Errorf("limit: no room before the deadline: %w", context.DeadlineExceeded)

// A queue lets one caller at a time try, in order of arrival. The others wait
// behind it, so that whoever is first always sees the limiter's latest state.
type queue struct {
	waiting atomic.Int32
	turn    chan struct{} // holds one value while somebody has the turn
}

func newQueue() *queue { return &queue{turn: make(chan struct{}, 1)} }

// wait returns when try succeeded. due tells how long it takes at least until
// as many callers as are ahead, and one more, have found room.
func (q *queue) wait(
	ctx context.Context,
	due func(now time.Time, ahead int) time.Duration,
	try func(now time.Time) (time.Duration, bool),
) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	ahead := int(q.waiting.Add(1)) - 1
	defer q.waiting.Add(-1)
	if tooLate(ctx, due(time.Now(), ahead)) {
		return ErrDeadline
	}
	select {
	case q.turn <- struct{}{}:
		defer func() { <-q.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for {
		d, ok := try(time.Now())
		if ok {
			return nil
		}
		if tooLate(ctx, d) {
			return ErrDeadline
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

func tooLate(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && d > 0 && time.Now().Add(d).After(deadline)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
