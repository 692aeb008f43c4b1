package irc

import (
	"context"
	"fmt"
	"runtime/debug"
)

// isHeard reports whether a message goes to handlers: at least one is registered for it,
// and another connection has not delivered it already.
func (c *Client) isHeard(m *Message) bool {
	typed, everything := c.handlers.of(m)
	return (len(typed) > 0 || len(everything) > 0) && !c.seen.again(m)
}

// handle calls the handlers of a message.
func (c *Client) handle(ctx context.Context, l *lane, m *Message) {
	typed, everything := c.handlers.of(m)
	for _, h := range typed {
		l.begin(h)
		c.call(ctx, h, m)
	}
	for _, h := range everything {
		l.begin(h)
		c.call(ctx, h, m)
	}
	l.busy.Store(nil)
}

// begin notes which handler runs, for the watch that reports stuck ones.
func (l *lane) begin(h *handler) {
	l.calls.Add(1)
	l.busy.Store(h)
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
