package shards

import (
	"maps"
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

// recover ends an outage.
func (s *Set) recover(sh *shard, now time.Time) {
	if sh.down == nil {
		return
	}
	if sh.down.Unsure {
		s.over = append(s.over, Gap{Loss: sh.down.Loss, To: now})
	}
	s.ended = slices.DeleteFunc(s.ended, func(e span) bool { return now.Sub(e.to) > remembered || e.shard == sh.Shard })
	s.ended = append(s.ended, span{shard: sh.Shard, from: sh.down.From, to: now})
	sh.down = nil
	s.weigh(now)
}

// Interrupted records a time without a connection in a session that continues.
func (s *Set) Interrupted(loss Loss, to time.Time) {
	s.over = append(s.over, Gap{Loss: loss, To: to})
}

// weigh begins or ends the period in which too many shards are down. Twitch sends what a
// shard does not take to one other shard, so events may be lost if two are down, or all.
func (s *Set) weigh(now time.Time) {
	var since []time.Time
	for _, sh := range s.shards {
		if sh.down != nil && sh.Shard < s.total {
			since = append(since, sh.down.From)
		}
	}
	since = slices.AppendSeq(since, maps.Values(s.others))
	slices.SortFunc(since, time.Time.Compare)
	own := slices.ContainsFunc(slices.Collect(maps.Values(s.shards)), func(sh *shard) bool { return sh.down != nil })
	var from time.Time
	switch {
	case !own: // the others report it
	case len(since) >= 2:
		from = since[1]
	case len(since) == 1 && s.total == 1:
		from = since[0]
	}
	switch {
	case from.IsZero() && !s.blind.IsZero():
		loss := s.last
		loss.From = s.blind
		s.over = append(s.over, Gap{Loss: loss, To: now})
		s.blind = time.Time{}
	case !from.IsZero() && (s.blind.IsZero() || from.Before(s.blind)):
		s.blind = from
	}
}

// weighOthers records which shards of other processes are disabled.
func (s *Set) weighOthers(list []Listed, now time.Time) {
	clear(s.others)
	for _, l := range list {
		if s.shards[l.Shard] != nil || l.State != Disabled || l.Shard >= s.total {
			continue
		}
		since := l.Disconnected
		if since.IsZero() {
			since = now
		}
		s.others[l.Shard] = since
	}
}

// since returns when the first period began in which events may have been lost and that
// has not ended, or the zero time.
func (s *Set) since() time.Time {
	first := s.blind
	for _, sh := range s.shards {
		if sh.down != nil && sh.down.Unsure && (first.IsZero() || sh.down.From.Before(first)) {
			first = sh.down.From
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
