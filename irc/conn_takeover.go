package irc

import (
	"context"
	"sync/atomic"
	"time"
)

// While a chunk is being handled, a timer looks every lookEvery how far the leader is. The
// handler that runs now is slow if it was the same one at stuckLooks looks, or if at
// slowLooks looks in a row less than fewCalls calls were made in between. Then its
// goroutine becomes the worker of its lane, and another one becomes the leader.
const (
	lookEvery  = 500 * time.Microsecond
	stuckLooks = 3
	slowLooks  = 4
	fewCalls   = uint64(lookEvery / slowCall)
)

// Two slow handlers within this time mean that handlers are slow in general: a reader
// leaves all messages to workers.
const takeoversTooClose = 20 * time.Millisecond

// A readWatch is what look knows of its reader.
type readWatch struct {
	timer *time.Timer
	armed atomic.Bool            // whether timer will call look
	chunk atomic.Uint64          // chunks begun and ended: odd while one is being handled
	lead  atomic.Pointer[leader] // changed by look only

	// Touched by look only: what it saw last.
	seenLead     *leader
	seenChunk    uint64
	seenCalls    uint64
	none, few    int // looks in a row with no call, and with few calls
	lastTakeover time.Time
}

func (w *readWatch) isBusy() bool { return w.chunk.Load()&1 == 1 }

func (w *readWatch) begin() {
	w.chunk.Add(1)
	if w.armed.CompareAndSwap(false, true) {
		w.timer.Reset(lookEvery)
	}
}

func (w *readWatch) end() { w.chunk.Add(1) }

// look runs in a goroutine of its own, never twice at the same time.
func (r *reader) look(ctx context.Context) {
	w := &r.watch
	if !w.isBusy() {
		w.armed.Store(false)
		if !w.isBusy() || !w.armed.CompareAndSwap(false, true) {
			return // begin starts the timer again
		}
	}
	lead, chunk := w.lead.Load(), w.chunk.Load()
	calls := lead.calls.Load()
	made := calls - w.seenCalls
	switch {
	case lead != w.seenLead || chunk != w.seenChunk || made >= fewCalls:
		w.none, w.few = 1, 0
	case made > 0:
		w.none, w.few = 1, w.few+1
	default:
		w.none, w.few = w.none+1, w.few+1
	}
	w.seenLead, w.seenChunk, w.seenCalls = lead, chunk, calls
	if w.none >= stuckLooks || w.few >= slowLooks {
		r.takeOver(ctx, lead)
	}
	w.timer.Reset(lookEvery << min(max(w.none-stuckLooks, 0), 6)) // the leader may wait for something else than handlers
}

// takeOver makes the goroutine that calls handlers a worker and starts a new leader, unless
// it is not calling any at the moment.
func (r *reader) takeOver(ctx context.Context, lead *leader) {
	l := lead.lane.Load()
	if l == nil {
		return
	}
	l.mu.Lock()
	taken := l.take(r.mark)
	if taken {
		l.slow.Store(true)
		l.caller.Store(&lead.caller)
	}
	l.mu.Unlock()
	if !taken {
		return
	}
	// The old leader touches nothing of the reader from here on.
	ls := r.c.lanes
	ls.waiting.Add(1)
	now := time.Now()
	if now.Sub(r.watch.lastTakeover) < takeoversTooClose {
		ls.fast.Store(0)
		r.toQueues = true
	}
	r.watch.lastTakeover = now
	r.w.renew() // the handler may be looking at a line in its memory
	next := new(leader)
	r.watch.lead.Store(next)
	ls.workers.Go(func() { r.lead(ctx, next) })
}

// carryOn is work for a goroutine that has just handled a message as the leader.
func (ls *lanes) carryOn(ctx context.Context, l *lane, as *caller) {
	ls.waiting.Add(-1)
	l.fast = 0
	ls.work(ctx, l, as)
}
