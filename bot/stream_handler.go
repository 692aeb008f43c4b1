package bot

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// On calls fn for every message, after the handlers that were registered before. An error
// is logged and a panic is recovered and logged with its stack; neither stops other
// handlers. Handlers share the message and must not change it. The returned function
// removes the handler.
//
// Every message has its id, channel, chatter with badges and roles, text, kind, bits,
// reward, reply, source and time. What only one source knows is set if that source
// delivered a copy in time:
//
//   - IRC: FirstMessage, Returning, Nonce, Raw, and the role of a moderator who does not
//     show the badge.
//   - EventSub: the display name of the broadcaster and of a source channel, and the
//     fragments that are cheermotes, mentions and GIFs, with set and owner of emotes.
//     Over IRC alone these are text.
func (s *Stream) On(fn func(ctx context.Context, m *chat.Message) error) (off func()) {
	if fn == nil {
		panic("bot: On: the handler is nil")
	}
	return s.handlers.add(fn)
}

// A streamHandler is one that was registered with On.
type streamHandler struct {
	name string
	fn   func(context.Context, *chat.Message) error
}

// streamHandlers is read for every message and changed rarely: a change replaces the
// list.
type streamHandlers struct {
	mu   sync.Mutex // held while changing
	list atomic.Pointer[[]*streamHandler]
}

func (h *streamHandlers) all() []*streamHandler {
	if list := h.list.Load(); list != nil {
		return *list
	}
	return nil
}

func (h *streamHandlers) add(fn func(context.Context, *chat.Message) error) (off func()) {
	one := &streamHandler{name: "unknown", fn: fn}
	if f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()); f != nil {
		one.name = f.Name()
	}
	h.change(func(list []*streamHandler) []*streamHandler { return append(list, one) })
	return func() {
		h.change(func(list []*streamHandler) []*streamHandler {
			return slices.DeleteFunc(list, func(other *streamHandler) bool { return other == one })
		})
	}
}

func (h *streamHandlers) change(edit func([]*streamHandler) []*streamHandler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := edit(slices.Clone(h.all()))
	h.list.Store(&list)
}

// call calls one handler.
func (s *Stream) call(ctx context.Context, h *streamHandler, m *chat.Message) {
	defer func() {
		if v := recover(); v != nil {
			s.stats.panics.Add(1)
			s.o.Logger.ErrorContext(ctx, "chat handler panicked", "handler", h.name,
				"broadcaster_id", m.Broadcaster.ID, "message_id", m.ID, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	if err := h.fn(ctx, m); err != nil {
		s.stats.errors.Add(1)
		s.o.Logger.ErrorContext(ctx, "chat handler failed", "handler", h.name,
			"broadcaster_id", m.Broadcaster.ID, "message_id", m.ID, "error", err)
	}
}

// A streamContext is the context of handlers on a goroutine of the stream. It ends when
// [Stream.Drain] gives up.
type streamContext struct{ ended <-chan struct{} }

// Deadline implements [context.Context].
func (streamContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements [context.Context].
func (c streamContext) Done() <-chan struct{} { return c.ended }

// Value implements [context.Context].
func (streamContext) Value(any) any { return nil }

// Err implements [context.Context].
func (c streamContext) Err() error {
	select {
	case <-c.ended:
		return context.Canceled
	default:
		return nil
	}
}
