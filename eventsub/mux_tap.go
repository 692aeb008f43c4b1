package eventsub

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// taps pass notifications to [WaitFor] and [Chan] when they arrive, before they wait for
// their turn.
type taps struct {
	byType atomic.Pointer[map[Type][]*tap] // nil if there are none; map and slices are copied on write
	mu     sync.Mutex                      // held while byType is changed

	// seen holds the hashes of the message ids that arrived last, each in the place that
	// its lowest bits name. It exists from the first notification on.
	seen atomic.Pointer[[tapSeen]atomic.Uint64]
	seed maphash.Seed
}

// tapSeen is the number of message ids by which taps recognize duplicates.
const tapSeen = 4096

// A tap is a bounded list of notifications that its owner has not looked at yet.
type tap struct {
	most int

	mu     sync.Mutex
	list   []Notification // guarded by mu
	missed int            // guarded by mu; notifications for which there was no room
	ready  chan struct{}  // gets a value when list is no longer empty; has room for one
}

// tap passes n to the taps of its type, unless its message id arrived before. It never
// waits.
func (m *Mux) tap(n Notification) {
	if m.taps.again(n.Meta.MessageID) {
		return
	}
	byType := m.taps.byType.Load()
	if byType == nil {
		return
	}
	for _, t := range (*byType)[n.Type] {
		if !t.put(n) {
			m.stats.missed.Add(1)
		}
	}
}

// again reports whether a message id arrived before, and remembers it.
func (ts *taps) again(id string) bool {
	if id == "" {
		return false
	}
	seen := ts.seen.Load()
	if seen == nil {
		ts.seen.CompareAndSwap(nil, new([tapSeen]atomic.Uint64))
		seen = ts.seen.Load()
	}
	hash := maphash.String(ts.seed, id)
	return seen[hash%tapSeen].Swap(hash) == hash
}

// open adds a tap of a type.
func (ts *taps) open(t Type, most int) *tap {
	one := &tap{most: most, ready: make(chan struct{}, 1)}
	ts.change(func(all map[Type][]*tap) { all[t] = append(slices.Clip(all[t]), one) })
	return one
}

// close removes a tap.
func (ts *taps) close(t Type, one *tap) {
	ts.change(func(all map[Type][]*tap) {
		all[t] = slices.DeleteFunc(slices.Clone(all[t]), func(other *tap) bool { return other == one })
		if len(all[t]) == 0 {
			delete(all, t)
		}
	})
}

func (ts *taps) change(edit func(map[Type][]*tap)) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	all := map[Type][]*tap{}
	if old := ts.byType.Load(); old != nil {
		maps.Copy(all, *old)
	}
	if edit(all); len(all) == 0 {
		ts.byType.Store(nil)
		return
	}
	ts.byType.Store(&all)
}

// put adds a notification and returns false if there is no room.
func (t *tap) put(n Notification) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.list) >= t.most {
		t.missed++
		return false
	}
	t.list = append(t.list, n)
	select {
	case t.ready <- struct{}{}:
	default:
	}
	return true
}

// take waits for the next notification. It returns ctx's error when ctx ends first.
func (t *tap) take(ctx context.Context) (Notification, error) {
	for {
		if ctx.Err() != nil {
			return Notification{}, context.Cause(ctx)
		}
		if n, ok := t.first(); ok {
			return n, nil
		}
		select {
		case <-t.ready:
		case <-ctx.Done():
		}
	}
}

func (t *tap) first() (n Notification, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.list) == 0 {
		t.list = nil
		return Notification{}, false
	}
	n = t.list[0]
	t.list[0] = Notification{}
	t.list = t.list[1:]
	return n, true
}
