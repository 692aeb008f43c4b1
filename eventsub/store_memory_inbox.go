package eventsub

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// MemoryInboxOptions configure a MemoryInbox. The zero value is usable.
type MemoryInboxOptions struct {
	// Most is the number of notifications that are not done. Default: 65,536.
	Most int
	// MostBytes limits the size of their events. Default: 64 MB.
	MostBytes int
	// Remember is the number of message ids that are remembered. Default: 262,144.
	Remember int
}

// A MemoryInbox is an [Inbox] for tests and small programs. It does not survive the end
// of the program, but keeps notifications for which the queue has no room, and drops
// duplicates. When it is full, Put returns [ErrInboxFull].
type MemoryInbox struct {
	o MemoryInboxOptions

	mu      sync.Mutex
	ids     recent               // guarded by mu; message ids
	last    int64                // guarded by mu; last number
	waiting []int64              // guarded by mu; numbers in order, some of which are done
	entries map[int64]InboxEntry // guarded by mu; those that are not done
	bytes   int                  // guarded by mu; size of their events
}

// NewMemoryInbox returns an empty inbox.
func NewMemoryInbox(o MemoryInboxOptions) *MemoryInbox {
	if o.Most <= 0 {
		o.Most = 1 << 16
	}
	if o.MostBytes <= 0 {
		o.MostBytes = 64 << 20
	}
	if o.Remember <= 0 {
		o.Remember = 1 << 18
	}
	return &MemoryInbox{o: o, ids: recent{most: o.Remember}, entries: map[int64]InboxEntry{}}
}

// Put implements [Inbox].
func (b *MemoryInbox) Put(_ context.Context, ns ...Notification) ([]int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	numbers := make([]int64, len(ns))
	fresh, bytes := map[string]bool{}, 0
	for _, n := range ns {
		if id := n.Meta.MessageID; !fresh[id] && !b.ids.has(id) {
			fresh[id] = true
			bytes += len(n.Event)
		}
	}
	if len(b.entries)+len(fresh) > b.o.Most || b.bytes+bytes > b.o.MostBytes {
		return nil, fmt.Errorf("%w: %d events wait for their handlers", ErrInboxFull, len(b.entries))
	}
	for i, n := range ns {
		id := n.Meta.MessageID
		if !fresh[id] {
			continue
		}
		delete(fresh, id)
		b.ids.add(id, "")
		b.last++
		numbers[i] = b.last
		n.decoded, n.handled = nil, nil
		b.entries[b.last] = InboxEntry{Number: b.last, Notification: n}
		b.waiting = append(b.waiting, b.last)
		b.bytes += len(n.Event)
	}
	return numbers, nil
}

// Done implements [Inbox].
func (b *MemoryInbox) Done(_ context.Context, numbers ...int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, number := range numbers {
		b.bytes -= len(b.entries[number].Notification.Event)
		delete(b.entries, number)
	}
	if len(b.waiting) > 2*len(b.entries)+64 {
		b.waiting = slices.DeleteFunc(b.waiting, func(number int64) bool {
			_, ok := b.entries[number]
			return !ok
		})
	}
	return nil
}

// Waiting implements [Inbox].
func (b *MemoryInbox) Waiting(_ context.Context, after int64, limit int) ([]InboxEntry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i, _ := slices.BinarySearch(b.waiting, after+1)
	var list []InboxEntry
	for ; i < len(b.waiting) && len(list) < limit; i++ {
		if e, ok := b.entries[b.waiting[i]]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}

// recent remembers the last keys that were added, with a value each.
type recent struct {
	most   int
	values map[string]string
	order  []string // the oldest at first
	first  int      // index of the oldest in order, which is a ring when full
}

func (r *recent) has(key string) bool {
	_, ok := r.values[key]
	return ok
}

func (r *recent) add(key, value string) {
	if r.values == nil {
		r.values = map[string]string{}
	}
	if _, ok := r.values[key]; !ok {
		if len(r.order) < r.most {
			r.order = append(r.order, key)
		} else {
			delete(r.values, r.order[r.first])
			r.order[r.first] = key
			r.first = (r.first + 1) % r.most
		}
	}
	r.values[key] = value
}
