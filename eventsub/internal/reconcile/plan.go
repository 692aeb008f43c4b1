package reconcile

import (
	"cmp"
	"slices"
	"time"
)

const (
	// firstAlone is how long the first attempt of a session runs without others, so
	// that an error common to all occurs only once. It is limited because Twitch
	// closes a session that has no subscription after ten seconds.
	firstAlone = 3 * time.Second
	// slowAfter is the time after which an attempt counts as failed if its session
	// ends meanwhile.
	slowAfter = 2 * time.Second
	// keepOpen is how soon the next attempt must be for a connection without
	// subscriptions to stay open.
	keepOpen = 5 * time.Second
)

// A Plan lists the actions for the caller to carry out now.
type Plan struct {
	Connect []bool // for each connection: whether it is needed
	Create  []Attempt
	Delete  []Deletion
	Wake    time.Time // when to call Next again at the latest; zero: after the next change
}

// An Attempt is a subscription to create. The caller must call [Set.Created] or
// [Set.Failed] afterwards, unless the session ends before.
type Attempt struct {
	Key        string
	Connection int
	Session    string

	number int
}

// A Deletion is a subscription to delete. The caller must call [Set.Deleted]
// afterwards, unless the session ends before.
type Deletion struct {
	Key        string
	ID         string
	Connection int

	number int
}

// Next returns what to do. When it returns, connections that are no longer needed
// count as closed, and attempts and deletions as under way.
func (s *Set) Next(now time.Time) Plan {
	s.wake = time.Time{}
	due := s.due(now)
	due = s.assign(due, now)
	p := Plan{Connect: make([]bool, len(s.slots))}
	for i, sl := range s.slots {
		if p.Connect[i] = s.o.Persistent || s.needed(i, now); !p.Connect[i] && len(sl.ids) > 0 {
			s.clear(i, now)
		}
	}
	p.Delete = s.surplus(now)
	for _, e := range due {
		if s.busy >= s.o.Parallel {
			break
		}
		if s.mayStart(e, now) {
			p.Create = append(p.Create, s.start(e, now))
		}
	}
	p.Wake = s.wake
	return p
}

// remind makes the caller call Next again at t.
func (s *Set) remind(t time.Time) {
	if !t.IsZero() && (s.wake.IsZero() || t.Before(s.wake)) {
		s.wake = t
	}
}

// due returns the missing entries that may be tried, in the order to try them: first
// those that have not failed, then those that failed longest ago.
func (s *Set) due(now time.Time) []*entry {
	var due []*entry
	for _, e := range s.wanted {
		e.waits, e.waitErr, e.waitTill = false, nil, time.Time{}
		if e.state != missing {
			continue
		}
		g := s.gateOf(e)
		switch f := e.failure; {
		case e.want.Err != nil:
			e.wait(e.want.Err, time.Time{})
		case f != nil && now.Before(f.again):
			e.wait(f.err, f.again)
		case now.Before(g.until) && !e.urgent:
			e.wait(e.reason(g.err), g.until)
		default:
			due = append(due, e)
		}
		s.remind(e.waitTill)
	}
	slices.SortStableFunc(due, func(a, b *entry) int {
		return cmp.Or(a.failedAt().Compare(b.failedAt()), cmp.Compare(a.order, b.order))
	})
	return due
}

// wait records why an entry is not tried now. A zero until means an unknown time.
func (e *entry) wait(err error, until time.Time) {
	e.waits, e.waitErr, e.waitTill = true, err, until
	e.slot = none
}

// blocked reports whether an entry is not tried now for a known reason.
func (e *entry) blocked() bool { return e.waits && e.waitErr != nil }

// reason returns the entry's own failure, or other if it has none.
func (e *entry) reason(other error) error {
	if e.failure != nil {
		return e.failure.err
	}
	return other
}

// failedAt returns the time of the entry's failure, or zero if it has not failed, or only
// because of the cost limit: that is spent in the order of wanting.
func (e *entry) failedAt() time.Time {
	if e.failure == nil || e.failure.class == OverCost {
		return time.Time{}
	}
	return e.failure.at
}

// assign gives each due entry a connection: the one it had, or the first with room.
// It returns those that can be tried when that connection has a session.
func (s *Set) assign(due []*entry, now time.Time) []*entry {
	room := make([]int, len(s.slots))
	for i := range room {
		room[i] = s.o.PerConnection
	}
	for _, e := range s.entries {
		if e.slot != none {
			room[e.slot]--
		}
	}
	var ready []*entry
	for _, e := range due {
		if e.slot == none {
			e.slot = slices.IndexFunc(room, func(n int) bool { return n > 0 })
			if e.slot == none {
				e.wait(e.reason(ErrTooMany), time.Time{})
				continue
			}
			room[e.slot]--
		}
		if sl := s.slots[e.slot]; len(sl.ids) == 0 && now.Before(sl.reopenAt) {
			room[e.slot]++
			e.wait(e.reason(sl.lastErr), sl.reopenAt)
			s.remind(sl.reopenAt)
			continue
		}
		ready = append(ready, e)
	}
	return ready
}

// needed reports whether a connection has a wanted subscription or is about to get one.
func (s *Set) needed(connection int, now time.Time) bool {
	soon := false
	for _, e := range s.wanted {
		if e.slot == connection {
			return true
		}
		soon = soon || e.waits && !e.waitTill.IsZero() && e.waitTill.Sub(now) < keepOpen
	}
	return soon && connection == 0 && len(s.slots[0].ids) > 0
}

// surplus returns deletions of subscriptions that are no longer wanted, or make room for
// others.
func (s *Set) surplus(now time.Time) []Deletion {
	var found []Deletion
	for key, e := range s.entries {
		switch {
		case e.wanted && !e.yields || e.state != held:
		case e.failure != nil && now.Before(e.failure.again):
			s.remind(e.failure.again)
		case s.busy < s.o.Parallel:
			s.busy++
			s.serial++
			e.state, e.attempt = deleting, s.serial
			found = append(found, Deletion{Key: key, ID: e.sub.ID, Connection: e.slot, number: e.attempt})
		}
	}
	slices.SortFunc(found, func(a, b Deletion) int { return cmp.Compare(a.Key, b.Key) })
	return found
}

// mayStart reports whether a due entry can be tried at once.
func (s *Set) mayStart(e *entry, now time.Time) bool {
	sl := s.slots[e.slot]
	if len(sl.ids) == 0 {
		return false
	}
	if sl.used || !s.trying(e.slot) {
		return true
	}
	if alone := sl.firstAt.Add(firstAlone); now.Before(alone) {
		s.remind(alone)
		return false
	}
	return true
}

// trying reports whether an attempt is under way on a connection.
func (s *Set) trying(connection int) bool {
	return len(s.carried(connection, creating)) > 0
}

// start begins an attempt for an entry.
func (s *Set) start(e *entry, now time.Time) Attempt {
	sl := s.slots[e.slot]
	if !s.trying(e.slot) {
		sl.firstAt = now
	}
	sl.tried = true
	s.busy++
	s.serial++
	e.state, e.since, e.attempt, e.urgent = creating, now, s.serial, false
	return Attempt{Key: e.want.Key, Connection: e.slot, Session: sl.ids[len(sl.ids)-1], number: e.attempt}
}
