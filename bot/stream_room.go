package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A held message waits for its other copy, or for its turn.
type held struct {
	key   uint64 // hash of the id
	m     *chat.Message
	from  source        // which copy arrived first; 0 if copies are not looked for
	lacks source        // which copy it waits for; 0: for none
	at    time.Duration // when the first copy arrived, since the start of the stream
	until time.Duration // how long it waits
}

// A room is the chat of one channel.
type room struct {
	s    *Stream
	key  string
	hand func() // handOn, for a goroutine

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
	r := &room{s: s, key: strings.Clone(key), waiting: make(map[uint64]*held), last: time.Since(s.started)}
	r.hand = r.handOn
	return r
}

// work hands on the messages at the head of the queue that need not wait, on a goroutine
// of its own: a slow handler must not keep the sources from delivering the other copies of
// messages that wait. r.mu is held.
func (r *room) work() {
	switch {
	case r.busy:
	case r.due():
		r.busy = true
		go r.hand()
	default:
		r.rest()
	}
}

// handOn hands on messages as long as they need not wait. Their context is one of the
// stream: that of the call that brought a message may have ended.
func (r *room) handOn() {
	returned := false
	defer func() {
		if !returned { // a handler ended the goroutine, as t.FailNow does
			go r.hand()
		}
	}()
	r.mu.Lock()
	for r.due() {
		m := r.next()
		r.mu.Unlock()
		r.s.handOn(streamContext{r.s.ended}, m)
		r.mu.Lock()
	}
	r.rest()
	r.mu.Unlock()
	returned = true
}

// wake is called when the first message has waited for long enough.
func (r *room) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.work()
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

// due reports whether there is a first message and it need not wait for its other copy.
func (r *room) due() bool {
	if len(r.queue) == 0 {
		return false
	}
	h := r.queue[0]
	return h.lacks&r.expected == 0 || time.Since(r.s.started) >= h.until || r.s.closing.Load()
}

// next removes the first message, which is due, from the queue and returns it.
func (r *room) next() *chat.Message {
	h := r.queue[0]
	if h.lacks != 0 {
		r.s.stats.alone.Add(1)
		// If the source delivered nothing all the time, it is lost; unless it waits for us.
		if r.heard[h.lacks] < h.at && r.freed == nil {
			r.expected &^= h.lacks
		}
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
			r.work()
			r.mu.Unlock()
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
