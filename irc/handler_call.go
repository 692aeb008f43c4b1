package irc

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// A caller is a goroutine that calls handlers. Other goroutines see how far it is.
type caller struct {
	handler atomic.Pointer[handler] // the one that runs, or ran last
	calls   atomic.Uint64           // handler calls that have begun

	// Touched by the caller only.
	message Message    // for types whose Decode the compiler does not know: one allocation less for each message
	many    bool       // whether the message has several handlers
	decoded bool       // whether values.chat is the message
	err     error      // of decoding it
	values  *chatValue // nil until it is needed
}

type chatValue struct {
	chat   PrivMsg // never given to a handler, which might change it
	reused PrivMsg // of handlers of OnReused
}

func (as *caller) value() *chatValue {
	if as.values == nil {
		as.values = new(chatValue)
	}
	return as.values
}

// decode is p.Decode for a new p. If the message has several handlers, it is decoded once.
func (as *caller) decode(p *PrivMsg, m *Message) error {
	if !as.many {
		return p.fill(m)
	}
	v := as.value()
	if !as.decoded {
		as.decoded, as.err = true, v.chat.Decode(m)
	}
	*p = v.chat
	return as.err
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
	as.many, as.decoded = len(list) > 1, false
	for _, h := range list {
		as.calls.Add(1)
		if as.handler.Load() != h { // storing is slower
			as.handler.Store(h)
		}
		c.call(ctx, as, h, m)
	}
}

func (c *Client) call(ctx context.Context, as *caller, h *handler, m *Message) {
	defer func() {
		if r := recover(); r != nil {
			c.panicked(ctx, h, m, r)
		}
	}()
	if err := h.fn(ctx, as, *m); err != nil {
		c.failed(ctx, h, m, err)
	}
}

// failed and panicked are functions of their own to keep the stack frame of call small:
// a busy chat runs many goroutines. A logger may keep what it gets, and m may be lent.
func (c *Client) failed(ctx context.Context, h *handler, m *Message, err error) {
	c.o.Logger.ErrorContext(ctx, "chat handler failed", "handler", h.name, "command", strings.Clone(m.Command), "channel", strings.Clone(m.Channel()), "error", err)
}

func (c *Client) panicked(ctx context.Context, h *handler, m *Message, r any) {
	c.o.Logger.ErrorContext(ctx, "chat handler panicked", "handler", h.name, "command", strings.Clone(m.Command), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
}
