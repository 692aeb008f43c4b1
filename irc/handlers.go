package irc

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// A handler is what On and OnAny file.
type handler struct {
	fn func(context.Context, *Message) error
}

// handlers is read for every message and changed hardly ever: a change makes a
// new table, so that reading needs no lock and handlers may call On.
type handlers struct {
	mu    sync.Mutex // held while changing
	table atomic.Pointer[map[string][]*handler]
}

// anyCommand files the handlers of all messages.
const anyCommand = "*"

// of returns the handlers of a message, those of OnAny behind the typed ones.
func (h *handlers) of(m *Message) (typed, everything []*handler) {
	table := h.table.Load()
	if table == nil {
		return nil, nil
	}
	command := m.Command
	if isDigit(command[0]) {
		command = numeric
	}
	return (*table)[command], (*table)[anyCommand]
}

func (h *handlers) add(command string, fn func(context.Context, *Message) error) (off func()) {
	one := &handler{fn: fn}
	h.change(command, func(list []*handler) []*handler { return append(list, one) })
	return func() {
		h.change(command, func(list []*handler) []*handler {
			return slices.DeleteFunc(list, func(other *handler) bool { return other == one })
		})
	}
}

// change replaces one list by a changed copy.
func (h *handlers) change(command string, edit func([]*handler) []*handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	table := make(map[string][]*handler)
	if old := h.table.Load(); old != nil {
		maps.Copy(table, *old)
	}
	table[command] = edit(slices.Clone(table[command]))
	h.table.Store(&table)
}

// On calls fn for every message of a type: [*PrivMsg], [*UserNotice] … The type is
// inferred from fn. Each handler gets a value of its own that it may keep. The
// result ends it; On and the result may be called from anywhere, also from a
// handler.
//
// A handler that does not return holds up its channel only; ctx ends with
// [Client.Run].
func On[E any, P interface {
	*E
	Event
}](c *Client, fn func(context.Context, P) error) (off func()) {
	return c.handlers.add(P(new(E)).Command(), func(ctx context.Context, m *Message) error {
		e := P(new(E))
		if err := e.Decode(m); err != nil {
			return err
		}
		return fn(ctx, e)
	})
}

// OnAny calls fn for every message, also those of commands that have no type
// here, after the handlers of [On].
func (c *Client) OnAny(fn func(context.Context, Message) error) (off func()) {
	return c.handlers.add(anyCommand, func(ctx context.Context, m *Message) error { return fn(ctx, *m) })
}
