package shards

import (
	"slices"
	"time"
)

// A Loss is the end of a connection.
type Loss struct {
	From    time.Time // time of the last message
	Session string
	Reason  error
	// Unsure is set if events may have been sent into the connection that did not
	// arrive. Without it, Twitch has sent them to another shard.
	Unsure bool
}

// A Gap is a period in which events may have been lost.
type Gap struct {
	Loss

	To time.Time
}

// An outage is the time in which a shard does not deliver.
type outage struct{ Loss }

// A span is an outage that has ended.
type span struct {
	shard    int
	from, to time.Time
	told     bool // its overlap with an outage of another process was reported
}

// remembered is how long outages are remembered after their end.
const remembered = 2 * time.Minute

// fail begins an outage of a shard, or adds to one.
func (s *Set) fail(sh *shard, loss Loss) {
	s.last = loss
	if sh.down == nil {
		sh.down = &outage{loss}
		s.overlap(sh)
		return
	}
	sh.down.Unsure = sh.down.Unsure || loss.Unsure
	if loss.From.Before(sh.down.From) {
		sh.down.From = loss.From
	}
}

// overlap reports the time in which a shard may have been down together with another one
// that works again: its connection had ended before the end was read.
func (s *Set) overlap(sh *shard) {
	for _, e := range s.ended {
		from := sh.down.From
		if e.shard == sh.Shard || from.After(e.to) {
			continue
		}
		loss := sh.down.Loss
		if e.from.After(from) {
			loss.From = e.from
		}
		s.over = append(s.over, Gap{Loss: loss, To: e.to})
	}
}

// missed returns the outages of shards that were assigned elsewhere before the end of
// their connection was read, and reports what may have been lost in them.
func (s *Set) missed(served []span, loss Loss) []span {
	var outages []span
	for _, e := range served {
		if e.from = loss.From; e.from.Before(e.to) {
			outages = append(outages, e)
		}
	}
	for i, e := range outages {
		if loss.Unsure || s.total == 1 || len(outages) > 1 || s.alsoDown(e) {
			outages[i].told = true
			s.over = append(s.over, Gap{Loss: loss, To: e.to})
		}
	}
	return outages
}

// alsoDown reports whether another shard was down at some time of an outage, as far as is
// known.
func (s *Set) alsoDown(e span) bool {
	for _, other := range s.ended {
		if other.shard != e.shard && other.from.Before(e.to) && e.from.Before(other.to) {
			return true
		}
	}
	for _, sh := range s.shards {
		if sh.Shard != e.shard && sh.down != nil && sh.down.From.Before(e.to) {
			return true
		}
	}
	for _, since := range s.others {
		if since.Before(e.to) {
			return true
		}
	}
	return false
}

// recover ends an outage.
func (s *Set) recover(sh *shard, now time.Time) {
	if sh.down == nil {
		return
	}
	if sh.down.Unsure {
		s.over = append(s.over, Gap{Loss: sh.down.Loss, To: now})
	}
	s.ended = slices.DeleteFunc(s.recent(now), func(e span) bool { return e.shard == sh.Shard })
	s.ended = append(s.ended, span{shard: sh.Shard, from: sh.down.From, to: now})
	sh.down = nil
	s.weigh(now)
}

// recent forgets the outages that ended long ago, and returns the others.
func (s *Set) recent(now time.Time) []span {
	return slices.DeleteFunc(s.ended, func(e span) bool { return now.Sub(e.to) > remembered })
}

// Interrupted records a time without a connection in a session that continues.
func (s *Set) Interrupted(loss Loss, to time.Time) {
	s.over = append(s.over, Gap{Loss: loss, To: to})
}

// lossSince returns the newest loss with another beginning.
func (s *Set) lossSince(from time.Time) Loss {
	loss := s.last
	loss.From = from
	return loss
}

// since returns when the first period began in which events may have been lost and that
// has not ended, or the zero time.
func (s *Set) since() time.Time {
	first := s.blind
	for _, sh := range s.shards {
		from := time.Time{}
		switch {
		case sh.down != nil && sh.down.Unsure:
			from = sh.down.From
		case !sh.seen:
			from = sh.Died
		}
		if !from.IsZero() && (first.IsZero() || from.Before(first)) {
			first = from
		}
	}
	return first
}

// Gaps returns the periods in which events may have been lost and that have ended since
// the last call. Those that overlap are one.
func (s *Set) Gaps() []Gap {
	over := s.over
	s.over = nil
	slices.SortStableFunc(over, func(a, b Gap) int { return a.From.Compare(b.From) })
	var merged []Gap
	for _, g := range over {
		if last := len(merged) - 1; last >= 0 && !g.From.After(merged[last].To) {
			if g.To.After(merged[last].To) {
				merged[last].To = g.To
			}
			continue
		}
		merged = append(merged, g)
	}
	return merged
}
