package helix

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	retryMin = 250 * time.Millisecond
	retryMax = 5 * time.Second
)

// repeatable reports whether a call may be sent again although it may have been
// carried out.
func repeatable(e *Endpoint) bool {
	return e.Idempotent || e.Method == http.MethodGet || e.Method == http.MethodHead
}

// perform is the innermost [Handler]. What it does about an answer:
//
//	                          GET, or marked idempotent   others
//	2xx                       decode                      decode
//	401, token not accepted   renew once, send again      the same
//	401, token still good     error                       error
//	429                       wait, send again            the same
//	other 4xx                 error                       error
//	5xx                       back off, send again        error, outcome unknown
//	no connection             back off, send again        the same
//	connection lost           back off, send again        error, outcome unknown
func (c *core) perform(ctx context.Context, call *Call) error {
	var err error
	if call.token, err = c.token(ctx, call); err != nil {
		return err
	}
	r, err := c.request(call)
	if err != nil {
		return err
	}
	t := try{core: c, request: r, call: call, backoff: retry.Backoff{Min: retryMin, Max: retryMax}}
	for {
		again, err := t.once(ctx)
		if !again {
			return err
		}
		if call.Attempts >= c.maxAttempts+t.renewals {
			return err
		}
		c.logger.WarnContext(ctx, "helix call is repeated", "endpoint", call.Endpoint.ID, "attempt", call.Attempts, "error", err)
		if t.pause > 0 {
			if deadline, ok := ctx.Deadline(); ok && time.Now().Add(t.pause).After(deadline) {
				return err // rather than waiting in vain
			}
			start := time.Now()
			cause := retry.Sleep(ctx, t.pause)
			call.waited(WaitRetry, start)
			if cause != nil {
				return stopped(err, cause)
			}
		}
	}
}

// stopped is a call that would have been tried again after err.
func stopped(err, cause error) error {
	return fmt.Errorf("%w (%w while waiting to try again)", err, cause)
}

// A try repeats a call.
type try struct {
	*core
	request  *request
	call     *Call
	backoff  retry.Backoff
	renewals int           // of the token; at most 1, and not counted as a failure
	refused  error         // the last 429
	pause    time.Duration // before the next request
}

// once sends the request and decides what to do about the answer.
func (t *try) once(ctx context.Context) (again bool, err error) {
	call, e := t.call, t.call.Endpoint
	b := t.buckets.of(call.UserID)
	number, err := t.admit(ctx, b)
	if err != nil {
		return false, err
	}
	var info RateLimitInfo
	defer func() {
		t.inFlight.Release()
		b.Answered(time.Now(), number, info.Limit, info.Remaining)
	}()
	call.Attempts++
	call.Status = 0
	start := time.Now()
	a, sent, err := t.exchange(ctx, t.request, call.token)
	if err != nil {
		t.log(ctx, call, start)
		return t.lost(ctx, sent, err)
	}
	defer t.release(a)
	call.Status = a.status
	t.log(ctx, call, start)
	if info = rateLimitInfo(a.header); info.Limit > 0 {
		call.RateLimit = info
	}
	if a.ok() {
		t.own.pauseAfter(call, a.body.Bytes())
		err := t.decode(call, a)
		switch {
		case err == nil:
			return false, nil
		case repeatable(e):
			return false, fmt.Errorf("helix: %s: %w", e.Name, err)
		default:
			return false, fmt.Errorf("helix: %s: %w: %w", e.Name, ErrUnknownOutcome, err)
		}
	}
	return t.refusal(ctx, b, a)
}

// lost decides what to do about a request that got no answer.
func (t *try) lost(ctx context.Context, sent bool, err error) (again bool, _ error) {
	e := t.call.Endpoint
	if sent && !repeatable(e) {
		return false, fmt.Errorf("helix: %s: %w: %w", e.Name, ErrUnknownOutcome, err)
	}
	t.pause = t.backoff.Next()
	return ctx.Err() == nil && !errors.Is(err, errTooLarge), fmt.Errorf("helix: %s: %w", e.Name, err)
}

// refusal decides what to do about an answer that is not 2xx.
func (t *try) refusal(ctx context.Context, b *limit.Bucket, a *answer) (again bool, _ error) {
	call, e := t.call, t.call.Endpoint
	refused := newError(e, a.status, withoutToken(a.body.Bytes(), call.token))
	switch {
	case a.status == http.StatusUnauthorized:
		return t.unauthorized(ctx, refused)
	case a.status == http.StatusTooManyRequests:
		refused.ResetAt = call.RateLimit.Reset
		t.refused = refused
		return t.tooMany(b, a), refused
	case a.status >= 500 && repeatable(e):
		t.pause = t.backoff.Next()
		return true, refused
	default:
		return false, refused
	}
}

// tooMany decides how long to wait after a 429.
func (t *try) tooMany(b *limit.Bucket, a *answer) (again bool) {
	t.pause = 0 // the limit itself holds back what comes next
	info := rateLimitInfo(a.header)
	if info.Remaining > 0 {
		// There are points left, so this is a limit of the endpoint's own. Others
		// need not wait for it.
		return t.own.refused(t.call)
	}
	d := untilReset(a.header, info.Reset, time.Now())
	if d == 0 {
		d = max(time.Second, t.backoff.Next())
	}
	// Spread, so that a crowd of clients does not come back at once.
	now := time.Now()
	b.Refused(now, now.Add(d+rand.N(250*time.Millisecond)))
	return true
}
