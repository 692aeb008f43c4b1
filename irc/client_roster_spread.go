package irc

import (
	"slices"
	"time"
)

// surplusAfter is how long a connection without channels stays open: programs leave a
// channel and join another one.
const surplusAfter = 30 * time.Second

// begin spreads the channels over new runners, at least one.
func (r *roster) begin(newRun func(number int) *runner) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.ending, r.newRun, r.runners, r.fresh = true, false, newRun, nil, nil
	for _, login := range r.order {
		s := r.seats[login]
		*s = seat{since: time.Now(), moderates: s.moderates}
		r.assign(login, s)
	}
	if len(r.runners) == 0 {
		r.add()
	}
}

// end forgets the runners.
func (r *roster) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.runners, r.fresh, r.newRun = false, nil, nil, nil
	for _, s := range r.seats {
		s.owner, s.in, s.asked = nil, nil, nil
		s.next = time.Time{} // err stays, for those who ask afterwards
	}
}

// assign gives a channel to the fullest connection that has room, so that connections that
// became small can close one day, or to a new one. The caller holds mu.
func (r *roster) assign(login string, s *seat) {
	var best *runner
	for _, run := range r.runners {
		if n := len(run.logins); n < r.per && (best == nil || n > len(best.logins)) {
			best = run
		}
	}
	if best == nil {
		best = r.add()
	}
	best.logins = append(best.logins, login)
	s.owner = best
}

// add makes a runner with the lowest number that is free. The caller holds mu.
func (r *roster) add() *runner {
	n := 0
	for n < len(r.runners) && r.runners[n].number == n+1 {
		n++
	}
	run := r.newRun(n + 1)
	run.idle = time.Now()
	r.runners = slices.Insert(r.runners, n, run)
	r.fresh = append(r.fresh, run)
	r.change()
	return run
}

// starts returns the runners that are to be started.
func (r *roster) starts() []*runner {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.fresh
	r.fresh = nil
	return fresh
}

// surplus removes the runners that have had no channel for a while, except the last one, and
// returns them. next is when to call it again, zero if there is nothing to wait for.
func (r *roster) surplus(now time.Time) (surplus []*runner, next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.runners) - 1; i >= 0 && len(r.runners) > 1; i-- {
		run := r.runners[i]
		if len(run.logins) > 0 {
			continue
		}
		if due := run.idle.Add(surplusAfter); due.After(now) {
			if next.IsZero() || due.Before(next) {
				next = due
			}
			continue
		}
		surplus = append(surplus, run)
		r.runners = slices.Delete(r.runners, i, i+1)
	}
	return surplus, next
}

// share returns the channels of a runner, in the order in which it got them.
func (r *roster) share(run *runner) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(run.logins)
}

// all returns the runners.
func (r *roster) all() []*runner {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.runners)
}

// othersUp reports whether another connection than the one of run is logged in.
func (r *roster) othersUp(run *runner) bool {
	return slices.ContainsFunc(r.all(), func(other *runner) bool {
		other.mu.Lock()
		defer other.mu.Unlock()
		return other != run && !other.connected.IsZero()
	})
}

// nextLogin returns a channel that is closed when a connection logs in.
func (r *roster) nextLogin() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.login
}

func (r *roster) loggedIn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.login)
	r.login = make(chan struct{})
}
