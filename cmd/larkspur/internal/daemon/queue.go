package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// queues carry out actions, so that the code that reads events never waits for an action.
// Every lane has its own workers: a relay that hangs, or 500 replies that wait for
// Twitch's limits, do not delay actions of another lane.
type queues struct {
	log *slog.Logger

	mu    sync.Mutex
	lanes map[string]*lane // the map never changes; the lanes are guarded by mu
	idle  []chan struct{}  // guarded by mu; closed when the lanes that speak are empty

	wake map[string]chan struct{} // wakes a worker of a lane; the map never changes
	lost lossReport
}

func newQueues(log *slog.Logger, lanes map[string]laneOptions, replyAge time.Duration, tell func(ctx context.Context, text string)) *queues {
	q := &queues{log: log, lanes: map[string]*lane{}, wake: map[string]chan struct{}{}}
	q.lost = lossReport{tell: tell, age: replyAge, poke: make(chan struct{}, 1)}
	for name, o := range lanes {
		q.lanes[name] = &lane{laneOptions: o}
		q.wake[name] = make(chan struct{}, 1)
	}
	return q
}

// Submit implements [skill.Executor].
func (q *queues) Submit(s *skill.Step) {
	lane := laneOf(s.Class, s.Connector)
	q.add(lane, &job{expires: s.Expires, drop: s.Drop, run: func(ctx context.Context) {
		s.Run(ctx)
		if why := s.Dropped(); why != nil {
			q.lost.add(lane, why)
		}
	}})
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
	default: // a worker has already been woken
	}
}

// drop calls the drop functions of jobs.
func (q *queues) drop(name string, out []dropped) {
	for _, d := range out {
		d.job.drop(d.why)
		q.lost.add(name, d.why)
	}
}

// run carries out jobs until ctx ends. After that, and within grace, it carries out the
// waiting jobs of lanes that finish their work. It returns when all jobs have ended.
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
	for name, c := range q.counts() {
		if c.Done+c.Expired+c.Crowded > 0 {
			q.log.DebugContext(finish, "actions", "queue", name, "done", c.Done, "expired", c.Expired, "crowded", c.Crowded)
		}
	}
	return ctx.Err()
}

// close refuses further jobs and drops waiting ones; see [lane.close].
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
		q.tellIdle()
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
	defer func() {
		if p := recover(); p != nil {
			q.log.ErrorContext(ctx, "action panicked", "queue", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
		q.mu.Lock()
		q.lanes[name].done()
		q.mu.Unlock()
	}()
	if !j.expires.IsZero() {
		var expire context.CancelFunc // a job can expire while it runs: a reply that waits for Twitch's limits
		ctx, expire = context.WithDeadlineCause(ctx, j.expires, skill.ErrExpired)
		defer expire()
	}
	j.run(ctx)
}

// counts returns the counts of each lane.
func (q *queues) counts() map[string]laneCounts {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := make(map[string]laneCounts, len(q.lanes))
	for name, l := range q.lanes {
		out[name] = l.state()
	}
	return out
}
