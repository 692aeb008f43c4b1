package irc

import (
	"errors"
	"slices"
	"time"
)

const (
	fullCheck   = 30 * time.Second // how often a session looks whether a channel over the limit has room now
	slowestJoin = 10 * time.Minute // the longest wait between two joins of a channel
)

// wish returns what is known of a channel: the same seat until the channel is left.
func (r *roster) wish(login string) *seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seats[login]
}

// connected records the login of the account.
func (r *roster) connected(login string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.self = login
}

// asks records that a connection sends JOIN.
func (r *roster) asks(login string, by *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.seats[login]; s != nil {
		s.asked = with(s.asked, by)
	}
}

// joined records that a connection is in the channel.
func (r *roster) joined(login string, by *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.seats[login]; s != nil {
		s.in, s.asked = with(s.in, by), without(s.asked, by)
		s.err, s.next, s.refusals = nil, time.Time{}, 0
		s.tell(nil)
	}
}

// left records that a connection is not in the channel any more, and waits for no answer to
// a JOIN.
func (r *roster) left(login string, by *session, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.seats[login]
	if s == nil {
		return
	}
	was := len(s.in)
	if s.in, s.asked = without(s.in, by), without(s.asked, by); was > 0 && len(s.in) == 0 {
		s.since = now
	}
}

func with(list []*session, s *session) []*session {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func without(list []*session, s *session) []*session {
	return slices.DeleteFunc(list, func(other *session) bool { return other == s })
}

// waits records whether channels of a connection wait for the limit of joins that no other
// connection is in.
func (r *roster) waits(s *session, yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if yes {
		r.urgent = with(r.urgent, s)
	} else {
		r.urgent = without(r.urgent, s)
	}
}

// othersFirst reports whether another connection has waited for the limit of joins for longer.
// One that replaces a connection that still serves is not among those that wait: its channels
// are joined.
func (r *roster) othersFirst(s *session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.urgent) > 0 && r.urgent[0] != s
}

// refuse records why a channel was not joined, and returns when to try again.
func (r *roster) refuse(login string, by *session, err error, now time.Time) (again time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.seats[login]
	if s == nil {
		return joinAgain
	}
	again = slowestJoin
	switch {
	case errors.Is(err, ErrTooManyChannels):
		again = min(slowestJoin, time.Minute<<min(s.refusals, 10))
	case errors.Is(err, ErrNoAnswer):
		again = min(slowestJoin, joinAgain<<min(s.refusals, 10))
	}
	s.err, s.next, s.asked = err, now.Add(again), without(s.asked, by)
	s.refusals++
	s.tell(err)
	return again
}

// moderates records whether the account moderates a channel, or owns it.
func (r *roster) moderates(login string, yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.seats[login]; s != nil {
		s.moderates = yes
	}
}

// full reports whether Twitch's rule of 100 channels explains that a JOIN of the channel had
// no answer.
func (r *roster) full(login string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, _ := r.count(login)
	return r.limit > 0 && n >= r.limit
}

// hasRoom reports whether one more channel can be joined that the account does not moderate.
func (r *roster) hasRoom(login string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, asked := r.count(login)
	return n+asked < r.limit
}

// count returns how many channels other than login count against the limit, and for how many
// of those that may count the answer to a JOIN is due. The caller holds mu.
func (r *roster) count(login string) (joined, asked int) {
	for l, s := range r.seats {
		switch {
		case l == login || s.moderates || l == r.self:
		case len(s.in) > 0:
			joined++
		case len(s.asked) > 0:
			asked++
		}
	}
	return joined, asked
}

// refusal returns why Twitch refused a channel before, on whichever connection, and when it
// is tried again. A JOIN without an answer does not count: a connection that breaks has none.
func (r *roster) refusal(login string) (next time.Time, before bool, why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.seats[login]
	if s == nil || s.err == nil {
		return time.Time{}, false, nil
	}
	if errors.Is(s.err, ErrNoAnswer) {
		return time.Time{}, true, nil
	}
	return s.next, true, s.err
}
