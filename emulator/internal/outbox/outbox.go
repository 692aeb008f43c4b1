// Package outbox holds what the emulator's servers have to write to one client.
//
//	q := outbox.New()
//	go func() {
//		for lines, ok := q.Take(ctx, nil); ok; lines, ok = q.Take(ctx, lines) {
//			write(lines)
//		}
//	}()
//	err := q.Add(line) // never blocks
//
// One goroutine takes, any number add; what one goroutine adds stays in order.
// Add refuses when a client has not read for thousands of lines, so that a slow
// client costs neither memory nor other clients' time. AddSlowly waits for the
// client instead: a replay at full speed loses nothing for a client that reads.
package outbox

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Limits of one client's queue, in lines.
const (
	// maxQueued is where a connection is given up: its client has not read for
	// thousands of lines, and keeping more would only move the end.
	maxQueued = 16384
	// replayQueued is where a replay waits. It lies well below maxQueued so
	// that live lines still fit while a replay runs at full speed.
	replayQueued = 4096
	// stallTimeout is how long a replay waits for a client that takes nothing.
	stallTimeout = 10 * time.Second
)

var (
	// ErrOverflow is what a client that reads too slowly brings.
	ErrOverflow = errors.New("client reads too slowly")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("connection is closed")
)

// A Queue holds what is to be written to one client. Adding never blocks,
// unless the caller asks for it, so that one slow client cannot hold up others.
type Queue struct {
	mu      sync.Mutex
	pending [][]byte      // guarded by mu
	closed  bool          // guarded by mu: nothing more is taken in
	room    chan struct{} // guarded by mu: closed when lines were taken; nil while there is no waiter

	ready chan struct{} // holds a token while there is something to take
}

// New returns an empty Queue.
func New() *Queue { return &Queue{ready: make(chan struct{}, 1)} }

// Add appends lines. It fails when the queue is full or closed.
func (q *Queue) Add(lines ...[]byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case len(q.pending)+len(lines) > maxQueued:
		return ErrOverflow
	}
	if len(q.pending) == 0 {
		q.signal()
	}
	q.pending = append(q.pending, lines...)
	return nil
}

// AddSlowly appends a line once the client has caught up. A client that takes
// lines, however slowly, is waited for; one that takes none fails.
func (q *Queue) AddSlowly(b []byte) error {
	var timer *time.Timer
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			return ErrClosed
		}
		if len(q.pending) < replayQueued {
			if len(q.pending) == 0 {
				q.signal()
			}
			q.pending = append(q.pending, b)
			q.mu.Unlock()
			return nil
		}
		if q.room == nil {
			q.room = make(chan struct{})
		}
		room := q.room
		q.mu.Unlock()

		if timer == nil {
			timer = time.NewTimer(stallTimeout)
			defer timer.Stop()
		} else {
			timer.Reset(stallTimeout)
		}
		select {
		case <-room:
		case <-timer.C:
			return ErrOverflow
		}
	}
}

// Take waits for lines and returns all there are. It reports false when the
// queue was closed and is empty, or ctx is done. The slice of the last Take may
// be given back as reuse.
func (q *Queue) Take(ctx context.Context, reuse [][]byte) ([][]byte, bool) {
	for {
		q.mu.Lock()
		if len(q.pending) > 0 {
			lines := q.pending
			clear(reuse)
			q.pending = reuse[:0]
			if q.room != nil {
				close(q.room)
				q.room = nil
			}
			q.mu.Unlock()
			return lines, true
		}
		closed := q.closed
		q.mu.Unlock()
		if closed {
			return nil, false
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// Close lets the lines that are in the queue be the last.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	q.signal()
}

// Rest closes the queue, and removes and returns what is left in it. It is for the one
// who takes.
func (q *Queue) Rest() [][]byte {
	q.Close()
	q.mu.Lock()
	defer q.mu.Unlock()
	left := q.pending
	q.pending = nil
	return left
}

// signal wakes the one who takes. The caller holds mu. It is needed when the queue
// was empty, and when it is closed: who takes looks before it waits.
func (q *Queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}
