package irc

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lanes are the channels of all connections of a client. A lane has a goroutine of its
// own, its worker, only while it has messages in its queue.
type lanes struct {
	max      int // messages that may wait in a lane
	maxTotal int // messages that may wait in all lanes together
	overflow Overflow
	do       func(context.Context, *caller, *Message)

	waiting atomic.Int64  // messages in all lanes, those that workers are handling included
	dropped atomic.Uint64 // messages since the client was made
	marks   atomic.Int32  // the latest mark of a reader
	fast    atomic.Int64  // messages that all workers handled fast since the last slow one

	mu      sync.Mutex
	lanes   map[string]*lane // guarded by mu
	workers sync.WaitGroup   // and readers
}

const (
	keptQueue = 32   // an empty queue up to this length is kept by a lane without work
	keptLanes = 4096 // more lanes than this are removed once they have no work
	fullLanes = 16   // so many full lanes fit into all lanes together
)

// Handlers that take slowCall or longer for a message are slow. After calm messages
// without a slow one a reader calls them itself again.
const (
	slowCall  = 100 * time.Microsecond
	calm      = 64
	shortWait = time.Millisecond
)

func newLanes(backlog int, overflow Overflow, do func(context.Context, *caller, *Message)) *lanes {
	return &lanes{max: backlog, maxTotal: fullLanes * backlog, overflow: overflow, do: do, lanes: make(map[string]*lane)}
}

// push queues a message for a worker. It never waits: a full lane drops messages. It
// reports false if the lane is removed.
func (ls *lanes) push(ctx context.Context, l *lane, m *Message) bool {
	l.mu.Lock()
	start, ok := l.claim()
	if !ok {
		l.mu.Unlock()
		return false
	}
	room := ls.max
	if over := int(ls.waiting.Add(1)) - ls.maxTotal; over > 0 {
		// All lanes together are full: this one may keep what it has, and not grow.
		room = max(min(room, l.waiting()+1-over), 1)
	}
	dropped := l.add(m, room, ls.overflow)
	behind := l.waiting() > room/2
	l.mu.Unlock()
	if dropped > 0 {
		ls.waiting.Add(-int64(dropped))
		ls.dropped.Add(uint64(dropped))
	}
	if start {
		ls.workers.Go(func() { ls.work(ctx, l, new(caller)) })
	}
	if behind {
		runtime.Gosched() // handlers get the processor before more is read
	}
	return true
}

// await waits a short time for a worker that seems to be fast. If it takes longer, the lane
// counts as slow.
func (l *lane) await(ctx context.Context) {
	l.mu.Lock()
	if l.owner.Load() != ownerWorker {
		l.mu.Unlock()
		return
	}
	if l.free == nil {
		l.free = make(chan struct{})
	}
	free := l.free
	l.mu.Unlock()
	timeout := time.NewTimer(shortWait)
	defer timeout.Stop()
	select {
	case <-free:
	case <-timeout.C:
		l.slow.Store(true)
	case <-ctx.Done():
	}
}

// leave ends what lane.enter began. It reports false if the calling goroutine was made the
// worker of the lane meanwhile.
func (ls *lanes) leave(ctx context.Context, l *lane, mark int32) bool {
	if l.owner.CompareAndSwap(mark, ownerNone) {
		return true
	}
	if l.owner.CompareAndSwap(mark|queuedBit, ownerWorker) {
		ls.workers.Go(func() { ls.work(ctx, l, new(caller)) })
		return true
	}
	return false
}

// lane returns the lane of a channel. It may be removed already when the caller uses it.
func (ls *lanes) lane(channel string) *lane {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l, ok := ls.lanes[channel]
	if !ok {
		if len(ls.lanes) >= keptLanes {
			ls.removeIdle()
		}
		l = &lane{channel: strings.Clone(channel)} // not the line that it is part of
		ls.lanes[l.channel] = l
	}
	return l
}

// removeIdle removes the lanes without work. ls.mu is held.
func (ls *lanes) removeIdle() {
	for channel, l := range ls.lanes {
		if l.owner.CompareAndSwap(ownerNone, ownerRemoved) {
			delete(ls.lanes, channel)
		}
	}
}

// work empties a lane and ends. When ctx ends it drops what still waits.
func (ls *lanes) work(ctx context.Context, l *lane, as *caller) {
	l.caller.Store(as)
	var batch []Message
	next, empty := 0, false
	defer func() {
		if empty {
			return
		}
		// A handler ended this goroutine, as t.FailNow does: start another one.
		l.mu.Lock()
		l.queue, l.head = slices.Concat(batch[next:], l.queue[l.head:]), 0
		l.mu.Unlock()
		ls.waiting.Add(-int64(next))
		ls.workers.Go(func() { ls.work(ctx, l, as) })
	}()
	for {
		l.mu.Lock()
		batch, next = l.queue[l.head:], 0
		if len(batch) == 0 || ctx.Err() != nil {
			ls.waiting.Add(-int64(len(batch)))
			l.queue, l.head = nil, 0
			if clear(batch); cap(batch) <= keptQueue {
				l.queue = batch[:0] // the next message of a quiet channel needs no other
			}
			l.caller.Store(nil)
			l.owner.Store(ownerNone)
			if l.free != nil {
				close(l.free)
				l.free = nil
			}
			l.mu.Unlock()
			empty = true
			return
		}
		l.queue, l.head, l.spare = l.spare[:0], 0, nil
		l.mu.Unlock()

		begin := time.Now()
		for i := range batch {
			if ctx.Err() != nil {
				break
			}
			next = i + 1
			ls.do(ctx, as, &batch[i])
			now := time.Now()
			ls.judge(l, now.Sub(begin))
			begin = now
		}
		clear(batch) // so that the lines can be freed
		ls.waiting.Add(-int64(len(batch)))
		l.mu.Lock()
		l.spare = batch[:0]
		l.mu.Unlock()
	}
}

// judge remembers how long the handlers of one message took. Only the worker of the lane
// calls it.
func (ls *lanes) judge(l *lane, took time.Duration) {
	if took >= slowCall {
		l.fast = 0
		l.slow.Store(true)
		ls.fast.Store(0)
		return
	}
	ls.fast.Add(1)
	if l.fast++; l.fast == calm {
		l.slow.Store(false)
	}
}

// wait returns when all handlers have returned. The context of push must have ended.
func (ls *lanes) wait() { ls.workers.Wait() }

// all returns the lanes that may have work.
func (ls *lanes) all() []*lane {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	all := make([]*lane, 0, len(ls.lanes))
	for _, l := range ls.lanes {
		all = append(all, l)
	}
	return all
}
