package eventsub

import (
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A recovery knows for each condition up to when its events are complete, stores that,
// and fetches what was missed. It does not depend on a transport:
//
//   - The transport calls subscribed, lost and forget when a subscription begins to
//     exist, ends, or is no longer wanted, and hears for each message of a connection.
//   - It passes each notification to track before it dispatches it.
//   - It calls absent at the start, for conditions that were subscribed before, and gap
//     when subscriptions exist again.
//
// All methods may be called from any goroutine, and on a nil *recovery, which does
// nothing.
type recovery struct {
	mux       *Mux
	recoverer Recoverer      // nil: nothing can be fetched
	store     WatermarkStore // nil: watermarks do not survive the program
	logger    *slog.Logger
	gaps      *atomic.Uint64 // counts dispatched gaps
	types     map[Type]bool  // those of the recoverer

	wake   chan struct{} // has a value when run has new work
	saving turn          // held by save

	mu      sync.Mutex
	running bool
	marks   map[string]*mark          // guarded by mu; by key
	bySub   map[string]*mark          // guarded by mu; by subscription id
	lanes   map[string]map[*mark]bool // guarded by mu; those with a state, by broadcaster
	dirty   map[*mark]bool            // guarded by mu; those to store
	removed map[string]bool           // guarded by mu; keys to remove from the store
	tasks   []*catchUp                // guarded by mu; not started, in the order of their losses
	busy    map[string]bool           // guarded by mu; users of running tasks
	fresh   []*mark                   // guarded by mu; those that need a first state

	fetching int // guarded by mu; first states being fetched
}

// newRecovery returns nil if there is nothing to do.
func newRecovery(mux *Mux, recoverer Recoverer, store WatermarkStore, logger *slog.Logger, gaps *atomic.Uint64) *recovery {
	if recoverer == nil && store == nil {
		return nil
	}
	r := &recovery{
		mux: mux, recoverer: recoverer, store: store, logger: logger, gaps: gaps,
		types: map[Type]bool{}, wake: make(chan struct{}, 1),
		marks: map[string]*mark{}, bySub: map[string]*mark{}, lanes: map[string]map[*mark]bool{},
		dirty: map[*mark]bool{}, removed: map[string]bool{}, busy: map[string]bool{},
	}
	if recoverer != nil {
		for _, t := range recoverer.Types() {
			r.types[t] = true
		}
	}
	return r
}

// subscribed records that the subscription of a condition exists, on a line.
func (r *recovery) subscribed(t target, userID, subscriptionID string, l *line) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.marks[t.key]
	if m == nil {
		m = &mark{key: t.key, at: l.heard()}
		r.marks[t.key] = m
		delete(r.removed, t.key)
	}
	known := m.target != nil
	m.target, m.userID, m.line = &t, userID, l
	delete(r.bySub, m.subscription)
	m.subscription = subscriptionID
	r.bySub[subscriptionID] = m
	r.dirty[m] = true
	if len(m.losses) == 0 && m.state == nil && !known && r.types[t.kind] {
		r.fresh = append(r.fresh, m)
	}
	r.index(m)
	r.notify()
}

// index lists a mark by its broadcaster if events have to be collected for its state.
// The caller holds mu.
func (r *recovery) index(m *mark) {
	if m.target == nil || m.state == nil {
		return
	}
	lane := laneOf(m.target.fields)
	if r.lanes[lane] == nil {
		r.lanes[lane] = map[*mark]bool{}
	}
	r.lanes[lane][m] = true
}

// lost records that the subscriptions of conditions have been lost: their events are
// missed since a time at the latest, until the transport calls gap.
func (r *recovery) lost(reason error, since time.Time, keys ...string) {
	r.end(reason, since, true, keys)
}

// revoked records that Twitch has ended subscriptions. If they are created again, absent
// returns the time in between.
func (r *recovery) revoked(reason error, keys ...string) { r.end(reason, time.Time{}, false, keys) }

func (r *recovery) end(reason error, since time.Time, announced bool, keys []string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		if m := r.marks[key]; m != nil && m.line != nil {
			r.lose(m, reason)
			m.announced = announced
			if l := &m.losses[len(m.losses)-1]; !l.bound && !since.IsZero() {
				l.from = earlier(l.from, since)
				m.frozen.at = earlier(m.frozen.at, since)
			}
		}
	}
	r.notify()
}

// lose begins a loss of a mark. The caller holds mu.
func (r *recovery) lose(m *mark, reason error) {
	if m.line == nil {
		return
	}
	if n := len(m.losses); n == 0 || m.losses[n-1].bound {
		m.losses = append(m.losses, loss{from: m.complete(), reason: reason})
	}
	m.freeze()
	m.at, m.line = m.complete(), nil
	delete(r.bySub, m.subscription)
	r.dirty[m] = true
}

// forget removes conditions that are no longer wanted.
func (r *recovery) forget(keys ...string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		m := r.marks[key]
		if m == nil {
			continue
		}
		delete(r.marks, key)
		delete(r.bySub, m.subscription)
		delete(r.dirty, m)
		if m.target != nil {
			lane := laneOf(m.target.fields)
			if delete(r.lanes[lane], m); len(r.lanes[lane]) == 0 {
				delete(r.lanes, lane)
			}
		}
		r.fresh = slices.DeleteFunc(r.fresh, func(other *mark) bool { return other == m })
		m.forgotten = true
		r.removed[key] = true
	}
	r.notify()
}

// An absence is a time in which subscriptions did not exist.
type absence struct {
	from   time.Time
	reason error
	keys   []string
}

// absent returns since when the given conditions were without a subscription, although
// they had one before this run, or before it was revoked or deleted. It returns each
// absence only once, and none that began after before, unless that is zero.
func (r *recovery) absent(keys []string, before time.Time) (a absence, ok bool) {
	if r == nil {
		return absence{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		m := r.marks[key]
		if m == nil || m.announced || len(m.losses) == 0 || m.losses[len(m.losses)-1].bound {
			continue
		}
		if last := m.losses[len(m.losses)-1]; !before.IsZero() && last.from.After(before) {
			continue
		}
		m.announced = true
		last := m.losses[len(m.losses)-1]
		if a.keys = append(a.keys, key); len(a.keys) == 1 || last.from.Before(a.from) {
			a.from, a.reason = last.from, last.reason
		}
	}
	return a, len(a.keys) > 0
}

// excuse ends losses of conditions of which no event was missed.
func (r *recovery) excuse(keys []string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		m := r.marks[key]
		if m == nil {
			continue
		}
		m.losses = slices.DeleteFunc(m.losses, func(l loss) bool { return !l.bound })
		if m.announced = false; len(m.losses) == 0 {
			m.frozen = nil
		}
		r.dirty[m] = true
	}
	r.notify()
}

// track prepares a notification for the mux, so that its condition counts as complete
// only when the notification was handled.
func (r *recovery) track(n Notification) Notification {
	if r == nil {
		return n
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.markOf(n)
	if m == nil {
		return n
	}
	p := &waiting{sent: n.Meta.Timestamp}
	m.waiting = append(m.waiting, p)
	n.handled = func() { r.handled(m, p, n) }
	return n
}

// stored records a notification that cannot be lost any more because an inbox has it.
func (r *recovery) stored(n Notification) {
	if r == nil {
		return
	}
	r.mu.Lock()
	m := r.markOf(n)
	r.mu.Unlock()
	if m != nil {
		r.handled(m, new(waiting), n)
	}
}

// markOf returns the mark of a notification's condition, or nil. The caller holds mu.
func (r *recovery) markOf(n Notification) *mark {
	if m := r.bySub[n.Meta.Subscription.ID]; m != nil {
		return m
	}
	return r.marks[keyOf(n.Type, n.Meta.Subscription.Condition)]
}

// handled records that the handlers of a notification have returned.
func (r *recovery) handled(m *mark, p *waiting, n Notification) {
	fact := ""
	matters := r.types[n.Type]
	if matters {
		if payload, err := n.Payload(); err == nil {
			fact = payload.SemanticKey()
		}
	}
	r.mu.Lock()
	m.finished(p)
	if m.forgotten {
		r.mu.Unlock()
		return
	}
	r.dirty[m] = true
	if matters {
		m.remember(fact, n.Meta.Timestamp)
		r.collect(n)
	}
	last := !r.running && len(m.waiting) == 0
	r.mu.Unlock()
	if last { // Drain waits for this
		r.saveLast()
	} else {
		r.notify()
	}
}

// collect adds a handled event to those that change the states of the broadcaster's
// conditions. The caller holds mu.
func (r *recovery) collect(n Notification) {
	n.handled, n.decoded = nil, nil
	for m := range r.lanes[n.lane()] {
		m.events = append(m.events, n)
		if m.frozen != nil && r.store != nil { // its state must not show handled events as missed, or it would miss their reverse
			m.frozen.events = append(m.frozen.events, n)
		}
		r.dirty[m] = true
	}
}

// notify wakes run.
func (r *recovery) notify() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
