package irc

import (
	"context"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A handler is one registered by On or OnAny.
type handler struct {
	name    string // of the function that was registered
	borrows bool   // it keeps no string of a message: see OnReused
	fn      func(context.Context, *caller, Message) error
}

// functionName returns the name of a function as stack traces print it.
func functionName(fn any) string {
	if f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()); f != nil {
		return f.Name()
	}
	return "unknown"
}

// handlers is read for every message and changed rarely: a change replaces the table,
// so that reading needs no lock and handlers may call On.
type handlers struct {
	mu    sync.Mutex // held while changing
	table atomic.Pointer[table]
}

type table struct {
	typed            map[string][]*handler // by command; those of OnAny as anyCommand
	borrow           bool                  // whether all handlers of PRIVMSG keep no string of it
	chat, everything []*handler            // copies of the lists of PRIVMSG and anyCommand, which every line needs
}

// anyCommand is the key of the handlers of all messages.
const anyCommand = "*"

// of returns the handlers of a message: those of On, then those of OnAny.
func (h *handlers) of(m *Message) (typed, everything []*handler) { return h.table.Load().of(m) }

// of is [handlers.of] for a table, which may be nil.
func (t *table) of(m *Message) (typed, everything []*handler) {
	switch {
	case t == nil:
		return nil, nil
	case m.Command == "PRIVMSG":
		return t.chat, t.everything
	case isDigit(m.Command[0]):
		return t.typed[numeric], t.everything
	}
	return t.typed[m.Command], t.everything
}

// borrow reports whether chat messages may be handled in the memory that they were read
// into, because no handler keeps anything of them.
func (h *handlers) borrow() bool {
	t := h.table.Load()
	return t != nil && t.borrow
}

func (h *handlers) add(command, name string, fn func(context.Context, *caller, Message) error) (off func()) {
	return h.addHandler(command, &handler{name: name, fn: fn})
}

func (h *handlers) addHandler(command string, one *handler) (off func()) {
	h.change(command, func(list []*handler) []*handler { return append(list, one) })
	return func() {
		h.change(command, func(list []*handler) []*handler {
			return slices.DeleteFunc(list, func(other *handler) bool { return other == one })
		})
	}
}

// change replaces one list with an edited copy.
func (h *handlers) change(command string, edit func([]*handler) []*handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	typed := make(map[string][]*handler)
	if old := h.table.Load(); old != nil {
		maps.Copy(typed, old.typed)
	}
	typed[command] = edit(slices.Clone(typed[command]))
	t := &table{typed: typed, chat: typed["PRIVMSG"], everything: typed[anyCommand]}
	t.borrow = len(t.everything) == 0 && !slices.ContainsFunc(t.chat, func(one *handler) bool { return !one.borrows })
	h.table.Store(t)
}

// OnAny calls fn for every message, also for commands without a type in this package,
// after the handlers of [On]. The returned function removes the handler.
func (c *Client) OnAny(fn func(context.Context, Message) error) (off func()) {
	if fn == nil {
		panic("irc: OnAny: the handler is nil")
	}
	return c.handlers.add(anyCommand, functionName(fn), func(ctx context.Context, _ *caller, m Message) error { return fn(ctx, m) })
}
