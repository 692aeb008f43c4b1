package irc

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// A caller is a goroutine that calls handlers, as other goroutines see it.
type caller struct {
	handler atomic.Pointer[handler] // the one that runs, or ran last
	calls   atomic.Uint64           // handler calls that have begun
}

// isHeard reports whether a message goes to handlers: at least one is registered for it,
// and another connection has not delivered it already.
func (c *Client) isHeard(m *Message) bool {
	typed, everything := c.handlers.of(m)
	return (len(typed) > 0 || len(everything) > 0) && !c.seen.again(m)
}

// handle calls the handlers of a message.
func (c *Client) handle(ctx context.Context, as *caller, m *Message) {
	typed, everything := c.handlers.of(m)
	c.callAll(ctx, as, m, typed)
	c.callAll(ctx, as, m, everything)
}

func (c *Client) callAll(ctx context.Context, as *caller, m *Message, list []*handler) {
	for _, h := range list {
		as.calls.Add(1)
		if as.handler.Load() != h { // storing is slower
			as.handler.Store(h)
		}
		c.call(ctx, h, m)
	}
}

func (c *Client) call(ctx context.Context, h *handler, m *Message) {
	defer func() {
		if r := recover(); r != nil {
			c.panicked(ctx, h, m, r)
		}
	}()
	if err := h.fn(ctx, m); err != nil {
		c.failed(ctx, h, m, err)
	}
}

// failed and panicked are functions of their own to keep the stack frame of call small:
// a busy chat runs many goroutines.
func (c *Client) failed(ctx context.Context, h *handler, m *Message, err error) {
	c.o.Logger.ErrorContext(ctx, "chat handler failed", "handler", h.name, "command", m.Command, "channel", m.Channel(), "error", err)
}

func (c *Client) panicked(ctx context.Context, h *handler, m *Message, r any) {
	c.o.Logger.ErrorContext(ctx, "chat handler panicked", "handler", h.name, "command", m.Command, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
}
