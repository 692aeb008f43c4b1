package bot

import (
	"context"
	"hash/maphash"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A source is where copies of messages come from. It is also a set of them.
type source uint8

const (
	fromIRC source = 1 << iota
	fromEventSub
)

// other returns the other source.
func (from source) other() source { return (fromIRC | fromEventSub) &^ from }

// An arrival is a copy of a message that a source delivered.
type arrival struct {
	from    source
	room    string
	id      string
	carried interface{ Chat() *chat.Message }
	alone   bool // the other source does not deliver this message
}

// A held message waits for its other copy, or for its turn.
type held struct {
	key   uint64 // hash of the id
	m     *chat.Message
	from  source        // which copies have arrived
	lacks source        // which copy it waits for; 0: for none
	at    time.Duration // when the first copy arrived, since the start of the stream
	until time.Duration // how long it waits
}

// A room is the chat of one channel.
type room struct {
	s   *Stream
	key string

	mu      sync.Mutex // never held while a handler runs
	seen    seen
	queue   []*held // in the order of arrival
	waiting map[uint64]*held
	busy    bool          // a goroutine hands messages on, one after another
	freed   chan struct{} // closed when the queue is shorter or busy ends; nil if no goroutine waits for that
	timer   *time.Timer   // wakes the room when the first message has waited for long enough
	retired bool          // the stream has another room for this channel now

	expected source             // which sources deliver this channel, as far as is known
	heard    [3]time.Duration   // by source: when it last delivered something in time
	covered  *map[string]string // what cover said when it was last asked
	subID    string             // the subscription of this channel at that time
	last     time.Duration      // when a copy last arrived
}

func newRoom(s *Stream, key string) *room {
	return &room{s: s, key: strings.Clone(key), waiting: make(map[uint64]*held), last: time.Since(s.started)}
}

// arrive takes a copy of a message, and hands on what need not wait any longer.
func (s *Stream) arrive(ctx context.Context, a arrival) {
	merging := s.sources.Load() > 1 && a.id != ""
	var key uint64
	if merging {
		key = maphash.String(s.seed, a.id)
		s.cover.refresh(time.Since(s.started))
	}
	r := s.room(a.room)
	r.mu.Lock()
	for r.retired {
		r.mu.Unlock()
		r = s.room(a.room)
		r.mu.Lock()
	}
	now := time.Since(s.started)
	r.last = now
	for {
		if merging && r.again(ctx, a, key, now) {
			return
		}
		if len(r.queue) < s.o.Held {
			break
		}
		if !r.makeRoom(ctx) {
			return
		}
		now = time.Since(s.started)
	}
	if !merging {
		r.put(ctx, a, held{at: now})
		return
	}
	r.seen.add(key, a.from, now)
	r.expected |= a.from
	r.heard[a.from] = now
	r.look()
	h := held{key: key, from: a.from, at: now, until: now + s.o.Wait}
	if s.o.Wait > 0 && !a.alone && r.expected&a.from.other() != 0 && !s.closing.Load() {
		h.lacks = a.from.other()
	}
	r.put(ctx, a, h)
}

// again handles a copy of a message that has arrived before. It returns false, and r.mu
// is still held, if the message is new; otherwise it unlocks r.mu.
func (r *room) again(ctx context.Context, a arrival, key uint64, now time.Duration) bool {
	first, copies := r.seen.find(key)
	if copies == 0 {
		return false
	}
	if copies&a.from != 0 {
		r.s.stats.duplicates.Add(1)
		r.mu.Unlock()
		return true
	}
	r.seen.add(key, a.from, first)
	if now-first <= r.s.o.Wait {
		r.expected |= a.from
		r.heard[a.from] = now
	}
	h := r.waiting[key]
	if h == nil {
		r.s.stats.late.Add(1)
		r.mu.Unlock()
		return true
	}
	r.s.stats.merged.Add(1)
	h.m = mergeFrom(h.m, a)
	h.from |= a.from
	h.lacks = 0
	r.work(ctx)
	return true
}

// makeRoom hands on the first message of a full queue although its other copy is missing,
// or waits until the goroutine that hands messages on has taken one. It returns false if
// ctx ended before that; then r.mu is no longer held.
func (r *room) makeRoom(ctx context.Context) bool {
	if !r.busy {
		r.queue[0].lacks = 0 // not 0 so far: it would have been handed on
		r.s.stats.early.Add(1)
		r.work(ctx)
		r.mu.Lock()
		return true
	}
	if err := r.waitFreed(ctx); err != nil {
		r.s.stats.dropped.Add(1)
		return false
	}
	r.mu.Lock()
	return true
}

// waitFreed unlocks r.mu and waits until the queue is shorter or nothing is handed on.
func (r *room) waitFreed(ctx context.Context) error {
	if r.freed == nil {
		r.freed = make(chan struct{})
	}
	freed := r.freed
	r.mu.Unlock()
	select {
	case <-freed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// put takes a new message, and hands on what need not wait. r.mu is held; put unlocks it.
func (r *room) put(ctx context.Context, a arrival, h held) {
	if h.lacks == 0 && len(r.queue) == 0 && !r.busy { // nothing to wait for
		r.busy = true
		r.mu.Unlock()
		r.s.handOn(ctx, a.carried.Chat())
		r.mu.Lock()
		r.busy = false
	} else {
		h.m = a.carried.Chat()
		kept := new(held) // not &h, which would be allocated at every call
		*kept = h
		r.queue = append(r.queue, kept)
		if h.from != 0 {
			r.waiting[h.key] = kept
		}
	}
	r.work(ctx)
}

// mostAtOnce is how many messages a goroutine of a source hands on before one of the
// stream goes on, so that the source is not kept from its own work.
const mostAtOnce = 32

// work hands on the messages at the head of the queue that need not wait. r.mu is held;
// work unlocks it.
func (r *room) work(ctx context.Context) {
	defer r.mu.Unlock()
	if r.busy {
		return
	}
	r.busy = true
	for n := 0; ; n++ {
		if n == mostAtOnce && len(r.queue) > 0 {
			go r.goOn() //nolint:contextcheck // ctx belongs to a source, and may end with its call
			return
		}
		m := r.next()
		if m == nil {
			break
		}
		r.mu.Unlock()
		r.s.handOn(ctx, m)
		r.mu.Lock()
	}
	r.rest()
}

// goOn is work on a goroutine of its own.
func (r *room) goOn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for m := r.next(); m != nil; m = r.next() {
		r.mu.Unlock()
		r.s.handOn(streamContext{r.s.ended}, m)
		r.mu.Lock()
	}
	r.rest()
}

// wake hands on messages that have waited for long enough.
func (r *room) wake() {
	r.mu.Lock()
	if r.busy {
		r.mu.Unlock()
		return
	}
	r.busy = true
	r.mu.Unlock()
	r.goOn()
}

// rest ends the work: it sets the timer for the first message that still waits.
func (r *room) rest() {
	r.busy = false
	r.free()
	if len(r.queue) == 0 {
		r.queue = nil
		return
	}
	wait := retry.Positive(r.queue[0].until - time.Since(r.s.started))
	if r.timer == nil {
		r.timer = time.AfterFunc(wait, r.wake)
	} else {
		r.timer.Reset(wait)
	}
}

// free wakes the goroutines that wait for room in the queue.
func (r *room) free() {
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
}

// next removes the first message from the queue and returns it, if it need not wait.
func (r *room) next() *chat.Message {
	if len(r.queue) == 0 {
		return nil
	}
	h := r.queue[0]
	if lacks := h.lacks & r.expected; lacks != 0 && !r.s.closing.Load() {
		if time.Since(r.s.started) < h.until {
			return nil
		}
		if r.heard[lacks] < h.at { // it delivered nothing all the time: it is lost
			r.expected &^= lacks
		}
	}
	if h.lacks != 0 {
		r.s.stats.alone.Add(1)
	}
	r.queue[0] = nil
	r.queue = r.queue[1:]
	delete(r.waiting, h.key)
	r.free()
	return h.m
}

// finish hands on everything, and waits for the handlers.
func (r *room) finish(ctx context.Context) error {
	for {
		r.mu.Lock()
		if r.timer != nil {
			r.timer.Stop()
		}
		switch {
		case r.busy:
			if err := r.waitFreed(ctx); err != nil {
				return err
			}
		case len(r.queue) > 0:
			r.work(ctx)
		default:
			r.mu.Unlock()
			return nil
		}
	}
}

// retire ends the room if nothing was said in it for as long as ids are remembered.
func (r *room) retire(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retired = !r.busy && len(r.queue) == 0 && now.Sub(r.s.started)-r.last > seenFor
	return r.retired
}
