package irc

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// A place is the state of one channel.
type place struct {
	wanted bool
	wish   *seat // of the roster; another one if the channel was left and is wanted again
	in     bool
	asked  time.Time // when JOIN was sent; zero if no answer is due
	again  time.Time // JOIN is not sent before
	late   bool      // refused before: others are joined first
	full   bool      // refused by the rule of 100 channels: JOIN is sent earlier if there is room
	look   time.Time // when to look for room next; set while full
}

// want replaces the set of desired channels.
func (s *session) want(logins []string, now time.Time) {
	for _, r := range s.rooms {
		r.wanted = false
	}
	for _, login := range logins {
		r, ok := s.rooms[login]
		if !ok {
			r = &place{}
			s.rooms[login] = r
			s.order = append(s.order, login)
		}
		r.wanted = true
		if wish := s.roster.wish(login); wish != r.wish {
			r.wish = wish
			s.wishAgain(login, r)
		}
	}
	s.tick(now)
}

// wishAgain takes over what the roster knows of a channel that is new, or that was left and
// is wanted again before the session noticed.
func (s *session) wishAgain(login string, r *place) {
	switch {
	case r.in:
		s.roster.joined(login, s)
	case !r.asked.IsZero():
		s.roster.asks(login, s)
	default: // an earlier refusal does not delay a new wish
		next, before, err := s.roster.refusal(login)
		r.again, r.late, r.full = next, before, errors.Is(err, ErrTooManyChannels)
	}
}

// syncRooms sends JOIN and PART until the desired channels are joined.
func (s *session) syncRooms(now time.Time) {
	s.joinAt, s.dirty = time.Time{}, true
	s.order = slices.DeleteFunc(s.order, func(login string) bool {
		r := s.rooms[login]
		if r.wanted {
			return false
		}
		// A JOIN without an answer may still succeed.
		if r.in || !r.asked.IsZero() {
			s.send("PART #" + login)
			s.roster.left(login, s, now)
			s.tell(State{Kind: Parted, Channel: login})
		}
		delete(s.rooms, login)
		return true
	})
	var join []string
	for _, late := range []bool{false, true} { // those that were refused come last
		for _, login := range s.order {
			if r := s.rooms[login]; r.late == late && s.joinIsDue(login, r, now) {
				join = append(join, "#"+login)
			}
		}
	}
	s.roster.waits(s, !s.joinAt.IsZero() && !s.isSpare())
	// Each line stays far below the 512 bytes of classic IRC servers.
	for part := range slices.Chunk(join, 15) {
		s.send("JOIN " + strings.Join(part, ","))
	}
}

// joinIsDue reports whether JOIN is to be sent now, and takes its place in the limit.
func (s *session) joinIsDue(login string, r *place, now time.Time) bool {
	switch {
	case r.in:
		return false
	case !r.asked.IsZero():
		if !now.Before(r.asked.Add(joinTimeout)) {
			err := ErrNoAnswer
			if s.roster.full(login) {
				err = ErrTooManyChannels
			}
			s.refused(login, r, err, now)
		}
		return false
	case !s.joinAt.IsZero():
		return false
	case now.Before(r.again):
		if !r.full {
			return false
		}
		if !s.roster.hasRoom(login) {
			r.look = now.Add(fullCheck)
			return false
		}
	}
	if s.roster.othersFirst(s) {
		s.joinAt = now.Add(turnCheck)
		return false
	}
	wait, ok := s.joins.TryTake(now)
	if !ok {
		s.joinAt = now.Add(wait)
		return false
	}
	r.asked = now
	s.roster.asks(login, s)
	return true
}

// isSpare reports whether the connection that this one replaces still serves.
func (s *session) isSpare() bool {
	if s.old == nil {
		return false
	}
	select {
	case <-s.old:
		return false
	default:
		return true
	}
}

// refused records that a channel was not joined.
func (s *session) refused(login string, r *place, err error, now time.Time) {
	again := s.roster.refuse(login, s, err, now)
	*r = place{wanted: r.wanted, wish: r.wish, again: now.Add(again), late: true, full: errors.Is(err, ErrTooManyChannels), look: now.Add(fullCheck)}
	s.dirty = true
	s.tell(State{Kind: JoinFailed, Channel: login, Err: err, RetryIn: again})
}

// survey computes due and settled, once for many messages.
func (s *session) survey() {
	s.dirty, s.due, s.settled = false, s.joinAt, s.nick != "" && s.joinAt.IsZero()
	sooner := func(t time.Time) {
		if s.due.IsZero() || t.Before(s.due) {
			s.due = t
		}
	}
	for _, r := range s.rooms {
		switch {
		case r.in:
		case !r.asked.IsZero():
			s.settled = false
			sooner(r.asked.Add(joinTimeout))
		case s.joinAt.IsZero() && r.full:
			sooner(earlier(r.again, r.look))
		case s.joinAt.IsZero():
			sooner(r.again)
		}
	}
}
