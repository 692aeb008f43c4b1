package reconcile

import (
	"slices"
	"time"
)

// underWay returns the entry of an attempt or deletion, or nil if its session
// has ended.
func (s *Set) underWay(key string, number int, in state) *entry {
	e := s.entries[key]
	if e == nil || e.state != in || e.attempt != number {
		return nil
	}
	s.busy--
	return e
}

// Created records that an attempt succeeded. The subscription may be on another open
// connection than the one that was requested.
func (s *Set) Created(a Attempt, sub Subscription, now time.Time) {
	e := s.underWay(a.Key, a.number, creating)
	if e == nil {
		return
	}
	if carrier := s.slotOf(sub.Session); carrier != none {
		e.slot = carrier
	}
	sl := s.slots[e.slot]
	sl.used = true
	sl.reopen.Reset()
	s.gateOf(e).backoff.Reset()
	e.state, e.sub, e.since, e.failure = held, sub, now, nil
	s.touched[a.Key] = true
}

// Failed records that an attempt failed.
func (s *Set) Failed(a Attempt, err error, class Class, now time.Time) {
	e := s.underWay(a.Key, a.number, creating)
	if e == nil {
		return
	}
	e.state = missing
	sl := s.slots[a.Connection]
	switch {
	case !e.wanted:
		delete(s.entries, a.Key)
		return
	case sl.ids[len(sl.ids)-1] != a.Session:
		return // the session got a new id meanwhile: try again at once with that one
	}
	s.fail(e, err, class, now)
	e.failure.session = a.Session
	sl.lastErr = e.failure.err
	switch class { //nolint:exhaustive // the others do not concern other subscriptions
	case Limited, Deferred:
		s.gateOf(e).shut(e.failure.err, now, time.Hour)
	case OverCost:
		s.gateOf(e).shut(e.failure.err, now, time.Hour)
		s.makeRoom(e)
	case Unreached:
		for i := range s.gates {
			s.gates[i].shut(e.failure.err, now, unreachedMost)
		}
	}
}

// makeRoom chooses a subscription to delete so that a more important one fits under the
// cost limit: the one that was wanted last of those that have a cost, if it was wanted
// after e.
func (s *Set) makeRoom(e *entry) {
	for _, other := range slices.Backward(s.wanted) {
		switch {
		case other.order <= e.order:
			return
		case other.yields: // e is tried again when it is deleted
			return
		case other.state == held && other.sub.Cost > 0:
			other.yields = true
			return
		}
	}
}

// fillRoom lets the most important subscription that was refused because of its cost be
// tried at once, and no other: one of those could take its place.
func (s *Set) fillRoom(now time.Time) {
	for _, e := range s.wanted {
		if e.state == missing && e.failure != nil && e.failure.class == OverCost {
			e.failure.again, e.urgent = now, true
			return
		}
	}
}

// Deleted records the result of a deletion.
func (s *Set) Deleted(d Deletion, err error, now time.Time) {
	e := s.underWay(d.Key, d.number, deleting)
	s.touched[d.Key] = true
	switch {
	case e == nil:
	case err != nil:
		e.state = held
		if e.wanted {
			e.yields = false
			return // the subscription still exists
		}
		carrier := e.slot
		s.fail(e, err, Temporary, now)
		e.slot = carrier
	case e.wanted:
		e.state, e.slot, e.sub = missing, none, Subscription{}
		if e.yields {
			e.yields = false
			s.fillRoom(now)
			s.fail(e, ErrOverCost, OverCost, now)
		}
	default:
		delete(s.entries, d.Key)
	}
}

// Revoked records that Twitch has ended the subscription with an id.
func (s *Set) Revoked(id string) {
	for key, e := range s.entries {
		if e.state == held && e.sub.ID == id {
			s.drop(key, e)
		}
	}
}

// Since records that the subscription with an id is not known to have delivered anything
// after a time: a gap that begins now begins then.
func (s *Set) Since(id string, at time.Time) {
	for _, e := range s.entries {
		if e.state == held && e.sub.ID == id && at.Before(e.since) {
			e.since = at
		}
	}
}

// Lapsed records that Twitch has ended the subscription with an id for a reason that
// lets it be created again after a while. The time until then is a gap.
func (s *Set) Lapsed(id string, reason error, now time.Time) {
	for key, e := range s.entries {
		if e.state != held || e.sub.ID != id {
			continue
		}
		if e.wanted {
			s.lose(Loss{From: e.since, Session: e.sub.Session, Reason: reason}, []*entry{e})
		}
		s.drop(key, e)
		if e.wanted {
			s.fail(e, reason, Temporary, now)
		}
	}
}

// Replace records that an existing subscription was replaced by another one, which exists
// as well. It returns false, and changes nothing, if no wanted condition has the old one.
func (s *Set) Replace(key, oldID string, sub Subscription, now time.Time) bool {
	e := s.entries[key]
	if e == nil || !e.wanted || e.state != held || e.sub.ID != oldID {
		return false
	}
	e.sub, e.since = sub, now
	return true
}

// Closed records that a connection is not used any more although its subscriptions may
// exist. This is not a loss.
func (s *Set) Closed(connection int, now time.Time) { s.clear(connection, now) }

// Forget makes the set treat the subscription with a key as neither existing nor wanted.
func (s *Set) Forget(key string) {
	if e := s.entries[key]; e != nil && e.state == held {
		delete(s.entries, key)
		s.touched[key] = true
		s.wanted = slices.DeleteFunc(s.wanted, func(w *entry) bool { return w == e })
	}
}

// Verify compares the existing subscriptions with a list that Twitch returned at a
// time. A subscription that existed before and is not enabled in the list counts as
// lost since the last time it was known to exist. Verify returns the keys of those.
func (s *Set) Verify(enabled map[string]bool, listed time.Time) []string {
	var gone []string
	for key, e := range s.entries {
		switch {
		case e.state != held || !e.since.Before(listed):
		case enabled[e.sub.ID]:
			e.since = listed
		default:
			if e.wanted {
				s.lose(Loss{From: e.since, Session: e.sub.Session, Reason: ErrDisappeared}, []*entry{e})
			}
			gone = append(gone, key)
			s.drop(key, e)
		}
	}
	return gone
}

// drop records that a subscription no longer exists.
func (s *Set) drop(key string, e *entry) {
	s.touched[key] = true
	e.state, e.sub, e.yields = missing, Subscription{}, false
	if !e.wanted {
		delete(s.entries, key)
	}
}
