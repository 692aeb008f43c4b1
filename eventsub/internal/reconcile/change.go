package reconcile

import (
	"maps"
	"slices"
	"time"
)

// A Change is a subscription that has begun or ceased to exist.
type Change struct {
	Key        string
	Held       bool   // it exists
	ID         string // while it exists
	Connection int    // while it exists
	Gap        bool   // it ceased to exist, and Gaps will return the time until it exists again

	From time.Time // begin of that time
}

// Changes returns the subscriptions that have begun or ceased to exist since the last
// call, with their current state, in the order of their keys.
func (s *Set) Changes() []Change {
	if len(s.touched) == 0 {
		return nil
	}
	changes := make([]Change, 0, len(s.touched))
	for _, key := range slices.Sorted(maps.Keys(s.touched)) {
		c := Change{Key: key}
		if e := s.entries[key]; e != nil && e.state == held {
			c.Held, c.ID, c.Connection = true, e.sub.ID, e.slot
		} else if i := slices.IndexFunc(s.gaps, func(g *gap) bool { return g.keys[key] }); i >= 0 {
			c.Gap, c.From = true, s.gaps[i].From
		}
		changes = append(changes, c)
	}
	clear(s.touched)
	return changes
}
