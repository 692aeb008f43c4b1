package daemon

import (
	"context"
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// errStopping is the reason for dropping jobs that still wait when the bot stops. Other
// reasons are [skill.ErrExpired] and [skill.ErrCrowded].
var errStopping = errors.New("the bot stopped")

// A job is one action that waits for its turn.
type job struct {
	expires time.Time                 // dropped if it still waits then; zero: waits as long as it takes
	run     func(ctx context.Context) // carries the action out; ctx ends when the job expires
	drop    func(why error)           // called instead of run
}

// laneOptions are the bounds of a lane.
type laneOptions struct {
	size      int  // jobs that may wait
	parallel  int  // jobs that run at once
	newest    bool // a full lane drops the job that waits longest, else it refuses the new one
	finishing bool // waiting jobs are still carried out when the bot stops, within its grace
}

// laneCounts count the jobs of a lane by their outcome.
type laneCounts struct {
	Waiting, Running       int
	Done, Expired, Crowded int // since the start
}

// A lane is a bounded queue of jobs that wait for the same thing. It decides which job
// runs next and which are dropped; it starts no job and does not read the clock. The
// caller serialises access.
type lane struct {
	laneOptions

	waiting []*job // in order of arrival
	running int
	closed  bool
	counts  laneCounts
}

// A dropped job, with the reason.
type dropped struct {
	job *job
	why error
}

// add appends a job. It returns what must be dropped: expired jobs, and the oldest or
// the new job if the lane is full.
func (l *lane) add(now time.Time, j *job) []dropped {
	if l.closed {
		return []dropped{{j, errStopping}}
	}
	out := l.expire(now)
	if len(l.waiting) >= l.size {
		l.counts.Crowded++
		if !l.newest {
			return append(out, dropped{j, skill.ErrCrowded})
		}
		out = append(out, dropped{l.pop(), skill.ErrCrowded})
	}
	l.waiting = append(l.waiting, j)
	return out
}

// next returns the job to run now, or nil. Each job must be followed by a call of done.
func (l *lane) next(now time.Time) (*job, []dropped) {
	out := l.expire(now)
	if l.running >= l.parallel || len(l.waiting) == 0 {
		return nil, out
	}
	l.running++
	return l.pop(), out
}

// done notes that a job from next has ended.
func (l *lane) done() {
	l.running--
	l.counts.Done++
}

// close refuses further jobs and returns the jobs to drop: all that wait, unless the
// lane finishes its work and still can.
func (l *lane) close(force bool) []dropped {
	l.closed = true
	if l.finishing && !force {
		return nil
	}
	var out []dropped
	for len(l.waiting) > 0 {
		out = append(out, dropped{l.pop(), errStopping})
	}
	return out
}

// state returns the counts.
func (l *lane) state() laneCounts {
	c := l.counts
	c.Waiting, c.Running = len(l.waiting), l.running
	return c
}

// expire removes the jobs at the head of the queue that have waited too long.
func (l *lane) expire(now time.Time) (out []dropped) {
	for len(l.waiting) > 0 {
		j := l.waiting[0]
		if j.expires.IsZero() || now.Before(j.expires) {
			break
		}
		l.counts.Expired++
		out = append(out, dropped{l.pop(), skill.ErrExpired})
	}
	return out
}

// pop removes the job that has waited longest.
func (l *lane) pop() *job {
	j := l.waiting[0]
	l.waiting[0] = nil // so that it can be collected
	l.waiting = l.waiting[1:]
	return j
}
