package shards

import (
	"maps"
	"slices"
	"time"
)

// A Plan lists the actions for the caller to carry out now, in this order.
type Plan struct {
	Close  []int        // connections of shards to close
	Open   []int        // connections of shards to open; they are opened again when they are lost
	Assign []Assignment // to request from Twitch; each needs a call of [Set.Assigned]
	List   bool         // read Twitch's list of shards; needs a call of [Set.Listed] or [Set.NotListed]
	Seq    int          // for Listed
	Wake   time.Time    // when to call Next again at the latest; zero: after the next change
}

// An Assignment is a request to Twitch to send the events of a shard to a target. The
// caller must check directly before the request that this process still owns the shard.
type Assignment struct {
	Shard  int
	Epoch  uint64
	Target string // a session id, or the callback

	number int
}

// Next returns what to do. When it returns, assignments and the reading of the list count
// as under way.
func (s *Set) Next(now time.Time) Plan {
	s.wake = time.Time{}
	p := Plan{Close: s.closing}
	s.closing = nil
	starting := 0
	for _, sh := range s.shards {
		if sh.open && sh.assigned == "" {
			starting++
		}
	}
	for _, n := range slices.Sorted(maps.Keys(s.shards)) {
		sh := s.shards[n]
		if s.gone(sh, now) {
			if sh.open && s.o.Callback == "" {
				p.Close = append(p.Close, n)
			}
			s.recover(sh, now)
			delete(s.shards, n)
			continue
		}
		if !sh.leaving.IsZero() || !sh.seen {
			continue
		}
		if !sh.open && starting < opening && s.refuge == "" {
			if now.Before(sh.openAt) {
				s.remind(sh.openAt)
			} else {
				sh.open = true
				starting++
				p.Open = append(p.Open, n)
			}
		}
	}
	s.assign(&p, now)
	s.list(&p, now)
	p.Wake = s.wake
	return p
}

// gone reports whether the connection of a shard is not needed any more.
func (s *Set) gone(sh *shard, now time.Time) bool {
	until := sh.leaving.Add(leaveAfter)
	switch {
	case sh.leaving.IsZero(), s.carries(sh): // what it carries moves once other connections are open
		return false
	case !sh.moved.IsZero():
		// If the connection had gone silent before, its watch ends within this time.
		if until = sh.moved.Add(s.o.Silence); sh.session == "" {
			return true
		}
	case sh.assigned == "" && sh.down == nil:
		return true
	}
	s.remind(until)
	return !now.Before(until)
}

// left records that a shard is assigned elsewhere now.
func (s *Set) left(sh *shard, now time.Time) {
	if sh.moved.IsZero() {
		sh.moved = now
	}
	s.point(sh, "", now)
	sh.enabled = false
	s.touch(sh)
}

// carries reports whether another shard is assigned to the connection of sh.
func (s *Set) carries(sh *shard) bool {
	for _, other := range s.shards {
		if other != sh && other.Shard < s.total && other.assigned != "" && slices.Contains(sh.names, other.assigned) {
			return true
		}
	}
	return false
}

// assign adds the assignments that are due.
func (s *Set) assign(p *Plan, now time.Time) {
	for _, n := range slices.Sorted(maps.Keys(s.shards)) {
		sh := s.shards[n]
		if !sh.leaving.IsZero() || !sh.seen || s.asking[n] || n >= s.total {
			continue
		}
		target := s.target(sh)
		if target == "" || target == sh.assigned {
			continue
		}
		if now.Before(sh.askAt) {
			s.remind(sh.askAt)
			continue
		}
		if len(s.asking) >= parallel {
			return // the end of one calls Next again
		}
		s.requests++
		s.asking[n], sh.request = true, s.requests
		p.Assign = append(p.Assign, Assignment{Shard: n, Epoch: sh.Epoch, Target: target, number: s.requests})
	}
}

// target returns where the events of a shard shall go: to its own connection, or as long
// as that is being opened, to one of another shard that is known to work.
func (s *Set) target(sh *shard) string {
	switch {
	case s.refuge != "":
		return s.refuge
	case sh.session != "":
		return sh.session
	case sh.down == nil:
		return "" // not in use before: it can wait for its own connection
	}
	if sh.assigned != "" {
		return sh.assigned
	}
	best := ""
	least := 0
	for _, n := range slices.Sorted(maps.Keys(s.shards)) {
		other := s.shards[n]
		if other == sh || other.session == "" || other.assigned != other.session || !other.enabled || !other.leaving.IsZero() {
			continue
		}
		if load := s.load(other.session); best == "" || load < least {
			best, least = other.session, load
		}
	}
	return best
}

// load returns the number of shards that are assigned to a session.
func (s *Set) load(session string) int {
	n := 0
	for _, sh := range s.shards {
		if sh.assigned == session {
			n++
		}
	}
	return n
}

// list adds the reading of Twitch's list if it is due.
func (s *Set) list(p *Plan, now time.Time) {
	if s.listing || len(s.shards) == 0 || s.listAt.IsZero() {
		return
	}
	if now.Before(s.listAt) {
		s.remind(s.listAt)
		return
	}
	s.listing, s.listAt = true, time.Time{}
	p.List, p.Seq = true, s.seq
}

// remind makes the caller call Next again at t.
func (s *Set) remind(t time.Time) {
	if !t.IsZero() && (s.wake.IsZero() || t.Before(s.wake)) {
		s.wake = t
	}
}
