package bot

import (
	"context"
	"hash/maphash"
	"time"
)

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
		if merging && r.again(a, key, now) {
			r.mu.Unlock()
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

// again handles a copy of a message that has arrived before, and reports whether it is one.
// r.mu is held.
func (r *room) again(a arrival, key uint64, now time.Duration) bool {
	first, copies := r.seen.find(key)
	if copies == 0 {
		return false
	}
	if copies&a.from != 0 {
		r.s.stats.duplicates.Add(1)
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
		return true
	}
	r.s.stats.merged.Add(1)
	h.m = mergeFrom(h.m, a)
	h.lacks = 0
	r.work()
	return true
}

// makeRoom hands on the first message of a full queue although its other copy is missing,
// and waits until it was taken. It returns false if ctx ended before that; then r.mu is no
// longer held.
func (r *room) makeRoom(ctx context.Context) bool {
	if !r.busy {
		r.queue[0].lacks = 0 // not 0 so far: it would have been handed on
		r.s.stats.early.Add(1)
		r.work()
	}
	if err := r.waitFreed(ctx); err != nil {
		r.s.stats.dropped.Add(1)
		return false
	}
	r.mu.Lock()
	return true
}

// put takes a new message. If only one source delivers the channel and nothing waits, its
// goroutine calls the handlers. r.mu is held; put unlocks it.
func (r *room) put(ctx context.Context, a arrival, h held) {
	alone := h.from == 0 || r.expected&a.from.other() == 0 || r.s.o.Wait < 0
	if !alone || len(r.queue) > 0 || r.busy {
		h.m = a.carried.Chat()
		kept := new(held) // not &h, which would be allocated at every call
		*kept = h
		r.queue = append(r.queue, kept)
		if h.from != 0 {
			r.waiting[h.key] = kept
		}
		r.work()
		r.mu.Unlock()
		return
	}
	r.busy = true
	r.mu.Unlock()
	defer r.handedOn() // also if a handler ends the goroutine, as t.FailNow does
	r.s.handOn(ctx, a.carried.Chat())
}

// handedOn continues after the goroutine of a source has handed on a message.
func (r *room) handedOn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy = false
	r.free()
	r.work()
}
