package limit

import (
	"context"
	"sync"
	"time"
)

// A Gate lets an event through that fits into several windows at once, such as
// one per channel and one per channel and target. It can be shut for a while.
// Gates may share windows; gates that do must name them in the same order.
type Gate struct {
	queue   queue
	windows []*Window

	mu   sync.Mutex
	shut time.Time // guarded by mu; nothing passes before
}

// NewGate returns an open gate before the given windows.
func NewGate(windows ...*Window) *Gate { return &Gate{windows: windows} }

// TryTake takes a place in every window if there is one in each now. Otherwise
// it takes none and returns after how long it may be worth trying again.
func (g *Gate) TryTake(now time.Time) (wait time.Duration, ok bool) {
	g.mu.Lock()
	wait = g.shut.Sub(now)
	g.mu.Unlock()
	for _, w := range g.windows {
		w.mu.Lock()
		defer w.mu.Unlock()
		wait = max(wait, w.room(now, 0))
	}
	if wait > 0 {
		return wait, false
	}
	for _, w := range g.windows {
		w.add(now)
	}
	return 0, true
}

// Wait passes the gate as soon as possible, see [Window.Wait].
func (g *Gate) Wait(ctx context.Context, p Priority) error {
	return g.queue.wait(ctx, p, limiter{due: g.due, try: g.TryTake})
}

// due returns the shortest time until there is room for one event after the callers
// ahead took theirs.
func (g *Gate) due(now time.Time, ahead int) time.Duration {
	g.mu.Lock()
	wait := g.shut.Sub(now)
	g.mu.Unlock()
	for _, w := range g.windows {
		w.mu.Lock()
		wait = max(wait, w.room(now, ahead))
		w.mu.Unlock()
	}
	return max(0, wait)
}

// Shut lets nothing pass before the given time.
func (g *Gate) Shut(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.shut) {
		g.shut = until
	}
}

// A GateState is the state of a gate at some time.
type GateState struct {
	Wait    time.Duration // until the next event may pass
	Waiting int           // callers that wait
	Idle    bool          // the gate is in the state of a new one
}

// State returns the state of the gate at the time now.
func (g *Gate) State(now time.Time) GateState {
	s := GateState{Wait: g.due(now, 0), Waiting: g.queue.len()}
	s.Idle = s.Wait == 0 && s.Waiting == 0
	for _, w := range g.windows {
		s.Idle = s.Idle && w.Used(now) == 0
	}
	return s
}
