package irc

import (
	"sync"
	"sync/atomic"
)

// A lane is one channel, as far as its handlers are concerned. At most one goroutine at a
// time handles messages of a lane: a reader, which handles a message as soon as it has
// read it, or a worker, which takes messages from the queue. See lane.owner.
type lane struct {
	channel string
	owner   atomic.Int32           // who handles messages now: one of the constants below, or the mark of a reader
	slow    atomic.Bool            // handlers were slow lately: readers leave the lane to a worker
	caller  atomic.Pointer[caller] // the worker; nil if there is none

	mu      sync.Mutex
	queue   []Message     // guarded by mu; from head on. Outside of mu, it has messages only if owner will look at it
	head    int           // guarded by mu; what is before it was dropped
	spare   []Message     // guarded by mu; an emptied queue to be used again
	dropped uint64        // guarded by mu
	free    chan struct{} // guarded by mu; closed when the worker ends; nil: no reader waits for that
	fast    int           // touched by the worker only: messages that were handled fast, one after another
	watch   stuckWatch    // touched by watchHandlers only
}

// Values of lane.owner. Marks of readers are even and positive.
const (
	ownerNone    = 0
	ownerWorker  = -1
	ownerRemoved = -2 // another lane has the channel now
	queuedBit    = 1  // set in the mark of a reader: messages were queued, start a worker afterwards
)

// enter makes a reader the owner of a lane that has none.
func (l *lane) enter(mark int32) bool { return l.owner.CompareAndSwap(ownerNone, mark) }

// take makes the goroutine that handles a message for a reader a worker. It reports false
// if the reader is not the owner. l.mu is held.
func (l *lane) take(mark int32) bool {
	return l.owner.CompareAndSwap(mark, ownerWorker) || l.owner.CompareAndSwap(mark|queuedBit, ownerWorker)
}

// claim makes sure that a message that is queued now will be handled. It reports whether a
// worker must be started, and false for ok if the lane is removed. l.mu is held.
func (l *lane) claim() (start, ok bool) {
	for {
		owner := l.owner.Load()
		switch {
		case owner == ownerRemoved:
			return false, false
		case owner == ownerWorker, owner&queuedBit != 0:
			return false, true
		case owner == ownerNone && l.owner.CompareAndSwap(owner, ownerWorker):
			return true, true
		case owner > 0 && l.owner.CompareAndSwap(owner, owner|queuedBit):
			return false, true
		}
	}
}

// add queues a message. If room messages wait already, one or more are dropped. It returns
// how many. l.mu is held.
func (l *lane) add(m *Message, room int, overflow Overflow) (dropped int) {
	if over := l.waiting() + 1 - room; over > 0 {
		if overflow == DropNewest {
			l.dropped++
			return 1
		}
		l.dropped += uint64(over)
		clear(l.queue[l.head : l.head+over])
		l.head += over
		dropped = over
	}
	if l.head > len(l.queue)/2 { // at most once for as many messages as are moved
		n := copy(l.queue, l.queue[l.head:])
		clear(l.queue[n:])
		l.queue, l.head = l.queue[:n], 0
	}
	l.queue = append(l.queue, *m)
	return dropped
}

// waiting returns how many messages are queued. l.mu is held.
func (l *lane) waiting() int { return len(l.queue) - l.head }
