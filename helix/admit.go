package helix

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// longWait is the longest that a call waits for a limit of its endpoint's own
// unless its context has a deadline, which then decides: a shoutout that is two minutes
// late is no longer wanted.
const longWait = 10 * time.Second

// A LimitError means that a call was not sent, because it would have had to wait
// for one of Twitch's limits beyond the deadline of its context; for a limit of
// the endpoint's own, if there is no deadline, beyond 10 seconds. It also is
// [ErrRateLimited].
type LimitError struct {
	Endpoint *Endpoint
	UserID   string        // whose token; "": the app token
	Limit    *RateLimit    // the endpoint's own limit; nil: the bucket, or a pause that Twitch asked for
	Wait     time.Duration // how long it would have been at least

	cause error
}

// Error says what would have had to be waited for.
func (e *LimitError) Error() string {
	what := "rate limited"
	if l := e.Limit; l != nil {
		what = fmt.Sprintf("rate limited: at most %d in %v", l.Max, l.Window())
		if l.Per != "" {
			what += " per " + l.Per
		}
	}
	return fmt.Sprintf("helix: %s: %s: not sent, because it would have to wait for %v",
		e.Endpoint.Name, what, e.Wait.Round(time.Millisecond))
}

// Is reports whether target is [ErrRateLimited].
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

// Unwrap returns a [context.DeadlineExceeded] if there was a deadline.
func (e *LimitError) Unwrap() error { return e.cause }

// LogValue returns the error's parts as attributes.
func (e *LimitError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("endpoint", e.Endpoint.ID),
		slog.String("user_id", e.UserID),
		slog.Duration("wait", e.Wait),
	)
}

// admit waits until the request may be sent: for the endpoint's own limits, then
// for a point of the bucket, then for its turn among those under way. It returns
// the request's number in the bucket. The caller releases its place in flight.
func (t *try) admit(ctx context.Context, b *limit.Bucket) (number uint64, err error) {
	call, p := t.call, t.call.priority(ctx)
	start := time.Now()
	g, err := t.own.wait(ctx, call, p)
	call.waited(WaitEndpoint, start)
	if err != nil {
		return 0, t.notAdmitted(g, err)
	}
	start = time.Now()
	number, err = b.Wait(ctx, limit.Priority(p))
	call.waited(WaitBucket, start)
	if err != nil {
		return 0, t.notAdmitted(nil, err)
	}
	start = time.Now()
	err = t.inFlight.Acquire(ctx, limit.Priority(p))
	call.waited(WaitInFlight, start)
	if err != nil {
		b.Answered(time.Now(), number, 0, 0)
		return 0, t.notAdmitted(nil, err)
	}
	return number, nil
}

// notAdmitted says why a request was not sent. After a 429 that is the reason.
func (t *try) notAdmitted(g *gate, err error) error {
	wait, late := limit.WaitOf(err)
	switch {
	case t.refused != nil && late:
		return t.refused
	case t.refused != nil:
		return stopped(t.refused, err)
	case !late:
		return fmt.Errorf("helix: %s: %w", t.call.Endpoint.Name, err)
	}
	refused := &LimitError{Endpoint: t.call.Endpoint, UserID: t.call.UserID, Wait: wait}
	if !errors.Is(err, errLongWait) {
		refused.cause = err
	}
	if g != nil {
		refused.Limit = g.tightest(time.Now())
	}
	return refused
}
