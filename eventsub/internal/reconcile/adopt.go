package reconcile

import "time"

// Adopt records that a subscription exists on the current session of its connection. It
// returns false, and changes nothing, if no subscription with the key is wanted and
// missing.
func (s *Set) Adopt(key string, sub Subscription, now time.Time) bool {
	e, carrier := s.entries[key], s.slotOf(sub.Session)
	if e == nil || !e.wanted || e.state != missing || e.want.Err != nil || carrier == none {
		return false
	}
	s.slots[carrier].used = true
	e.state, e.slot, e.sub, e.since, e.failure = held, carrier, sub, now, nil
	s.touched[key] = true
	e.waits, e.waitErr, e.waitTill = false, nil, time.Time{}
	return true
}

// IDs returns the ids of the subscriptions that exist.
func (s *Set) IDs() map[string]bool {
	ids := map[string]bool{}
	for _, e := range s.entries {
		if e.state == held || e.state == deleting {
			ids[e.sub.ID] = true
		}
	}
	return ids
}

// Wanted reports whether a subscription with a key is wanted.
func (s *Set) Wanted(key string) bool {
	e := s.entries[key]
	return e != nil && e.wanted
}
