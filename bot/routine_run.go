package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

func (r *Routine) loop(ctx context.Context, cancel func(), ended chan struct{}) {
	defer func() {
		cancel()
		r.mu.Lock()
		r.cancel, r.status.Started, r.status.Next = nil, false, time.Time{}
		r.mu.Unlock()
		close(ended)
	}()
	if r.o.AtStart && !r.due(ctx) {
		return
	}
	for r.wait(ctx) {
		if !r.due(ctx) {
			return
		}
	}
}

// wait waits for the next time of the schedule. It returns false if there is none, or if
// ctx ends.
func (r *Routine) wait(ctx context.Context) bool {
	timer := retry.NewTimer()
	defer timer.Stop()
	for ctx.Err() == nil {
		r.mu.Lock()
		next, changed := r.schedule.next(time.Now(), r.begin), r.changed
		r.status.Next = next
		r.mu.Unlock()
		if next.IsZero() {
			return false
		}
		if r.o.Jitter > 0 {
			next = next.Add(rand.N(r.o.Jitter)) //nolint:gosec // not a secret
		}
		timer.Set(next)
		select {
		case <-timer.C:
			return true
		case <-changed:
		case <-ctx.Done():
		}
	}
	return false
}

// due runs the function if all conditions are true, again after an error. It returns
// false if the routine ends.
func (r *Routine) due(ctx context.Context) bool {
	last := r.Status().Last
	if !r.allowed(ctx, last) {
		r.edit(func(s *RoutineStatus) { s.Skipped++ })
		return ctx.Err() == nil
	}
	backoff := retry.Backoff{Min: 2 * time.Second, Max: time.Minute, Floor: time.Second}
	for attempt := 1; ; attempt++ {
		err := r.call(ctx)
		if err != nil {
			err = fmt.Errorf("bot: routine %s: %w", r.name, err)
			r.edit(func(s *RoutineStatus) { s.Err = err })
		}
		switch {
		case err == nil:
			return ctx.Err() == nil && r.Remaining() != 0
		case ctx.Err() != nil:
			return false
		case attempt == r.o.Attempts:
			r.o.Logger.ErrorContext(ctx, "routine failed", "routine", r.name, "attempts", attempt, "error", err, "stops", r.o.StopOnError)
			return !r.o.StopOnError
		}
		wait := backoff.Next()
		r.o.Logger.WarnContext(ctx, "routine failed", "routine", r.name, "attempt", attempt, "error", err, "again_in", wait)
		if retry.Sleep(ctx, wait) != nil {
			return false
		}
	}
}

// allowed reports whether all conditions are true. One that panics is not.
func (r *Routine) allowed(ctx context.Context, last time.Time) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			r.o.Logger.ErrorContext(ctx, "condition of a routine panicked", "routine", r.name, "panic", v, "stack", string(debug.Stack()))
		}
	}()
	return !slices.ContainsFunc(r.o.When, func(when Condition) bool { return !when(ctx, last) })
}

// call calls the function once. A panic is an error.
func (r *Routine) call(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Timeout)
	defer cancel()
	r.edit(func(s *RoutineStatus) { s.Running, s.Last = true, time.Now() })
	defer func() {
		if v := recover(); v != nil {
			err = &eventsub.PanicError{Value: v, Stack: debug.Stack()}
			r.o.Logger.ErrorContext(ctx, "routine panicked", "routine", r.name, "stack", string(debug.Stack()))
		}
		r.edit(func(s *RoutineStatus) {
			if s.Running, s.Err = false, err; err == nil {
				s.Runs++
			} else {
				s.Failed++
			}
		})
	}()
	return r.do(ctx)
}

func (r *Routine) edit(change func(s *RoutineStatus)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.status)
}
