package irc

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A link is one connection: a [session] with a wire around it.
type link struct {
	c    *Client
	r    *runner
	w    wire
	s    session // touched by run only
	out  chan outLine
	wish chan struct{} // the set of wanted channels changed
	hold hold
	late []string // touched by run only; lines that the writer has not taken yet

	up     chan struct{} // closed when the login succeeded
	ready  chan struct{} // closed when every wanted channel was answered
	moving chan struct{} // closed on RECONNECT
	done   chan struct{} // closed when run has returned
	err    error         // why; readable once done is closed
	login  bool          // whether the login succeeded; readable once done is closed

	mu sync.Mutex
	in map[string]bool // guarded by mu; channels that this link is in
}

func newLink(r *runner, w wire, s session) *link {
	c := r.c
	return &link{
		c: c, r: r, w: w, s: s, up: make(chan struct{}),
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

// maxControl is how many lines may wait for the session. It is never busy for long.
const maxControl = 64

// run serves the connection until it breaks, ctx ends or stop is called.
func (l *link) run(ctx context.Context) {
	// Handlers get ctx itself: they and what waits for them outlive a connection.
	ioCtx, cancel := context.WithCancel(ctx)
	var io sync.WaitGroup
	control := make(chan Message, maxControl)
	failed := make(chan error, 1)
	l.hold.active.Store(l.hold.before != nil)
	r := newReader(l.c, l.w, &l.hold, control, ioCtx.Done())
	r.start(ctx)
	io.Go(func() { failed <- l.writes(ioCtx) })

	l.err = l.serve(ctx, r, control, failed)
	l.login = l.s.nick != ""
	l.mu.Lock()
	clear(l.in)
	l.mu.Unlock()
	cancel()
	l.w.close()
	io.Wait()
	<-r.done // soon, also if a handler does not return
	l.c.releaseHeld(ctx, &l.hold)
	close(l.done)
}

// A longPause is a time for which the process did not run. Bytes that arrived meanwhile
// are not read yet, which looks like silence.
const longPause = time.Second

// serve feeds the session with lines, changes and the time. It is the only place that reads
// the clock for the session.
func (l *link) serve(ctx context.Context, r *reader, control <-chan Message, failed <-chan error) error {
	l.s.begin(time.Now())
	l.s.want(l.r.share(), time.Now())
	timer := retry.NewTimer()
	defer timer.Stop()
	held := l.hold.before
	var notBefore time.Time
	for {
		if err := l.drain(ctx); err != nil {
			return err
		}
		l.hear(r)
		due := later(l.s.next(), notBefore)
		set := time.Now()
		timer.Set(due)
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
		case m, ok := <-control:
			if !ok {
				return r.err
			}
			l.line(ctx, r, &m)
		case err := <-failed:
			return l.lastLines(ctx, r, control, err)
		case <-held:
			held = nil
			l.c.releaseHeld(ctx, &l.hold)
		case <-l.wish:
			l.s.want(l.r.share(), time.Now())
		case <-timer.C:
			now := time.Now()
			if now.Sub(later(due, set)) > longPause {
				notBefore = now.Add(longPause)
				continue
			}
			l.hear(r)
			l.s.tick(now)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// hear tells the session when bytes arrived last.
func (l *link) hear(r *reader) {
	if at := r.lastHeard(); at.After(l.s.heard) {
		l.s.hear(at)
	}
}

// line handles a line that concerns the connection.
func (l *link) line(ctx context.Context, r *reader, m *Message) {
	l.hear(r)
	l.s.line(m, time.Now())
	l.c.take(ctx, m)
}

// lastLines returns why a connection ended on which writing failed with err: the lines that
// arrived before may give the reason.
func (l *link) lastLines(ctx context.Context, r *reader, control <-chan Message, err error) error {
	timeout := time.NewTimer(100 * time.Millisecond)
	defer timeout.Stop()
	for {
		select {
		case m, ok := <-control:
			if !ok {
				return err
			}
			l.line(ctx, r, &m)
			if derr := l.drain(ctx); derr != nil {
				return derr
			}
		case <-timeout.C:
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// drain carries out what the session decided: lines to send and states to report.
func (l *link) drain(ctx context.Context) error {
	l.late = append(l.late, l.s.lines...)
	l.s.lines = l.s.lines[:0]
	for _, st := range l.s.states {
		l.note(st)
		l.r.tell(ctx, st)
	}
	l.s.states = l.s.states[:0]
	if l.s.nick != "" {
		closeOnce(l.up)
	}
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

// isUp reports whether the login succeeded.
func (l *link) isUp() bool { return isClosed(l.up) }

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// closeOnce closes a channel that only the caller's goroutine closes.
func closeOnce(ch chan struct{}) {
	select {
	case <-ch:
	default:
		close(ch)
	}
}
