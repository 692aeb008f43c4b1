package eventsub

import (
	"context"
	"sync"
	"time"
)

// A jobContext is the context of a job while it is handled. It costs nothing for
// handlers that never ask whether it has ended, which are most: the context that can end
// is created when one does.
type jobContext struct {
	values context.Context //nolint:containedctx // of the job; it never ends

	mu     sync.Mutex
	real   context.Context    //nolint:containedctx // guarded by mu; nil until it is needed
	cancel context.CancelFunc // guarded by mu; of real
	ended  bool               // guarded by mu
}

// end ends the context.
func (c *jobContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.cancel != nil {
		c.cancel()
	}
}

// Deadline implements [context.Context].
func (c *jobContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements [context.Context].
func (c *jobContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real == nil {
		c.real, c.cancel = context.WithCancel(c.values)
		if c.ended {
			c.cancel()
		}
	}
	return c.real.Done()
}

// Err implements [context.Context].
func (c *jobContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return context.Canceled
	}
	return nil
}

// Value implements [context.Context]. Package context finds the context that can end
// through it, and so needs no goroutine for contexts that are derived from this one.
func (c *jobContext) Value(key any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real != nil {
		return c.real.Value(key)
	}
	return c.values.Value(key)
}
