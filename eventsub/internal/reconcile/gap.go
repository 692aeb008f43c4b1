package reconcile

import (
	"slices"
	"time"
)

// A Loss is the end of a session, or of a subscription.
type Loss struct {
	From    time.Time // when the last message came
	Session string
	Reason  error
}

// A Gap is a time in which events may have been missed.
type Gap struct {
	Loss

	Keys []string // of the subscriptions concerned, in the order of wanting
}

// A gap is a Gap that is not over for all of its subscriptions.
type gap struct {
	Loss

	keys map[string]bool
}

// lose begins a gap for entries that have just been lost. Those that are part of a gap
// which is not over stay there: it began earlier.
func (s *Set) lose(loss Loss, lost []*entry) {
	g := &gap{Loss: loss, keys: map[string]bool{}}
	for _, e := range lost {
		if !slices.ContainsFunc(s.gaps, func(g *gap) bool { return g.keys[e.want.Key] }) {
			g.keys[e.want.Key] = true
		}
	}
	if len(g.keys) > 0 {
		s.gaps = append(s.gaps, g)
	}
}

// Gaps returns the gaps that are over for subscriptions that exist again. What cannot
// be subscribed at present does not hold the others up: its gap goes on.
func (s *Set) Gaps() []Gap {
	var over []Gap
	for _, g := range s.gaps {
		if again := s.over(g); len(again) > 0 {
			over = append(over, Gap{Loss: g.Loss, Keys: s.inOrder(again)})
			for key := range again {
				delete(g.keys, key)
			}
		}
	}
	s.gaps = slices.DeleteFunc(s.gaps, func(g *gap) bool { return len(g.keys) == 0 })
	return over
}

// over forgets what is no longer wanted and returns the keys of what exists again,
// unless more is under way.
func (s *Set) over(g *gap) map[string]bool {
	again, pending := map[string]bool{}, false
	for key := range g.keys {
		e := s.entries[key]
		switch {
		case e == nil || !e.wanted:
			delete(g.keys, key)
		case e.state == held:
			again[key] = true
		case e.state != missing || !e.blocked():
			pending = true
		}
	}
	if pending {
		return nil
	}
	return again
}

func (s *Set) inOrder(keys map[string]bool) []string {
	var ordered []string
	for _, e := range s.wanted {
		if keys[e.want.Key] {
			ordered = append(ordered, e.want.Key)
		}
	}
	return ordered
}

// Carried returns the keys of what a connection carries, in the order of wanting.
func (s *Set) Carried(connection int) []string {
	var keys []string
	for _, e := range s.carried(connection, held) {
		keys = append(keys, e.want.Key)
	}
	return keys
}
