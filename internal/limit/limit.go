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
// token bucket that Helix uses and can be corrected by the server's responses. A
// [Gate] is several windows at once, and [Slots] bound what goes on at the same
// time. Windows, gates and buckets are state machines fed with the time (TryTake),
// plus Wait, which reads the clock and blocks. A caller with a higher [Priority]
// is served first; callers with the same priority are served in order of arrival. All
// methods may be called from several goroutines; none starts a goroutine.
package limit

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrDeadline means that the context would end before there is room. Wait
// returns it, inside of a [DeadlineError], as soon as that is certain instead of
// when the context ends. It also is a [context.DeadlineExceeded].
var ErrDeadline = fmt.Errorf("limit: no room before the deadline: %w", context.DeadlineExceeded)

// A DeadlineError is an [ErrDeadline] with the length of the wait that was refused.
type DeadlineError struct {
	Wait time.Duration // at least; callers with a higher priority may be served first
}

// Error returns the text of [ErrDeadline].
func (e *DeadlineError) Error() string { return ErrDeadline.Error() }

// Unwrap returns [ErrDeadline].
func (e *DeadlineError) Unwrap() error { return ErrDeadline }

// WaitOf returns how long a wait that ended in err would have been, if err is a
// [DeadlineError].
func WaitOf(err error) (wait time.Duration, ok bool) {
	e, ok := errors.AsType[*DeadlineError](err)
	if !ok {
		return 0, false
	}
	return e.Wait, true
}
