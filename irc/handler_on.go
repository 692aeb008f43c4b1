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
	call := func(ctx context.Context, as *caller, m Message) error {
		e := P(new(E))
		as.message = m
		if err := e.Decode(&as.message); err != nil {
			return err
		}
		return fn(ctx, e)
	}
	if onChat, ok := any(fn).(func(context.Context, *PrivMsg) error); ok {
		call = func(ctx context.Context, as *caller, m Message) error {
			p := new(PrivMsg)
			if err := as.decode(p, &m); err != nil {
				return err
			}
			return onChat(ctx, p)
		}
	}
	return c.handlers.add(P(new(E)).Command(), functionName(fn), call)
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
	// Usually one value is enough: more are needed while handlers run in parallel.
	values := sync.Pool{New: func() any { return P(new(E)) }}
	call := func(ctx context.Context, as *caller, m Message) error {
		e := values.Get().(P)
		as.message = m
		err := e.Decode(&as.message)
		if err == nil {
			err = fn(ctx, e)
		}
		values.Put(e)
		return err
	}
	if onChat, ok := any(fn).(func(context.Context, *PrivMsg) error); ok {
		call = func(ctx context.Context, as *caller, m Message) error {
			p := &as.value().reused
			*p = PrivMsg{}
			if err := as.decode(p, &m); err != nil {
				return err
			}
			return onChat(ctx, p)
		}
	}
	return c.handlers.add(P(new(E)).Command(), functionName(fn), call)
}
