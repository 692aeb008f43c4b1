package irc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A link is one connection: a [session] with a wire around it.
type link struct {
	c    *Client
	w    wire
	s    session // touched by run only
	out  chan outLine
	wish chan struct{} // the set of wanted channels changed
	hold hold          // touched by run only
	feed feed          // touched by run only
	late []string      // touched by run only; lines that the writer has not taken yet

	ready  chan struct{} // closed when every wanted channel was answered
	moving chan struct{} // closed on RECONNECT
	done   chan struct{} // closed when run has returned
	err    error         // why; readable once done is closed
	login  bool          // whether the login succeeded; readable once done is closed

	mu sync.Mutex
	in map[string]bool // guarded by mu; channels that this link is in
}

type outLine struct {
	line    string
	written chan<- error // may be nil
}

func newLink(c *Client, w wire, s session) *link {
	return &link{
		c: c, w: w, s: s, feed: feed{lanes: c.lanes},
		out: make(chan outLine), wish: make(chan struct{}, 1),
		ready: make(chan struct{}), moving: make(chan struct{}), done: make(chan struct{}),
		in: make(map[string]bool),
	}
}

// poke tells the link that the wanted channels changed.
func (l *link) poke() {
	select {
	case l.wish <- struct{}{}:
	default:
	}
}

// isIn tells whether messages can be sent to the channel over this link.
func (l *link) isIn(channel string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in[channel]
}

// run serves the connection until it breaks, ctx ends or stop is called.
func (l *link) run(ctx context.Context) {
	// Handlers get ctx itself: they and what waits for them outlive a connection.
	ioCtx, cancel := context.WithCancel(ctx)
	var io sync.WaitGroup
	chunks := make(chan []byte) // unbuffered: see wire.read
	failed := make(chan error, 2)
	io.Go(func() { failed <- l.reads(ioCtx, chunks) })
	io.Go(func() { failed <- l.writes(ioCtx) })

	l.err = l.serve(ctx, chunks, failed)
	l.release(ctx)
	l.login = l.s.nick != ""
	l.mu.Lock()
	clear(l.in)
	l.mu.Unlock()
	cancel()
	l.w.close()
	io.Wait()
	close(l.done)
}

func (l *link) reads(ctx context.Context, chunks chan<- []byte) error {
	for {
		chunk, err := l.w.read(ctx)
		if err != nil {
			return err
		}
		select {
		case chunks <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *link) writes(ctx context.Context) error {
	for {
		select {
		case o := <-l.out:
			err := l.w.write(ctx, []byte(o.line+"\r\n"))
			if o.written != nil {
				o.written <- err
			}
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// errNotHanded means that the writer never got a line.
var errNotHanded = errors.New("irc: connection lost before sending")

// send writes a line and waits until it is written.
func (l *link) send(ctx context.Context, line string) error {
	written := make(chan error, 1)
	select {
	case l.out <- outLine{line: line, written: written}:
	case <-l.done:
		return errNotHanded
	case <-ctx.Done():
		return errNotHanded
	}
	if err := <-written; err != nil { // a write has a deadline
		return fmt.Errorf("%w: %w", chat.ErrUnknownOutcome, err)
	}
	return nil
}

// serve feeds the session with messages, changes and the time. It is the only place that
// reads the clock for the session.
func (l *link) serve(ctx context.Context, chunks <-chan []byte, failed <-chan error) error {
	l.s.begin(time.Now())
	l.s.want(l.c.wantedChannels(), time.Now())
	timer := retry.NewTimer()
	defer timer.Stop()
	for {
		if err := l.drain(ctx); err != nil {
			return err
		}
		timer.Set(l.s.next())
		// Lines are offered to the writer while reading continues: a server that reads
		// nothing until its own lines are read would otherwise block both sides.
		var out chan<- outLine
		var lines outLine
		if len(l.late) > 0 {
			out, lines.line = l.out, strings.Join(l.late, "\r\n")
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case out <- lines:
			l.late = l.late[:0]
		case chunk := <-chunks:
			l.chunk(ctx, chunk)
		case err := <-failed:
			// A chunk that arrived before the error is still read: it may give the reason.
			select {
			case chunk := <-chunks:
				l.chunk(ctx, chunk)
			default:
			}
			l.s.lines = nil
			if derr := l.drain(ctx); derr != nil {
				return derr
			}
			return err
		case <-l.hold.before:
			l.release(ctx)
		case <-l.wish:
			l.s.want(l.c.wantedChannels(), time.Now())
		case <-timer.C:
			// After a long pause of this goroutine, unread bytes may look like silence.
			select {
			case chunk := <-chunks:
				l.chunk(ctx, chunk)
			default:
				l.s.tick(time.Now())
			}
		}
	}
}

// drain carries out what the session decided: lines to send and states to report.
func (l *link) drain(ctx context.Context) error {
	l.late = append(l.late, l.s.lines...)
	l.s.lines = l.s.lines[:0]
	for _, st := range l.s.states {
		l.note(st)
		l.c.tell(ctx, st)
	}
	l.s.states = l.s.states[:0]
	if l.s.moving {
		closeOnce(l.moving)
	}
	if l.s.next(); l.s.settled {
		closeOnce(l.ready)
	}
	return l.s.err
}

// note keeps track of the channels that can be written to.
func (l *link) note(st State) {
	l.mu.Lock()
	switch st.Kind {
	case Joined:
		l.in[st.Channel] = true
	case Parted, JoinFailed:
		delete(l.in, st.Channel)
	default:
	}
	l.mu.Unlock()
	l.c.outbox.poke()
}

// closeOnce closes a channel that only the caller's goroutine closes.
func closeOnce(ch chan struct{}) {
	select {
	case <-ch:
	default:
		close(ch)
	}
}
