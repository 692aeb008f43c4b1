package eventsub

import (
	"context"
	"hash/maphash"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// MuxOptions configure a Mux. The zero value is usable.
type MuxOptions struct {
	// Logger receives the errors and panics of handlers, for programs that do not
	// use [Log]. Default: discard.
	Logger *slog.Logger
	// Workers is the number of broadcasters whose notifications are handled at the
	// same time, not counting stuck handlers. Default: 16.
	Workers int
	// LaneQueue is the number of notifications of one broadcaster that may wait. Default: 4096.
	LaneQueue int
	// Queue is the total number of notifications that may wait or be handled.
	// Independently of it they are limited to about 64 MB. Default: 16384.
	Queue int
	// DropNewest makes [Mux.Offer] drop new notifications when the queue is full.
	// Default: it drops the oldest waiting ones.
	DropNewest bool
	// StuckAfter is the time after which a handler that still works on the same
	// notification is reported as stuck: it is logged and listed by [Mux.Stuck], and
	// up to 256 such handlers no longer count as Workers. Default: 30 s.
	StuckAfter time.Duration
	// Inbox keeps the notifications that [Mux.Accept] takes over until their handlers
	// have returned. Default: none, they are kept in memory only.
	Inbox Inbox
}

// queueBytes bounds the memory of a queue.
const queueBytes = 64 << 20

// A Mux passes notifications to handlers. It has no connection of its own: every
// transport, and every test, calls [Mux.Dispatch] or [Mux.Offer]. The package comment
// describes the order of calls. All methods may be called from any goroutine at any
// time, also from inside a handler. Create one with [NewMux]: methods of the zero Mux
// panic.
type Mux struct {
	logger     *slog.Logger
	stuckAfter time.Duration

	routesMu   sync.RWMutex
	routes     map[Type][]*route // guarded by routesMu; slices are copied on write
	any        []*route          // guarded by routesMu; copied on write
	middleware []Middleware      // guarded by routesMu
	chain      Handler           // guarded by routesMu; deliver wrapped in all middleware

	queue  queue
	intake *intake // nil without inbox
	taps   taps
	stats  muxCounters
}

// NewMux returns a Mux without handlers. Options are optional; if several are passed,
// the first is used.
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
	m.queue.limits = limits{workers: o.Workers, lane: o.LaneQueue, total: o.Queue, bytes: queueBytes, newest: o.DropNewest, lost: mostOverflows}
	m.queue.work = m.work
	m.chain = m.deliver
	m.taps.seed = maphash.MakeSeed()
	if o.Inbox != nil {
		m.intake = newIntake(m, o.Inbox)
	}
	return m
}

// Use adds middleware around the handling of every notification: the first added is the
// outermost. It takes effect with the next notification. Use panics if one is nil or
// returns nil.
func (m *Mux) Use(middleware ...Middleware) {
	for _, wrap := range middleware {
		if wrap == nil {
			panic("eventsub: Use: the middleware is nil")
		}
	}
	m.mustBeNew()
	m.routesMu.Lock()
	defer m.routesMu.Unlock()
	all := slices.Concat(m.middleware, middleware)
	chain := Handler(m.deliver)
	for _, wrap := range slices.Backward(all) {
		if chain = wrap(chain); chain == nil {
			panic("eventsub: Use: the middleware returned nil")
		}
	}
	m.middleware, m.chain = all, chain
}

// mustBeNew panics if NewMux did not create m: then the goroutine of the caller shows
// the mistake, not one of the mux.
func (m *Mux) mustBeNew() {
	if m == nil || m.queue.work == nil {
		panic("eventsub: use NewMux")
	}
}

// OnAny calls handle for every notification, including types that this package has no
// Go type for, after the handlers of its type. The returned function removes the
// handler; it does not wait for a call that is under way. OnAny panics if handle is
// nil.
func (m *Mux) OnAny(handle func(ctx context.Context, n Notification) error, options ...HandlerOption) (off func()) {
	if handle == nil {
		panic("eventsub: OnAny: the handler is nil")
	}
	m.mustBeNew()
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
	m.mustBeNew()
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

// Missing compares the handlers with the wanted subscriptions, to find wiring mistakes
// at start-up. It returns in unsubscribed the types that have a handler but no
// condition, and in unhandled the types that are wanted but have no handler. A handler
// registered with OnAny handles all types. Types that Twitch does not have, such as
// [GapType] and those of [Mux.Emit], need no condition.
func (m *Mux) Missing(wanted ...Condition) (unsubscribed, unhandled []Type) {
	m.routesMu.RLock()
	defer m.routesMu.RUnlock()
	want := map[Type]bool{}
	for _, c := range wanted {
		want[c.Type()] = true
		if len(m.routes[c.Type()]) == 0 && len(m.any) == 0 && !slices.Contains(unhandled, c.Type()) {
			unhandled = append(unhandled, c.Type())
		}
	}
	for t := range m.routes {
		if !want[t] && mayBeTwitchs(t) {
			unsubscribed = append(unsubscribed, t)
		}
	}
	slices.SortFunc(unsubscribed, compareTypes)
	slices.SortFunc(unhandled, compareTypes)
	return unsubscribed, unhandled
}

// MuxStats count the work of a Mux since it was created.
type MuxStats struct {
	Dispatched  uint64 // notifications that were accepted
	Errors      uint64 // handlers that returned an error, and events that could not be decoded
	Panics      uint64 // handlers that panicked
	Dropped     uint64 // notifications that Offer dropped because the queue was full
	Stuck       uint64 // how often a handler was found stuck; [Mux.Stuck] lists the current ones
	Unread      uint64 // fields whose value could not be decoded and that were left at their zero value
	Stored      uint64 // notifications that [Mux.Accept] stored in the inbox
	Redelivered uint64 // notifications of an earlier run that were in the inbox
	Duplicates  uint64 // notifications that were dropped because they had been accepted before
	StoreErrors uint64 // failed calls of the inbox
	Missed      uint64 // events that a [WaitFor] or [Chan] did not see because too many waited for it
	Behind      int    // notifications that are in the inbox now, waiting for room in the queue
}

type muxCounters struct {
	dispatched, errors, panics, dropped, stuck, unread, stored, redelivered, duplicates, storeErrors, missed atomic.Uint64
}

// Stats returns the counts so far.
func (m *Mux) Stats() MuxStats {
	m.queue.mu.Lock()
	behind := m.queue.behind
	m.queue.mu.Unlock()
	return MuxStats{
		Dispatched:  m.stats.dispatched.Load(),
		Errors:      m.stats.errors.Load(),
		Panics:      m.stats.panics.Load(),
		Dropped:     m.stats.dropped.Load(),
		Stuck:       m.stats.stuck.Load(),
		Unread:      m.stats.unread.Load(),
		Stored:      m.stats.stored.Load(),
		Redelivered: m.stats.redelivered.Load(),
		Duplicates:  m.stats.duplicates.Load(),
		StoreErrors: m.stats.storeErrors.Load(),
		Missed:      m.stats.missed.Load(),
		Behind:      behind,
	}
}
