package expr

import (
	"context"
	"sync"
	"time"
)

// A clock measures the time that runs spend in Go functions. It is not computing time:
// a function may wait for Twitch's rate limits.
type clock struct {
	mu    sync.Mutex
	total time.Duration // guarded by mu
	since time.Time     // guarded by mu; zero while computing
}

type clockKey struct{}

// WithClock returns a context for runs that share a count of the time spent in
// Go functions.
func WithClock(ctx context.Context) context.Context {
	return context.WithValue(ctx, clockKey{}, &clock{})
}

// PauseClock stops the count of computing time for a run with this context until
// resume is called.
func PauseClock(ctx context.Context) (resume func()) {
	c, ok := ctx.Value(clockKey{}).(*clock)
	if !ok {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.since.IsZero() {
		return func() {} // paused already
	}
	c.since = time.Now()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.total += time.Since(c.since)
		c.since = time.Time{}
	}
}

// spent returns the time in Go functions so far.
func spent(ctx context.Context) time.Duration {
	c, ok := ctx.Value(clockKey{}).(*clock)
	if !ok {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return c.total
	}
	return c.total + time.Since(c.since)
}

// computing returns a function that returns the time since the call of computing,
// without the time spent in Go functions.
func computing(ctx context.Context) func() time.Duration {
	start, before := time.Now(), spent(ctx)
	return func() time.Duration { return time.Since(start) - (spent(ctx) - before) }
}
