package reconcile

import (
	"slices"
	"time"
)

// A Loss is the end of a session.
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

// A gap is a Gap that is not over.
type gap struct {
	Loss

	at   time.Time // of the last loss
	keys map[string]bool
}

// lose begins a gap if something was subscribed, or widens the one there is: a second
// session may end before everything exists again.
func (sl *slot) lose(loss Loss, carried []*entry, now time.Time) {
	if sl.gap == nil {
		if len(carried) == 0 {
			return
		}
		sl.gap = &gap{Loss: loss, keys: map[string]bool{}}
	}
	sl.gap.at = now
	for _, e := range carried {
		sl.gap.keys[e.want.Key] = true
	}
}

// Gaps returns the gaps that are over: what was lost exists again, or cannot be
// subscribed at present, or is no longer wanted. Something has to exist again.
func (s *Set) Gaps() []Gap {
	var over []Gap
	for _, sl := range s.slots {
		if sl.gap == nil || !s.over(sl.gap) {
			continue
		}
		if len(sl.gap.keys) > 0 {
			over = append(over, Gap{Loss: sl.gap.Loss, Keys: s.inOrder(sl.gap.keys)})
		}
		sl.gap = nil
	}
	return over
}

// over forgets what is no longer wanted and reports whether the gap is over.
func (s *Set) over(g *gap) bool {
	again, settled := 0, 0
	for key := range g.keys {
		e := s.entries[key]
		switch {
		case e == nil || !e.wanted:
			delete(g.keys, key)
		case e.state == held:
			again++
		case e.state == missing && e.waits:
			settled++
		}
	}
	return len(g.keys) == 0 || again > 0 && again+settled == len(g.keys)
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
	return slices.Clip(keys)
}
