package bot

import "time"

// How long and how many ids of a channel are remembered: for seenFor to twice as long,
// and between mostSeen and twice as many.
const (
	seenFor  = 5 * time.Minute
	mostSeen = 8192
)

// seen remembers which copies of messages have arrived, by the hash of the id: the text
// of the id would keep the memory of neighbouring lines alive. Two ids of 16384 have the
// same hash with a probability of one in 10^11.
type seen struct {
	young, old map[uint64]sighting
	since      time.Duration // when young was made
}

// A sighting says when the first copy of a message arrived, and which have.
type sighting struct {
	at   time.Duration
	from source
}

// find returns when the first copy arrived, and which copies have; none if the message
// is new.
func (s *seen) find(key uint64) (first time.Duration, copies source) {
	one, ok := s.young[key]
	if !ok {
		one = s.old[key]
	}
	return one.at, one.from
}

// add notes a copy.
func (s *seen) add(key uint64, from source, at time.Duration) {
	if one, ok := s.old[key]; ok && s.young[key].from == 0 {
		one.from |= from
		s.old[key] = one
		return
	}
	if one, ok := s.young[key]; ok {
		one.from |= from
		s.young[key] = one
		return
	}
	if len(s.young) >= mostSeen || at-s.since > seenFor {
		s.old, s.young, s.since = s.young, nil, at
	}
	if s.young == nil {
		s.young = make(map[uint64]sighting)
	}
	s.young[key] = sighting{at: at, from: from}
}
