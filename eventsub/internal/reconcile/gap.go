package reconcile

import (
	"slices"
	"time"
)

// A Loss is the end of a session, or of a subscription.
type Loss struct {
	From    time.Time // time of the last message
	Session string
	Reason  error
}

// A Gap is a time in which events may have been missed.
type Gap struct {
	Loss

	Keys []string // of the affected subscriptions, in the order in which they were wanted
}

// A gap is a Gap that has not ended for all of its subscriptions.
type gap struct {
	Loss

	keys map[string]bool
}

// lose begins a gap for entries that have just been lost. Entries that are part of an
// open gap stay in it: it began earlier.
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

// Absent begins a gap for wanted subscriptions that existed before the Set did, or before
// they were revoked. It ends like that of a lost session.
func (s *Set) Absent(loss Loss, keys []string) {
	var gone []*entry
	for _, key := range keys {
		if e := s.entries[key]; e != nil && e.wanted {
			gone = append(gone, e)
		}
	}
	s.lose(loss, gone)
}

// Gaps returns the gaps that have ended for subscriptions that exist again. It does not
// wait for subscriptions that cannot be created now: their gap stays open.
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

// over removes unwanted entries and returns the keys of those that exist again, unless
// attempts are under way.
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

// Carried returns the keys of the subscriptions on a connection, in the order in which
// they were wanted.
func (s *Set) Carried(connection int) []string {
	var keys []string
	for _, e := range s.carried(connection, held) {
		keys = append(keys, e.want.Key)
	}
	return keys
}
