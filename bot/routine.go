package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// RoutineOptions configure a [Routine]. The zero value runs it at each time of its
// schedule for ever.
type RoutineOptions struct {
	AtStart bool          // run once when the routine is started, before the first time of the schedule
	Jitter  time.Duration // each run begins up to so much later, chosen at random
	Times   int           // the routine ends after so many runs without an error; 0: never
	Timeout time.Duration // of one run, whose context ends then; default: 10 minutes

	// When has to return true for a run; otherwise the run is skipped and counted. All
	// conditions of the list have to.
	When []Condition

	// Attempts is how often a run is tried that returns an error, with growing pauses of a
	// second to a minute between; default: 5. After that the routine waits for the next
	// time of its schedule, or ends if StopOnError is set.
	Attempts    int
	StopOnError bool

	Logger *slog.Logger // receives errors and panics; default: discard
}

// A Condition decides at a time of its schedule whether a routine runs. Last is when it
// ran before, or the zero time.
type Condition func(ctx context.Context, last time.Time) bool

// A Routine calls a function by a schedule, never twice at the same time. Its methods are
// safe for concurrent use; the function may call them, but must not wait for the routine.
type Routine struct {
	name string
	do   func(context.Context) error
	o    RoutineOptions

	mu       sync.Mutex
	schedule Schedule      // guarded by mu
	begin    time.Time     // guarded by mu; of the schedule
	changed  chan struct{} // guarded by mu; closed when the schedule changes
	cancel   func()        // guarded by mu; nil: not started
	ended    chan struct{} // guarded by mu; closed when the loop has ended
	status   RoutineStatus // guarded by mu
}

// RoutineStatus describes a [Routine].
type RoutineStatus struct {
	Started bool      // it waits for its next run, or runs
	Running bool      // its function is being called
	Runs    int       // without an error
	Failed  int       // attempts that returned an error
	Skipped int       // a condition was not true
	Last    time.Time // when the newest run began; zero if none
	Next    time.Time // when the next one is due, without jitter; zero if none is
	Err     error     // of the newest attempt, with the name of the routine
}

// NewRoutine returns a routine that is not started yet. It returns an error if the name
// or the function is missing or the schedule is invalid: mistakes in the program.
func NewRoutine(name string, s Schedule, do func(ctx context.Context) error, o RoutineOptions) (*Routine, error) {
	err := s.check()
	switch {
	case name == "":
		err = errors.New("the name is missing")
	case do == nil:
		err = errors.New("the function is nil")
	}
	if err != nil {
		return nil, fmt.Errorf("bot: routine %q: %w", name, err)
	}
	if o.Attempts <= 0 {
		o.Attempts = 5
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Minute
	}
	o.Logger = quiet.Or(o.Logger)
	return &Routine{name: name, schedule: s, do: do, o: o, changed: make(chan struct{})}, nil
}

// Name returns the name of the routine.
func (r *Routine) Name() string { return r.name }

// Start starts the routine, until ctx ends, Stop is called, or it has run as often as its
// options say. It returns at once, with an error if the routine is started already.
func (r *Routine) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		return fmt.Errorf("bot: routine %q is started already", r.name)
	}
	ctx, r.cancel = context.WithCancel(ctx)
	r.begin, r.ended = time.Now(), make(chan struct{})
	r.status = RoutineStatus{Started: true}
	go r.loop(ctx, r.cancel, r.ended)
	return nil
}

// Stop stops the routine and waits until its function has returned. The context of the
// function ends.
func (r *Routine) Stop() {
	r.mu.Lock()
	cancel, ended := r.cancel, r.ended
	r.mu.Unlock()
	if cancel == nil {
		return
	}
	cancel()
	<-ended
}

// Restart stops the routine if it is started, and starts it with all counts at zero.
func (r *Routine) Restart(ctx context.Context) error {
	r.Stop()
	return r.Start(ctx)
}

// Change gives the routine another schedule, which begins now. A run is not interrupted.
func (r *Routine) Change(s Schedule) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("bot: routine %q: %w", r.name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.schedule, r.begin = s, time.Now()
	close(r.changed)
	r.changed = make(chan struct{})
	return nil
}

// Status returns the state of the routine.
func (r *Routine) Status() RoutineStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Remaining returns how many runs are left until the routine ends, or -1 if it has no end.
func (r *Routine) Remaining() int {
	if r.o.Times <= 0 {
		return -1
	}
	return max(r.o.Times-r.Status().Runs, 0)
}
