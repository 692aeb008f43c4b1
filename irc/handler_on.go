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

// OnReused is [On] without an allocation for each message. Fn gets a value that is valid
// only until fn returns: later messages are read into the same memory, so that the value
// and its strings change. That includes what fn passes to other goroutines. To keep a
// string of the message, copy it with [strings.Clone]; to keep a chat message, use
// [PrivMsg.Keep].
//
// It is worth it for a handler that looks at thousands of messages a second and keeps few
// of them. If the client has a handler of [On] or [Client.OnAny] for the messages as well,
// lines are copied for it, and nothing is gained.
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
	return c.handlers.addHandler(P(new(E)).Command(), &handler{name: functionName(fn), borrows: true, fn: call})
}
