package irc

import (
	"context"
	"sync"
	"sync/atomic"
)

// maxHeld limits how many messages a new connection holds back during a hand-over.
const maxHeld = 10_000

// A hold keeps back the messages of a new connection until the old one has ended. Both
// deliver the same messages meanwhile, and the new one may be ahead of the old one.
type hold struct {
	before <-chan struct{} // closed when the old connection has ended; nil: nothing is held back
	active atomic.Bool     // set by link.run if there is a connection to wait for

	mu   sync.Mutex
	held []Message // guarded by mu
}

// keep holds a message back. It reports false if none are held back
// any more, or too many are.
func (h *hold) keep(m *Message) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.active.Load() {
		return false
	}
	// Releasing early may reorder a few messages, but loses none.
	if len(h.held) >= maxHeld {
		return false
	}
	h.held = append(h.held, *m)
	return true
}

// releaseHeld passes on the messages that were held back, except those that the old
// connection delivered. From then on nothing is held back.
func (c *Client) releaseHeld(ctx context.Context, h *hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.held {
		if m := &h.held[i]; c.isHeard(m) {
			for !c.lanes.push(ctx, c.lanes.lane(m.Channel()), m) { //nolint:revive // a lane that was removed meanwhile
			}
		}
	}
	h.held = nil
	h.active.Store(false)
}
