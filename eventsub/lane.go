package eventsub

import (
	"context"
	"sync"
	"time"
)

// queue keeps what waits for a handler: one lane per broadcaster, each lane in
// order of arrival and in the hands of at most one worker.
type queue struct {
	mu      sync.Mutex
	lanes   map[string]*lane           // guarded by mu; a lane exists while it has work
	ready   []*lane                    // guarded by mu; lanes with work that no worker holds
	workers int                        // guarded by mu; running workers
	running map[int]context.CancelFunc // guarded by mu; ends the context of each handler at work
	serial  int                        // guarded by mu; key into running
	idle    chan struct{}              // guarded by mu; closed when the last worker ends; nil when nobody waits
	closed  bool                       // guarded by mu; Drain ran out of time
}

type lane struct {
	key  string
	work []job // guarded by queue.mu
}

type job struct {
	ctx context.Context // carries the values of Dispatch's context to the worker, without its end
	n   Notification
}

// Dispatch accepts n and returns as soon as it is queued; handlers run later on
// the mux's own goroutines. It blocks while the queue is full, until there is
// room or ctx ends, and then n was not accepted. Handlers see the values of ctx,
// not its end. A handler that itself dispatches can block for ever on a full
// queue. After a [Mux.Drain] that ran out of time it returns [ErrClosed].
func (m *Mux) Dispatch(ctx context.Context, n Notification) error {
	select {
	case m.slots <- struct{}{}:
	default:
		select {
		case m.slots <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if !m.queue.push(n.lane(), job{ctx: context.WithoutCancel(ctx), n: n}, m.workers, m.work) {
		<-m.slots
		return ErrClosed
	}
	m.stats.dispatched.Add(1)
	return nil
}

// push reports whether the job was taken, and starts a worker if one is missing.
func (q *queue) push(key string, j job, most int, work func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if l, ok := q.lanes[key]; ok {
		l.work = append(l.work, j)
		return true // it is ready or held already
	}
	l := &lane{key: key, work: []job{j}}
	if q.lanes == nil {
		q.lanes = map[string]*lane{}
	}
	q.lanes[key] = l
	q.ready = append(q.ready, l)
	if q.workers < most {
		q.workers++
		go work()
	}
	return true
}

// work handles one job after another, taking the lanes in turns, and ends when
// nothing is left: an idle mux has no goroutines.
func (m *Mux) work() { m.workFrom(nil) }

// workFrom is work for a worker that holds a lane.
func (m *Mux) workFrom(held *lane) {
	idle := false
	defer func() {
		if !idle { // a handler ended this goroutine, as t.FailNow does
			m.stats.errors.Add(1)
			m.logger.Error("event handler ended its goroutine")
			go m.workFrom(held)
		}
	}()
	for {
		l, j, ok := m.queue.next(held)
		if !ok {
			idle = true
			return
		}
		held = l
		m.do(j)
	}
}

func (m *Mux) do(j job) {
	ctx, done := m.queue.start(j.ctx)
	defer func() {
		done()
		<-m.slots
	}()
	m.handle(ctx, j.n)
}

// next gives back the lane a worker held and takes another.
func (q *queue) next(held *lane) (*lane, job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if held != nil {
		if len(held.work) > 0 {
			q.ready = append(q.ready, held)
		} else {
			delete(q.lanes, held.key)
		}
	}
	if len(q.ready) == 0 {
		if q.workers--; q.workers == 0 && q.idle != nil {
			close(q.idle)
			q.idle = nil
		}
		return nil, job{}, false
	}
	l := q.ready[0]
	q.ready[0] = nil
	q.ready = q.ready[1:]
	j := l.work[0]
	l.work[0] = job{}
	l.work = l.work[1:]
	return l, j, true
}

// start makes the context of one handler call.
func (q *queue) start(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		cancel()
		return ctx, cancel
	}
	if q.running == nil {
		q.running = map[int]context.CancelFunc{}
	}
	q.serial++
	serial := q.serial
	q.running[serial] = cancel
	return ctx, func() {
		q.mu.Lock()
		delete(q.running, serial)
		q.mu.Unlock()
		cancel()
	}
}

// drainGrace is how long Drain waits for handlers after it ended their contexts.
const drainGrace = time.Second

// Drain waits until everything that was dispatched has been handled. Call it at
// shutdown, when no transport runs any more; a mux that was drained in time can
// go on. When ctx ends first, Drain ends the contexts of the handlers at work,
// forgets what waits, gives handlers a second to return, and returns ctx's
// error; the mux is closed from then on.
func (m *Mux) Drain(ctx context.Context) error {
	idle := m.queue.wait()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	for range m.queue.close() {
		<-m.slots
	}
	grace := time.NewTimer(drainGrace)
	defer grace.Stop()
	select {
	case <-idle:
	case <-grace.C:
	}
	return context.Cause(ctx)
}

// wait returns a channel that is closed when no worker runs, or nil if none does.
func (q *queue) wait() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.workers == 0 {
		return nil
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	return q.idle
}

// close forgets all jobs that wait, ends the context of the others, and returns
// how many it forgot.
func (q *queue) close() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	forgotten := 0
	for _, l := range q.lanes {
		forgotten += len(l.work)
		l.work = nil
	}
	q.ready = nil
	for _, cancel := range q.running {
		cancel()
	}
	return forgotten
}

// lane is the key of the lane n belongs in: whose channel it is about. What
// names nobody shares one lane.
func (n Notification) lane() string {
	for _, field := range laneFields {
		if id := n.Meta.Subscription.Condition[field]; id != "" {
			return id
		}
	}
	return ""
}

var laneFields = []string{
	"broadcaster_user_id", "to_broadcaster_user_id", "from_broadcaster_user_id",
	"user_id", "client_id", "organization_id", "extension_client_id",
}
