package irc

import (
	"context"
	"slices"
	"sync"
)

// lanes call handlers: messages of one channel one after another, channels in
// parallel. A lane has a goroutine only while it has messages.
type lanes struct {
	max int // messages that may wait in a lane
	do  func(context.Context, *Message)

	mu      sync.Mutex
	lanes   map[string]*lane // guarded by mu; as many as there are channels
	workers sync.WaitGroup
}

// keptQueue is how long an empty queue may be that a lane without work keeps.
const keptQueue = 32

type lane struct {
	mu      sync.Mutex
	queue   []Message     // guarded by mu
	spare   []Message     // guarded by mu; an emptied queue to be used again
	running bool          // guarded by mu
	room    chan struct{} // guarded by mu; closed when the queue was taken; nil if nobody waits
}

func newLanes(backlog int, do func(context.Context, *Message)) *lanes {
	return &lanes{max: backlog, do: do, lanes: make(map[string]*lane)}
}

// push queues messages for their channel. It waits while the lane is full. It keeps
// run and returns an empty slice to go on with.
func (ls *lanes) push(ctx context.Context, channel string, run []Message) (spare []Message) {
	ls.mu.Lock()
	l, ok := ls.lanes[channel]
	if !ok {
		l = &lane{}
		ls.lanes[channel] = l
	}
	ls.mu.Unlock()
	for rest := run; len(rest) > 0; {
		l.mu.Lock()
		fit := min(ls.max-len(l.queue), len(rest))
		if fit <= 0 {
			if l.room == nil {
				l.room = make(chan struct{})
			}
			room := l.room
			l.mu.Unlock()
			select {
			case <-room:
				continue
			case <-ctx.Done():
			}
			break
		}
		if len(l.queue) == 0 && fit == len(run) {
			l.queue, run = run, l.queue // an empty queue is exchanged and not filled
		} else {
			l.queue = append(l.queue, rest[:fit]...)
		}
		rest = rest[fit:]
		start := !l.running
		l.running = true
		l.mu.Unlock()
		if start {
			ls.workers.Go(func() { ls.work(ctx, l) })
		}
	}
	clear(run) // the lines may go
	return run[:0]
}

// work empties a lane and ends. When ctx ends it drops what still waits.
func (ls *lanes) work(ctx context.Context, l *lane) {
	var batch []Message
	next, empty := 0, false
	defer func() {
		if empty {
			return
		}
		// A handler ended this goroutine, as t.FailNow does: its channel goes on.
		l.mu.Lock()
		l.queue = slices.Concat(batch[next:], l.queue)
		l.mu.Unlock()
		ls.workers.Go(func() { ls.work(ctx, l) })
	}()
	for {
		l.mu.Lock()
		batch, next = l.queue, 0
		if len(batch) == 0 || ctx.Err() != nil {
			l.queue, l.running = nil, false
			if cap(batch) <= keptQueue {
				l.queue = batch // the next message of a quiet channel needs no other
			}
			l.mu.Unlock()
			empty = true
			return
		}
		l.queue, l.spare = l.spare[:0], nil
		if l.room != nil {
			close(l.room)
			l.room = nil
		}
		l.mu.Unlock()

		for i := range batch {
			if ctx.Err() != nil {
				break
			}
			next = i + 1
			ls.do(ctx, &batch[i])
		}
		clear(batch) // the lines may go
		l.mu.Lock()
		l.spare = batch[:0]
		l.mu.Unlock()
	}
}

// wait returns when all handlers have returned. The context of push must have ended.
func (ls *lanes) wait() { ls.workers.Wait() }
