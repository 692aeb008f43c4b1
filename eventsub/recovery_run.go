package eventsub

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	// catchUpsAtOnce is the number of gaps, of different users, that are worked off at
	// the same time, and of first states that are fetched.
	catchUpsAtOnce = 4
	// recoverTimeout bounds the attempts for one condition.
	recoverTimeout = 2 * time.Minute
)

// start loads the stored watermarks and runs. It returns a function that stops it, which
// must be called after the transport has ended.
func (r *recovery) start(ctx context.Context) (stop func()) {
	if r == nil {
		return func() {}
	}
	r.load(ctx)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { r.run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// run works off gaps and stores watermarks until ctx ends.
func (r *recovery) run(ctx context.Context) {
	defer r.saveLast() //nolint:contextcheck // ctx has ended
	defer r.stop()
	var working sync.WaitGroup
	defer working.Wait()
	save := time.NewTimer(time.Hour)
	defer save.Stop()
	idle := time.NewTicker(idleEvery)
	defer idle.Stop()
	if r.store == nil {
		idle.Stop()
	}
	planned := false
	for {
		for c := r.next(); c != nil; c = r.next() {
			working.Go(func() {
				r.catchUp(ctx, c)
				r.finish(c)
			})
		}
		for m := r.nextFresh(); m != nil; m = r.nextFresh() {
			working.Go(func() { r.fetchFirst(ctx, m) })
		}
		if !planned && r.changed() {
			planned = true
			save.Reset(saveEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-idle.C:
			r.refresh()
		case <-save.C:
			planned = false
			r.save(ctx)
		}
	}
}

// changed reports whether there is something to store.
func (r *recovery) changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.dirty)+len(r.removed) > 0
}

// refresh lists all marks that a line has brought further.
func (r *recovery) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.marks {
		if m.line != nil && m.frozen == nil {
			r.dirty[m] = true
		}
	}
}

// next returns a gap that can be worked off now, or nil.
func (r *recovery) next() *catchUp {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.busy) >= catchUpsAtOnce {
		return nil
	}
	for i, c := range r.tasks {
		if !r.busy[c.gap.UserID] {
			r.busy[c.gap.UserID] = true
			r.tasks = append(r.tasks[:i:i], r.tasks[i+1:]...)
			return c
		}
	}
	return nil
}

// finish allows the next gap of the same user.
func (r *recovery) finish(c *catchUp) {
	r.mu.Lock()
	delete(r.busy, c.gap.UserID)
	r.mu.Unlock()
	r.notify()
}

// nextFresh returns a condition whose first state can be fetched now, or nil.
func (r *recovery) nextFresh() *mark {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.fresh) == 0 || r.fetching >= catchUpsAtOnce {
		return nil
	}
	m := r.fresh[0]
	r.fresh = r.fresh[1:]
	r.fetching++
	return m
}

// fetchFirst fetches the state of a condition that is new.
func (r *recovery) fetchFirst(ctx context.Context, m *mark) {
	m.turn.Lock()
	defer m.turn.Unlock()
	r.mu.Lock()
	missed := Missed{Condition: m.target.condition, UserID: m.userID, To: time.Now()}
	r.mu.Unlock()
	got, err := r.recover(ctx, missed)
	if err != nil {
		r.logger.WarnContext(ctx, "state not fetched", "type", missed.Condition.Type().String(), "error", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fetching--
	if err == nil && !m.forgotten && m.state == nil {
		m.state, m.fetched = got.State, missed.To
		r.index(m)
		r.dirty[m] = true
	}
	r.notify()
}

// recover calls the recoverer until it returns no error, at most for recoverTimeout.
func (r *recovery) recover(ctx context.Context, missed Missed) (Recovered, error) {
	ctx, cancel := context.WithTimeout(ctx, recoverTimeout)
	defer cancel()
	backoff := retry.Backoff{Min: 2 * time.Second, Max: time.Minute}
	for {
		got, err := r.recoverer.Recover(ctx, missed)
		if err == nil || ctx.Err() != nil {
			return got, err
		}
		r.logger.WarnContext(ctx, "missed events not fetched, trying again", "type", missed.Condition.Type().String(), "error", err)
		select {
		case <-ctx.Done():
			return got, err
		case <-time.After(backoff.Next()):
		}
	}
}
