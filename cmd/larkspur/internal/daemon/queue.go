package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// The lanes of the queues. Each relay has one of its own besides, named after it.
const (
	laneModeration = "moderation"
	laneRedemption = "redemption"
	laneChannel    = "channel" // title, clip: what changes the channel and may take seconds
	laneReply      = "reply"
)

// relayLane is the name of the lane of a relay.
func relayLane(relay string) string { return "relay " + relay }

// laneBounds are the lanes that every bot has. Moderation never waits for anything
// else: it has workers of its own, and the first place in Helix' limits. Replies are
// sent one after another, as fast as Twitch's limits for chat allow.
func laneBounds(replyExpiry time.Duration) map[string]laneOptions {
	return map[string]laneOptions{
		laneModeration: {size: 10_000, parallel: 8, deadline: 30 * time.Second, finishing: true},
		laneRedemption: {size: 1000, parallel: 4, deadline: 30 * time.Second, finishing: true},
		laneChannel:    {size: 100, parallel: 2, expiry: time.Minute, deadline: 30 * time.Second},
		laneReply:      {size: 500, parallel: 1, newest: true, expiry: replyExpiry, deadline: replyExpiry},
	}
}

// relayBounds are those of the lane of one relay.
var relayBounds = laneOptions{size: 100, parallel: 1, expiry: 5 * time.Minute, deadline: relayDeadline}

// relayDeadline is how long one message to a relay may take.
const relayDeadline = 10 * time.Second

// queues carry out actions, so that nothing that reads events ever waits for one that
// acts. Every lane has its own workers: a relay that hangs, or 500 replies that wait
// for Twitch's limits, delay nothing in another lane.
type queues struct {
	log *slog.Logger

	mu    sync.Mutex
	lanes map[string]*lane // guarded by mu, including what is inside; the map never changes
	wake  map[string]chan struct{}
	lost  lossReport
}

func newQueues(log *slog.Logger, lanes map[string]laneOptions, tell func(ctx context.Context, text string)) *queues {
	q := &queues{log: log, lanes: map[string]*lane{}, wake: map[string]chan struct{}{}}
	q.lost = lossReport{tell: tell, poke: make(chan struct{}, 1)}
	for name, o := range lanes {
		q.lanes[name] = &lane{laneOptions: o}
		q.wake[name] = make(chan struct{}, 1)
	}
	return q
}

// add puts a job into a lane and returns at once. The job's run or drop is called from
// another goroutine, except for a drop because the lane is full or closed, which is
// called before add returns.
func (q *queues) add(name string, j *job) {
	q.mu.Lock()
	l, ok := q.lanes[name]
	if !ok {
		q.mu.Unlock()
		j.drop(fmt.Errorf("there is no queue %q", name))
		return
	}
	out := l.add(time.Now(), j)
	q.mu.Unlock()
	q.poke(name)
	q.drop(name, out)
}

func (q *queues) poke(name string) {
	select {
	case q.wake[name] <- struct{}{}:
	default: // a worker is on its way
	}
}

// drop tells jobs that they are not carried out.
func (q *queues) drop(name string, out []dropped) {
	for _, d := range out {
		d.job.drop(d.why)
		q.lost.add(name, d.why)
	}
}

// run carries out jobs until ctx ends, and then, within grace, what the lanes that
// finish their work still hold. It returns when all jobs have ended.
func (q *queues) run(ctx context.Context, grace time.Duration) error {
	finish, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var workers sync.WaitGroup
	for name, l := range q.lanes {
		jobs := ctx
		if l.finishing {
			jobs = finish
		}
		for range l.parallel {
			workers.Go(func() { q.work(jobs, name) })
		}
	}
	workers.Go(func() { q.lost.run(ctx) })
	ended := make(chan struct{})
	go func() { defer close(ended); workers.Wait() }()

	<-ctx.Done()
	q.close(false)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		q.close(true)
		cut()
		<-ended
	}
	q.lost.flush(finish)
	return ctx.Err()
}

// close stops the intake and drops what is not to be carried out; see [lane.close].
func (q *queues) close(force bool) {
	for name, l := range q.lanes {
		q.mu.Lock()
		out := l.close(force)
		q.mu.Unlock()
		q.drop(name, out)
		q.poke(name)
	}
}

// work carries out the jobs of one lane, one after another, until the lane is closed
// and empty.
func (q *queues) work(ctx context.Context, name string) {
	l := q.lanes[name]
	for {
		q.mu.Lock()
		j, out := l.next(time.Now())
		ended := l.closed && len(l.waiting) == 0
		more := ended || len(l.waiting) > 0
		q.mu.Unlock()
		q.drop(name, out)
		if more {
			q.poke(name) // another worker of the lane
		}
		switch {
		case j != nil:
			q.carryOut(ctx, name, j)
		case ended:
			return
		default:
			<-q.wake[name]
		}
	}
}

// carryOut runs one job. A panic ends that job only.
func (q *queues) carryOut(ctx context.Context, name string, j *job) {
	ctx, cancel := context.WithTimeout(ctx, q.lanes[name].deadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			q.log.ErrorContext(ctx, "action panicked", "queue", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
		q.mu.Lock()
		q.lanes[name].done()
		q.mu.Unlock()
	}()
	if !j.expires.IsZero() {
		var expire context.CancelFunc
		ctx, expire = context.WithDeadlineCause(ctx, j.expires, errExpired)
		defer expire()
	}
	j.run(ctx)
}

// counts returns what became of the jobs of each lane.
func (q *queues) counts() map[string]laneCounts {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := make(map[string]laneCounts, len(q.lanes))
	for name, l := range q.lanes {
		out[name] = l.state()
	}
	return out
}
