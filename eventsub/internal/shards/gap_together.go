package shards

import (
	"maps"
	"slices"
	"time"
)

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

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
