package skill

import (
	"context"
	"sync"
	"time"
)

// A hostClock counts the time that a call spends waiting for the host, which is not
// to count as computing: a message may have to wait for Twitch's limits.
type hostClock struct {
	mu    sync.Mutex
	total time.Duration // guarded by mu
	since time.Time     // guarded by mu; zero while not in the host
}

type hostClockKey struct{}

func withHostClock(ctx context.Context) context.Context {
	return context.WithValue(ctx, hostClockKey{}, &hostClock{})
}

// inHost begins a stay in the host; the result ends it.
func inHost(ctx context.Context) (out func()) {
	c, ok := ctx.Value(hostClockKey{}).(*hostClock)
	if !ok {
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.total += time.Since(c.since)
		c.since = time.Time{}
	}
}

// spent returns the time in the host so far.
func spent(ctx context.Context) time.Duration {
	c, ok := ctx.Value(hostClockKey{}).(*hostClock)
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

// computing returns a function that tells how much time has gone by, without that in
// the host.
func computing(ctx context.Context) func() time.Duration {
	start, before := time.Now(), spent(ctx)
	return func() time.Duration { return time.Since(start) - (spent(ctx) - before) }
}
