package bot

import (
	"context"
	"sync"
	"time"
)

// A deadline is the context of a call. It makes its timer at the first call of Done:
// most commands are over before, and the timer would be a third of what a call costs.
type deadline struct {
	context.Context // the caller's

	at     time.Time
	mu     sync.Mutex
	inner  context.Context    // guarded by mu; nil before Done
	cancel context.CancelFunc // guarded by mu
	ended  bool               // guarded by mu
}

func (d *deadline) Deadline() (time.Time, bool) {
	if at, ok := d.Context.Deadline(); ok && at.Before(d.at) {
		return at, true
	}
	return d.at, true
}

func (d *deadline) Done() <-chan struct{} { return d.real().Done() }

func (d *deadline) Err() error {
	if time.Now().Before(d.at) && !d.over() {
		return d.Context.Err()
	}
	return d.real().Err()
}

// Value passes through to the real context, so that [context.Cause] finds its cause.
func (d *deadline) Value(key any) any { return d.real().Value(key) }

func (d *deadline) over() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ended
}

// real returns the context with a timer.
func (d *deadline) real() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inner == nil {
		d.inner, d.cancel = context.WithDeadline(d.Context, d.at)
		if d.ended {
			d.cancel()
		}
	}
	return d.inner
}

// end ends the context.
func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended = true; d.cancel != nil {
		d.cancel()
	}
}
