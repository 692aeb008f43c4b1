package skill

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A run is the steps of one reaction. It submits a step when those before it have
// ended, with two exceptions. Moderation waits for earlier moderation only: a reply that
// waits for Twitch's limits must not delay the ban after it. A ban of a script does not
// wait for a delete either, since deletes can be many. And replies in a row are
// submitted together, so that an answer of two lines stays together in a long queue.
type run struct {
	submit func(*Step)
	strict bool // moderation waits for all steps before it, too

	mu    sync.Mutex
	steps []*runStep // in order; guarded by mu, including their state
	err   error      // why the run ended early; guarded by mu
}

// A runStep is a step and how far it has come.
type runStep struct {
	*Step

	needsResult bool // of an earlier step, so it waits for all of them
	goOn        bool // the run continues if it fails
	state       stepState
}

type stepState int

const (
	stepWaiting stepState = iota
	stepSubmitted
	stepEnded
)

// add appends steps and submits those that can start.
func (r *run) add(steps ...*runStep) {
	r.mu.Lock()
	r.steps = append(r.steps, steps...)
	r.mu.Unlock()
	r.advance()
}

// ended marks a step as ended. After an error no further step starts.
func (r *run) ended(s *runStep, err error) {
	r.mu.Lock()
	s.state = stepEnded
	if r.err == nil {
		r.err = err
	}
	r.mu.Unlock()
	r.advance()
}

// postpone lets the steps after s expire later.
func (r *run) postpone(s *runStep, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.Index(r.steps, s)
	for _, later := range r.steps[i+1:] {
		if !later.Expires.IsZero() {
			later.Expires = later.Expires.Add(d)
		}
	}
}

// fail ends the run.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// failure returns the error that ended the run, nil if none has.
func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// advance submits the steps that can start. It calls submit without a lock, since a step
// may run or be dropped before submit returns.
func (r *run) advance() {
	for s := r.next(); s != nil; s = r.next() {
		r.submit(s.Step)
	}
}

// next returns a step that can start, or nil.
func (r *run) next() *runStep {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return nil
	}
	for i, s := range r.steps {
		holdsUp := func(before *runStep) bool { return before.state != stepEnded && r.mustWait(s, before) }
		if s.state == stepWaiting && !slices.ContainsFunc(r.steps[:i], holdsUp) {
			s.state = stepSubmitted
			return s
		}
	}
	return nil
}

// mustWait reports whether a step must wait for an earlier one to end.
func (r *run) mustWait(s, before *runStep) bool {
	switch {
	case r.strict || s.needsResult:
		return true
	case s.Class == ClassModeration:
		return before.Class == ClassModeration
	case s.Class == ClassDelete:
		return before.Class == ClassModeration || before.Class == ClassDelete
	case s.Class == ClassReply:
		return before.Class != ClassReply || before.state == stepWaiting
	}
	return true
}

// maxSerial bounds how many runs of one function of a script wait for each other.
const maxSerial = 1000

// A serial submits steps one after another, each when the one before has ended, so
// that a script's function sees events in their order.
type serial struct {
	submit func(*Step)

	mu      sync.Mutex
	busy    bool         // guarded by mu
	waiting []serialStep // guarded by mu
}

type serialStep struct {
	*Step

	drop func(reason error) // without submitting the next
}

// add takes a step. The oldest that waits is dropped if there are too many.
func (q *serial) add(s *Step) {
	do, dropped := s.do, s.dropped
	s.do = func(ctx context.Context) {
		defer q.next()
		do(ctx)
	}
	s.dropped = func(reason error) {
		dropped(reason)
		q.next()
	}
	q.mu.Lock()
	if !q.busy {
		q.busy = true
		q.mu.Unlock()
		q.submit(s)
		return
	}
	q.waiting = append(q.waiting, serialStep{s, dropped})
	var oldest serialStep
	if len(q.waiting) > maxSerial {
		oldest = q.pop()
	}
	q.mu.Unlock()
	if oldest.Step != nil && oldest.taken.CompareAndSwap(false, true) {
		oldest.reason = ErrCrowded
		oldest.drop(ErrCrowded)
	}
}

// next submits the step that has waited longest.
func (q *serial) next() {
	q.mu.Lock()
	if len(q.waiting) == 0 {
		q.busy = false
		q.mu.Unlock()
		return
	}
	s := q.pop()
	q.mu.Unlock()
	q.submit(s.Step)
}

// pop removes the step that has waited longest. The caller holds mu.
func (q *serial) pop() serialStep {
	s := q.waiting[0]
	q.waiting[0] = serialStep{}
	q.waiting = q.waiting[1:]
	return s
}
