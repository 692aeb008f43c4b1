package irc

import (
	"context"
	"strings"
	"sync/atomic"
	"time"
)

// A reader is the part of a link that reads, parses and calls handlers. Handing each
// message to another goroutine would take longer than handling it, so one goroutine does
// all of it: the leader. When a handler does not return soon, another goroutine becomes
// the leader: see readWatch.
//
// Lines that concern the connection go to the session, in order of arrival.
type reader struct {
	c       *Client
	w       wire
	mark    int32           // in lane.owner
	control chan<- Message  // closed after the last line
	gone    <-chan struct{} // closed when the link no longer receives from control
	hold    *hold
	watch   readWatch
	begun   time.Time
	heard   atomic.Int64  // when bytes arrived last, in nanoseconds since begun
	done    chan struct{} // closed when reading has ended
	err     error         // why; readable once done or control is closed

	// Of the leader. The goroutine that makes another one the leader hands them over.
	chunk    chunk
	own      string           // login of the account; "" until 001
	last     *lane            // of the latest message
	lanes    map[string]*lane // by channel; saves the lock of Client.lanes
	toQueues bool             // handlers of many channels are slow: workers handle all messages
}

// A leader is the goroutine that reads now.
type leader struct {
	caller
	lane atomic.Pointer[lane] // of the message that is handled, or that was handled last
	busy bool                 // whether handlers run; touched by the leader only
}

func newReader(c *Client, w wire, h *hold, control chan<- Message, gone <-chan struct{}) *reader {
	r := &reader{
		c: c, w: w, mark: c.lanes.marks.Add(queuedBit + 1), control: control, gone: gone, hold: h,
		begun: time.Now(), done: make(chan struct{}), lanes: make(map[string]*lane),
	}
	return r
}

// start begins to read. Handlers get ctx: they outlive the connection.
func (r *reader) start(ctx context.Context) {
	r.watch.timer = time.AfterFunc(time.Hour, func() { r.look(ctx) })
	r.watch.timer.Stop()
	first := new(leader)
	r.watch.lead.Store(first)
	r.c.lanes.workers.Go(func() { r.lead(ctx, first) })
}

// lastHeard returns when bytes arrived last.
func (r *reader) lastHeard() time.Time { return r.begun.Add(time.Duration(r.heard.Load())) }

// lead reads until the connection ends, or until the calling goroutine is made the worker
// of a lane.
func (r *reader) lead(ctx context.Context, ld *leader) {
	ended := false
	defer func() {
		if !ended {
			r.replace(ctx, ld)
		}
	}()
	for {
		if r.watch.isBusy() {
			if !r.lines(ctx, ld) {
				ended = true
				r.c.lanes.carryOn(ctx, ld.lane.Load(), &ld.caller)
				return
			}
			r.watch.end()
		}
		b, err := r.w.read(ctx)
		if err != nil {
			ended = true
			r.watch.timer.Stop()
			r.err = err
			close(r.control)
			close(r.done)
			return
		}
		r.heard.Store(int64(time.Since(r.begun)))
		if r.c.handlers.borrow() {
			r.chunk = lend(b)
		} else {
			r.chunk = newChunk(b)
		}
		r.watch.begin()
	}
}

// replace continues after a handler has ended the goroutine of the leader, as t.FailNow
// does.
func (r *reader) replace(ctx context.Context, ld *leader) {
	ls := r.c.lanes
	if l := ld.lane.Load(); ld.busy && !ls.leave(ctx, l, r.mark) {
		ls.workers.Go(func() { ls.carryOn(ctx, l, &ld.caller) })
		return
	}
	ld.busy = false
	ls.workers.Go(func() { r.lead(ctx, ld) })
}

// lines handles the rest of the chunk. It reports false if the calling goroutine is not the
// leader any more.
func (r *reader) lines(ctx context.Context, ld *leader) bool {
	for {
		line, clean, ok := r.chunk.line()
		if !ok {
			return true
		}
		var m Message
		parse := m.parse
		if clean {
			parse = m.cut
		}
		err := parse(line)
		// Lines in the memory that is read into are for handlers of OnReused only.
		lent := r.chunk.lent
		if lent && (err != nil || m.Command != "PRIVMSG" || !r.c.handlers.borrow() || r.hold.active.Load()) {
			lent, err = false, parse(strings.Clone(line))
		}
		if err != nil {
			r.unparsed(ctx, err)
			continue
		}
		if m.Command != "PRIVMSG" && r.isControl(&m) {
			select {
			case r.control <- m:
			case <-r.gone:
			}
		}
		if !r.hand(ctx, ld, &m, lent) {
			return false
		}
	}
}

func (r *reader) unparsed(ctx context.Context, err error) {
	r.c.unparsed.Add(1)
	r.c.o.Logger.WarnContext(ctx, "chat line not understood", "error", err)
}

// isControl reports whether the session or the send queue have to see a message.
func (r *reader) isControl(m *Message) bool {
	switch m.Command {
	case "PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG", "WHISPER", "PONG", "353":
		return false
	case "JOIN", "PART": // of other chatters there may be thousands at once
		return r.own == "" || strings.EqualFold(m.Nick(), r.own)
	case "001":
		r.own = m.Param(0)
	}
	return true
}

// hand calls the handlers of a message or leaves them to a worker. A message whose line is
// lent is copied first. It reports false if the calling goroutine is not the leader any more.
func (r *reader) hand(ctx context.Context, ld *leader, m *Message, lent bool) bool {
	if lent && r.hold.active.Load() {
		_ = m.cut(strings.Clone(m.Line))
		lent = false
	}
	if r.hold.active.Load() {
		if r.hold.keep(m) {
			return true
		}
		r.c.releaseHeld(ctx, r.hold)
	}
	t := r.c.handlers.table.Load()
	typed, everything := t.of(m)
	if lent && len(typed) > 0 && !t.borrow { // a handler was added since the line was read
		_ = m.cut(strings.Clone(m.Line))
		lent = false
	}
	if len(typed) == 0 && len(everything) == 0 || r.c.seen.again(m) {
		return true
	}
	channel := m.Channel()
	for waited := false; ctx.Err() == nil; {
		l := r.lane(channel)
		switch {
		case !r.calls(l):
		case l.enter(r.mark):
			if ld.lane.Load() != l { // storing is slower
				ld.lane.Store(l)
			}
			ld.busy = true
			r.c.callAll(ctx, &ld.caller, m, typed)
			r.c.callAll(ctx, &ld.caller, m, everything)
			ld.busy = false
			return r.c.lanes.leave(ctx, l, r.mark)
		case !waited && l.owner.Load() == ownerWorker:
			l.await(ctx)
			waited = true
			continue
		}
		if lent {
			_ = m.cut(strings.Clone(m.Line)) // it was cut before
			lent = false
		}
		if r.c.lanes.push(ctx, l, m) {
			return true
		}
		delete(r.lanes, channel)
		r.last = nil
	}
	return true
}

// calls reports whether the leader calls handlers itself, and does not leave the lane to a
// worker because handlers were slow.
func (r *reader) calls(l *lane) bool {
	if r.toQueues {
		if r.c.lanes.fast.Load() < calm {
			return false
		}
		r.toQueues = false
	}
	return !l.slow.Load()
}

func (r *reader) lane(channel string) *lane {
	if r.last != nil && r.last.channel == channel {
		return r.last
	}
	l, ok := r.lanes[channel]
	if !ok {
		if len(r.lanes) >= keptLanes {
			clear(r.lanes)
		}
		l = r.c.lanes.lane(channel)
		r.lanes[l.channel] = l
	}
	r.last = l
	return l
}
