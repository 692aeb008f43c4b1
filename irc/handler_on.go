package irc

import (
	"context"
	"sync"
)

// On calls fn for every message of a type: [*PrivMsg], [*UserNotice] … The type is
// inferred from fn. Each call gets its own value, which it may keep; a kept value keeps up
// to 4 KB of neighbouring lines in memory. The returned function removes the handler; it
// and On may be called from anywhere, also from a handler.
//
// A handler that does not return delays its channel only: see [Options].Overflow and
// [HandlerStuck]. Its ctx ends with [Client.Run].
func On[E any, P interface {
	*E
	Event
}](c *Client, fn func(context.Context, P) error) (off func()) {
	if fn == nil {
		panic("irc: On: the handler is nil")
	}
	return c.handlers.add(P(new(E)).Command(), functionName(fn), func(ctx context.Context, m *Message) error {
		e := P(new(E))
		if err := decodeNew(e, m); err != nil {
			return err
		}
		return fn(ctx, e)
	})
}

// OnReused is [On] without an allocation for each message: fn gets a value that is valid
// only until fn returns, and that a later call gets again with another message in it. Its
// strings stay valid: fn may keep m.Text, but neither m nor a pointer into it. To keep a
// whole message, copy it: kept := *m.
//
// It is worth it for a handler that looks at thousands of messages a second and keeps few
// of them.
func OnReused[E any, P interface {
	*E
	Event
}](c *Client, fn func(context.Context, P) error) (off func()) {
	if fn == nil {
		panic("irc: OnReused: the handler is nil")
	}
	// Usually one value is enough: more are needed while handlers run in parallel. A value
	// whose handler panicked or ended its goroutine is not used again.
	values := sync.Pool{New: func() any { return P(new(E)) }}
	return c.handlers.add(P(new(E)).Command(), functionName(fn), func(ctx context.Context, m *Message) error {
		e := values.Get().(P)
		err := e.Decode(m)
		if err == nil {
			err = fn(ctx, e)
		}
		values.Put(e)
		return err
	})
}

// decodeNew decodes into a zero value. Most messages are chat, and clearing a PrivMsg a
// second time would take a noticeable part of the time.
func decodeNew(e Event, m *Message) error {
	if p, ok := e.(*PrivMsg); ok {
		return p.fill(m)
	}
	return e.Decode(m)
}
