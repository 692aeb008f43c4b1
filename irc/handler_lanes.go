package irc

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// lanes call handlers: messages of one channel one after another, channels in
// parallel. A lane has a goroutine only while it has messages. Pushing never waits:
// a full lane drops messages.
type lanes struct {
	max      int // messages that may wait in a lane
	maxTotal int // messages that may wait in all lanes together
	overflow Overflow
	do       func(context.Context, *lane, *Message)

	waiting atomic.Int64  // messages in all lanes, those that are being handled included
	dropped atomic.Uint64 // messages since the client was made

	mu      sync.Mutex
	lanes   map[string]*lane // guarded by mu
	workers sync.WaitGroup
}

const (
	keptQueue = 32   // an empty queue up to this length is kept by a lane without work
	keptLanes = 4096 // more lanes than this are removed once they have no work
	fullLanes = 16   // so many full lanes fit into all lanes together
)

// A lane is the queue of one channel.
type lane struct {
	channel string
	busy    atomic.Pointer[handler] // the handler that is running; nil between handlers
	calls   atomic.Uint64           // handler calls that have begun

	mu      sync.Mutex
	queue   []Message // guarded by mu; from head on
	head    int       // guarded by mu; what is before it was dropped
	spare   []Message // guarded by mu; an emptied queue to be used again
	running bool      // guarded by mu
	removed bool      // guarded by mu; another lane has the channel now
	dropped uint64    // guarded by mu
	watch   stuckWatch
}

func newLanes(backlog int, overflow Overflow, do func(context.Context, *lane, *Message)) *lanes {
	return &lanes{max: backlog, maxTotal: fullLanes * backlog, overflow: overflow, do: do, lanes: make(map[string]*lane)}
}

// push queues messages for their channel. It keeps run and returns an empty slice to
// go on with.
func (ls *lanes) push(ctx context.Context, channel string, run []Message) (spare []Message) {
	total := int(ls.waiting.Add(int64(len(run))))
	l := ls.lock(channel)
	room := ls.max
	if over := total - ls.maxTotal; over > 0 {
		// All lanes together are full: this one may keep what it has, and not grow.
		room = max(min(room, len(l.queue)-l.head+len(run)-over), 1)
	}
	if len(l.queue) == l.head && len(run) <= room {
		l.queue, run, l.head = run, l.queue, 0 // an empty queue is exchanged and not filled
	} else {
		l.fill(run, room, ls)
	}
	start := !l.running
	l.running = true
	behind := len(l.queue)-l.head > room/2
	l.mu.Unlock()
	if start {
		ls.workers.Go(func() { ls.work(ctx, l) })
	}
	if behind {
		runtime.Gosched() // handlers get the processor before more is read
	}
	clear(run) // so that the lines can be freed
	return run[:0]
}

// fill appends run and drops what is over room. l.mu is held.
func (l *lane) fill(run []Message, room int, ls *lanes) {
	over := len(l.queue) - l.head + len(run) - room
	if over > 0 {
		l.dropped += uint64(over)
		ls.dropped.Add(uint64(over))
		ls.waiting.Add(-int64(over))
		if ls.overflow == DropNewest {
			run = run[:max(len(run)-over, 0)]
		} else {
			old := min(over, len(l.queue)-l.head)
			clear(l.queue[l.head : l.head+old])
			l.head += old
			run = run[over-old:]
		}
	}
	if l.head > len(l.queue)/2 { // at most once for as many messages as are moved
		n := copy(l.queue, l.queue[l.head:])
		clear(l.queue[n:])
		l.queue, l.head = l.queue[:n], 0
	}
	l.queue = append(l.queue, run...)
}

// lock returns the lane of a channel, with its mu held.
func (ls *lanes) lock(channel string) *lane {
	for {
		l := ls.lane(channel)
		if l.mu.Lock(); !l.removed {
			return l
		}
		l.mu.Unlock()
	}
}

func (ls *lanes) lane(channel string) *lane {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l, ok := ls.lanes[channel]
	if !ok {
		if len(ls.lanes) >= keptLanes {
			ls.removeIdle()
		}
		l = &lane{channel: channel}
		ls.lanes[channel] = l
	}
	return l
}

// removeIdle removes the lanes without work. ls.mu is held.
func (ls *lanes) removeIdle() {
	for channel, l := range ls.lanes {
		l.mu.Lock()
		if !l.running {
			l.removed = true
			delete(ls.lanes, channel)
		}
		l.mu.Unlock()
	}
}

// work empties a lane and ends. When ctx ends it drops what still waits.
func (ls *lanes) work(ctx context.Context, l *lane) {
	var batch []Message
	next, empty := 0, false
	defer func() {
		if empty {
			return
		}
		// A handler ended this goroutine, as t.FailNow does: start another one.
		l.busy.Store(nil)
		l.mu.Lock()
		l.queue, l.head = slices.Concat(batch[next:], l.queue[l.head:]), 0
		l.mu.Unlock()
		ls.waiting.Add(-int64(next))
		ls.workers.Go(func() { ls.work(ctx, l) })
	}()
	for {
		l.mu.Lock()
		batch, next = l.queue[l.head:], 0
		if len(batch) == 0 || ctx.Err() != nil {
			ls.waiting.Add(-int64(len(batch)))
			l.queue, l.head, l.running = nil, 0, false
			if clear(batch); cap(batch) <= keptQueue {
				l.queue = batch[:0] // the next message of a quiet channel needs no other
			}
			l.mu.Unlock()
			empty = true
			return
		}
		l.queue, l.head, l.spare = l.spare[:0], 0, nil
		l.mu.Unlock()

		for i := range batch {
			if ctx.Err() != nil {
				break
			}
			next = i + 1
			ls.do(ctx, l, &batch[i])
		}
		clear(batch) // so that the lines can be freed
		ls.waiting.Add(-int64(len(batch)))
		l.mu.Lock()
		l.spare = batch[:0]
		l.mu.Unlock()
	}
}

// wait returns when all handlers have returned. The context of push must have ended.
func (ls *lanes) wait() { ls.workers.Wait() }
