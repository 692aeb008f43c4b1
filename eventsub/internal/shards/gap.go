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
// shard does not take to one other shard, so events may be lost if two are down, or if none
// works.
func (s *Set) weigh(now time.Time) {
	var since []time.Time
	own, working := 0, len(s.peers)
	for _, sh := range s.shards {
		switch {
		case sh.Shard >= s.total:
		case sh.down != nil:
			own++
			since = append(since, sh.down.From)
		case s.works(sh):
			working++
		}
	}
	since = slices.AppendSeq(since, maps.Values(s.others))
	slices.SortFunc(since, time.Time.Compare)
	var from time.Time
	switch {
	case own == 0: // the others report it
	case len(since) >= 2:
		from = since[1]
	case working == 0:
		from = since[0]
	}
	switch {
	case from.IsZero() && !s.blind.IsZero():
		s.over = append(s.over, Gap{Loss: s.lossSince(s.blind), To: now})
		s.blind = time.Time{}
	case !from.IsZero() && (s.blind.IsZero() || from.Before(s.blind)):
		s.blind = from
	}
}

// weighOthers records which shards of other processes are disabled, and reports the times
// in which one of them was down together with one of this process.
func (s *Set) weighOthers(list []Listed, now time.Time) {
	before, at := s.before, s.beforeAt
	s.before, s.beforeAt = map[int]string{}, now
	clear(s.others)
	clear(s.peers)
	for _, l := range list {
		if s.shards[l.Shard] != nil || l.Shard >= s.total {
			continue
		}
		s.before[l.Shard] = l.Target
		switch l.State {
		case Enabled:
			s.peers[l.Shard] = true
			if was, known := before[l.Shard]; known && was != l.Target {
				s.together(at, l.Connected, now) // down at some time between the lists
			}
		case Disabled:
			since := l.Disconnected
			if since.IsZero() {
				since = now
			}
			s.others[l.Shard] = since
			s.together(since, now, now)
		case Pending:
		}
	}
}

// together reports the times in which a shard of this process was down and one of another
// process may have been, between two times.
func (s *Set) together(from, to, now time.Time) {
	for i, e := range s.ended {
		if e.told || from.After(e.to) || to.Before(e.from) {
			continue
		}
		s.ended[i].told = true
		s.over = append(s.over, Gap{Loss: s.lossSince(later(from, e.from)), To: e.to})
	}
	for _, sh := range s.shards {
		if sh.down != nil && !to.Before(sh.down.From) {
			s.over = append(s.over, Gap{Loss: s.lossSince(later(from, sh.down.From)), To: now})
		}
	}
}

// lossSince returns the newest loss with another beginning.
func (s *Set) lossSince(from time.Time) Loss {
	loss := s.last
	loss.From = from
	return loss
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
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
