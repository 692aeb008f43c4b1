package eventsub

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// MuxOptions configure a Mux. The zero value is usable.
type MuxOptions struct {
	// Logger is told of errors and panics of handlers, for programs that do not
	// use [Log]. Default: discard.
	Logger *slog.Logger
	// Workers is how many broadcasters' notifications are handled at once, not
	// counting stuck handlers. Default: 16.
	Workers int
	// LaneQueue is how many notifications of one broadcaster may wait. Default: 4096.
	LaneQueue int
	// Queue is how many notifications may wait or be in a handler's hands
	// altogether. They may take about 64 MB, whatever Queue says. Default: 16384.
	Queue int
	// DropNewest makes [Mux.Offer] drop new notifications where the queue is full.
	// Default: it drops the oldest of those that wait.
	DropNewest bool
	// StuckAfter is how long a handler may work on one notification before it is
	// called stuck: it is logged and listed by [Mux.Stuck], and up to 256 such
	// handlers do not count as Workers any more. Default: 30 s.
	StuckAfter time.Duration
}

// queueBytes bounds the memory of a queue.
const queueBytes = 64 << 20

// A Mux hands notifications to handlers. It knows no sockets: every transport,
// and every test, calls [Mux.Dispatch] or [Mux.Offer]. The package comment says what it
// promises about order. All methods may be called from anywhere at any time,
// also from inside a handler.
type Mux struct {
	logger     *slog.Logger
	stuckAfter time.Duration

	routesMu   sync.RWMutex
	routes     map[Type][]*route // guarded by routesMu; slices are copied on write
	any        []*route          // guarded by routesMu; copied on write
	middleware []Middleware      // guarded by routesMu
	chain      Handler           // guarded by routesMu; deliver within all middleware

	queue queue
	stats muxCounters
}

// NewMux returns a Mux without handlers. Options may be left out; of several the
// first counts.
func NewMux(options ...MuxOptions) *Mux {
	var o MuxOptions
	if len(options) > 0 {
		o = options[0]
	}
	o.Logger = quiet.Or(o.Logger)
	if o.Workers <= 0 {
		o.Workers = 16
	}
	if o.LaneQueue <= 0 {
		o.LaneQueue = 4096
	}
	if o.Queue <= 0 {
		o.Queue = 16384
	}
	if o.StuckAfter <= 0 {
		o.StuckAfter = 30 * time.Second
	}
	m := &Mux{logger: o.Logger, stuckAfter: o.StuckAfter, routes: map[Type][]*route{}}
	m.queue.limits = limits{workers: o.Workers, lane: o.LaneQueue, total: o.Queue, bytes: queueBytes, newest: o.DropNewest}
	m.queue.work = m.work
	m.chain = m.deliver
	return m
}

// Use adds middleware around everything a notification meets: the first added is
// the outermost. It holds from the next notification on. Use panics if one is nil.
func (m *Mux) Use(middleware ...Middleware) {
	for _, wrap := range middleware {
		if wrap == nil {
			panic("eventsub: Use: the middleware is nil")
		}
	}
	m.routesMu.Lock()
	defer m.routesMu.Unlock()
	m.middleware = append(m.middleware, middleware...)
	m.chain = m.deliver
	for _, wrap := range slices.Backward(m.middleware) {
		m.chain = wrap(m.chain)
	}
}

// OnAny calls handle for every notification, also of types this package does not
// know, after the handlers of its type. The returned function ends that. OnAny
// panics if handle is nil.
func (m *Mux) OnAny(handle func(ctx context.Context, n Notification) error, options ...HandlerOption) (off func()) {
	if handle == nil {
		panic("eventsub: OnAny: the handler is nil")
	}
	r := newRoute(handle, route{
		call: func(ctx context.Context, n Notification, _ Payload) error { return handle(ctx, n) },
	}, options)
	m.routesMu.Lock()
	defer m.routesMu.Unlock()
	m.any = append(slices.Clip(m.any), r)
	return func() {
		m.routesMu.Lock()
		defer m.routesMu.Unlock()
		m.any = without(m.any, r)
	}
}

func (m *Mux) add(t Type, r *route) (off func()) {
	m.routesMu.Lock()
	defer m.routesMu.Unlock()
	m.routes[t] = append(slices.Clip(m.routes[t]), r)
	return func() {
		m.routesMu.Lock()
		defer m.routesMu.Unlock()
		if m.routes[t] = without(m.routes[t], r); len(m.routes[t]) == 0 {
			delete(m.routes, t)
		}
	}
}

// without returns a copy: a dispatch may be walking the old slice.
func without(routes []*route, r *route) []*route {
	return slices.DeleteFunc(slices.Clone(routes), func(other *route) bool { return other == r })
}

// Missing compares the handlers with the wanted subscriptions, to find
// wiring mistakes at start-up: unsubscribed are types that have a handler and no
// condition, unhandled are types that are wanted and have no handler. A handler
// registered with OnAny handles everything.
func (m *Mux) Missing(wanted ...Condition) (unsubscribed, unhandled []Type) {
	m.routesMu.RLock()
	defer m.routesMu.RUnlock()
	want := map[Type]bool{GapType: true} // gaps need no subscription
	for _, c := range wanted {
		want[c.Type()] = true
		if len(m.routes[c.Type()]) == 0 && len(m.any) == 0 && !slices.Contains(unhandled, c.Type()) {
			unhandled = append(unhandled, c.Type())
		}
	}
	for t := range m.routes {
		if !want[t] {
			unsubscribed = append(unsubscribed, t)
		}
	}
	slices.SortFunc(unsubscribed, compareTypes)
	slices.SortFunc(unhandled, compareTypes)
	return unsubscribed, unhandled
}

// MuxStats count what a Mux did since it was made.
type MuxStats struct {
	Dispatched uint64 // notifications that were accepted
	Errors     uint64 // handlers that returned an error, and events that could not be decoded
	Panics     uint64 // handlers that panicked
	Dropped    uint64 // notifications that Offer dropped because the queue was full
	Stuck      uint64 // how often a handler was found stuck; [Mux.Stuck] lists those that are
	Unread     uint64 // fields whose value could not be read and that were left at their zero value
}

type muxCounters struct {
	dispatched, errors, panics, dropped, stuck, unread atomic.Uint64
}

// Stats returns the counts so far.
func (m *Mux) Stats() MuxStats {
	return MuxStats{
		Dispatched: m.stats.dispatched.Load(),
		Errors:     m.stats.errors.Load(),
		Panics:     m.stats.panics.Load(),
		Dropped:    m.stats.dropped.Load(),
		Stuck:      m.stats.stuck.Load(),
		Unread:     m.stats.unread.Load(),
	}
}
