package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// work handles one job after another, taking the lanes in turns. It returns when no job
// is left, so an idle mux has no goroutines.
func (m *Mux) work() { m.workFrom(nil) }

// workFrom is work for a worker that already holds a lane.
func (m *Mux) workFrom(held *lane) {
	ended := false
	defer func() {
		if !ended { // a handler called runtime.Goexit, as t.FailNow does
			m.stats.errors.Add(1)
			m.logger.Error("event handler ended its goroutine")
			go m.workFrom(held)
		}
	}()
	for {
		l, j, ok := m.queue.next(held)
		if !ok {
			ended = true
			return
		}
		held = l
		m.do(j)
	}
}

func (m *Mux) do(j *job) {
	r := m.start(j)
	err := errEnded
	defer func() {
		if j.number != 0 && (err == nil || r.ctx.Err() == nil) { // not interrupted by Drain
			m.intake.finish(j.number)
		}
		m.done(r)
		j.end(err)
	}()
	err = m.handle(&r.ctx, j.n, r)
}

// errEnded is the result of a job whose handler called runtime.Goexit.
var errEnded = errors.New("eventsub: the handler ended its goroutine")

// start creates the context of one job and lists the job for [Mux.Stuck].
func (m *Mux) start(j *job) *running {
	r := &running{job: j}
	r.ctx.values = j.ctx
	r.at(nil)
	q := &m.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		r.ctx.end()
	}
	if q.running == nil {
		q.running = map[*running]struct{}{}
	}
	q.running[r] = struct{}{}
	m.keepWatch()
	return r
}

// done removes a job that was handled.
func (m *Mux) done(r *running) {
	r.ctx.end()
	q, j := &m.queue, r.job
	q.mu.Lock()
	delete(q.running, r)
	q.free(*j)
	stuck := r.stuck
	if r.replaced {
		q.stuck--
	}
	q.mu.Unlock()
	if stuck {
		m.logger.LogAttrs(j.ctx, slog.LevelInfo, "event handler is no longer stuck", j.n.attrs()...)
	}
}

// drainGrace is how long Drain waits for handlers after it cancelled their contexts.
const drainGrace = time.Second

// Drain waits until all dispatched notifications, and the Gaps about dropped ones, have
// been handled. Call it at shutdown, when no transport runs any more. A mux that was drained in time can be used
// again. When ctx ends first, Drain cancels the contexts of running handlers, discards
// waiting notifications, gives handlers one second to return, and returns ctx's error;
// the mux is closed from then on.
func (m *Mux) Drain(ctx context.Context) error {
	for idle := m.idle(); idle != nil; idle = m.idle() { // a Gap may be owed
		select {
		case <-idle:
		case <-ctx.Done():
			for _, j := range m.queue.close() {
				j.end(ErrClosed)
			}
			m.intake.close()
			grace := time.NewTimer(drainGrace)
			defer grace.Stop()
			for ; idle != nil; idle = m.idle() {
				select {
				case <-idle:
				case <-grace.C:
					return context.Cause(ctx)
				}
			}
			return context.Cause(ctx)
		}
	}
	return nil
}

// idle returns a channel that is closed when a part of m has nothing to do any more, or
// nil if no part has.
func (m *Mux) idle() <-chan struct{} {
	// The intake passes work to the queue, and the queue to the intake.
	for _, wait := range []func() <-chan struct{}{m.intake.wait, m.queue.wait, m.intake.wait} {
		if idle := wait(); idle != nil {
			return idle
		}
	}
	return nil
}

// wait returns a channel that is closed when no worker runs, or nil if none does and no
// Gap is owed.
func (q *queue) wait() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.workers == 0 {
		q.tellOverflows(time.Now()) // starts a worker if a Gap is owed
	}
	if q.workers == 0 {
		return nil
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	return q.idle
}

// close discards and returns all waiting jobs, and cancels the contexts of the others.
func (q *queue) close() (discarded []job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.dismiss()
	for _, l := range q.lanes {
		for _, j := range l.work {
			q.free(*j)
			discarded = append(discarded, *j)
		}
		l.work = nil
	}
	q.ready, q.lost, q.due = nil, nil, 0
	q.backlogs, q.behind, q.hungry = nil, 0, nil // the inbox keeps them for the next run
	for r := range q.running {
		r.ctx.end()
	}
	return discarded
}
