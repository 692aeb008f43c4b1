package irc

import (
	"slices"
	"sync"
	"time"
)

// A roster is the set of desired channels and what is known of each. All connections of a
// client share it. Its methods do not wait.
type roster struct {
	per   int // channels of one connection
	limit int // channels at once that the account does not moderate; 0: none that is shared

	mu      sync.Mutex
	self    string           // guarded by mu; login of the account, whose own channel does not count
	order   []string         // guarded by mu; logins, in the order of Join
	seats   map[string]*seat // guarded by mu
	running bool             // guarded by mu
	ending  bool             // guarded by mu; Run ends, and no answer to a JOIN will come
	runners []*runner        // guarded by mu; ascending by number
	fresh   []*runner        // guarded by mu; not started yet
	newRun  func(number int) *runner
	login   chan struct{} // guarded by mu; closed when a connection logs in
	urgent  []*session    // guarded by mu; whose channels are not joined because of the limit of joins, longest first
	changed chan struct{} // receives one value when there may be something to start or to close
}

// A seat is what is known of one desired channel.
type seat struct {
	owner     *runner    // the connection that the channel belongs to; nil while Run is not running
	in        []*session // that are in the channel: two while one replaces the other
	asked     []*session // that sent JOIN and have no answer yet
	moderates bool       // the account did so when it was in the channel last
	since     time.Time
	err       error     // why it was not joined; nil: not refused
	next      time.Time // when it is tried again after err
	refusals  int       // in a row
	waiting   []chan error
}

func newRoster(per, limit int) *roster {
	return &roster{per: per, limit: limit, seats: make(map[string]*seat), changed: make(chan struct{}, 1), login: make(chan struct{})}
}

// want adds a channel. While Run is running and the channel is not joined, it returns where
// the answer arrives, or why Twitch refused the channel a moment ago.
func (r *roster) want(login string, now time.Time) (owner *runner, answer <-chan error, refusal error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.seats[login]
	if !ok {
		s = &seat{since: now}
		r.seats[login] = s
		r.order = append(r.order, login)
		if r.running && !r.ending {
			r.assign(login, s)
		}
	}
	switch {
	case r.running && r.ending:
		return nil, nil, ErrStopped
	case !r.running || len(s.in) > 0:
		return s.owner, nil, nil
	case s.err != nil && now.Before(s.next):
		return s.owner, nil, s.err
	}
	c := make(chan error, 1)
	s.waiting = append(s.waiting, c)
	return s.owner, c, nil
}

// drop removes a channel.
func (r *roster) drop(login string) (owner *runner) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.seats[login]
	if !ok {
		return nil
	}
	delete(r.seats, login)
	r.order = slices.DeleteFunc(r.order, func(l string) bool { return l == login })
	s.tell(ErrNotWanted)
	if owner = s.owner; owner != nil {
		owner.logins = slices.DeleteFunc(owner.logins, func(l string) bool { return l == login })
		if len(owner.logins) == 0 {
			owner.idle = time.Now()
			r.change()
		}
	}
	return owner
}

// tell hands an answer to those who wait. The channels are buffered and get one value.
func (s *seat) tell(err error) {
	for _, c := range s.waiting {
		c <- err
	}
	s.waiting = nil
}

// forget removes the answer that a call of Join does not wait for any more.
func (r *roster) forget(login string, answer <-chan error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.seats[login]; s != nil {
		s.waiting = slices.DeleteFunc(s.waiting, func(c chan error) bool { return c == answer })
	}
}

// release unblocks all calls of Join, so that handlers can return. Further calls return at
// once: a handler may call Join with a context that does not end with Run.
func (r *roster) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ending = true
	for _, s := range r.seats {
		s.tell(ErrStopped)
	}
}

func (r *roster) wanted() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.order)
}

func (r *roster) isWanted(login string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seats[login] != nil
}

// change says that there may be something to start or to close.
func (r *roster) change() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}
