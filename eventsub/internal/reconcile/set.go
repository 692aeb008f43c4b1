// Package reconcile decides which subscriptions of one user to create, on which of the
// user's connections, and when.
//
// A [Set] holds the wanted subscriptions and their state. It outlives sessions, so a
// refusal in one session is remembered in the next. The caller reports the begin and end
// of sessions and Twitch's responses, and [Set.Next] returns what to do. A Set does no
// I/O, reads no clock and starts no goroutine.
package reconcile

import (
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Options configure a Set. Persistent and Random are optional.
type Options struct {
	Connections   int // connections that the user may have
	PerConnection int // subscriptions that one of them may carry
	Parallel      int // requests under way at the same time

	// Persistent is set for connections that exist without subscriptions too.
	Persistent bool

	Random func() float64 // jitter of waits, in [0, 1); default: math/rand/v2
}

// A Want is a wanted subscription.
type Want struct {
	Key    string // type, version and condition
	Asked  int    // increased when it is wanted again, which clears past failures
	Costly bool   // may count against the user's cost limit
	Err    error  // why it cannot be subscribed, known without a request
}

// A Subscription is an existing subscription.
type Subscription struct {
	ID      string
	Session string
	Cost    int
}

// A Set holds the wanted subscriptions of one user. It is not safe for concurrent use.
type Set struct {
	o       Options
	entries map[string]*entry // by key
	wanted  []*entry          // in the order in which they were wanted
	slots   []*slot           // one for each connection
	gates   [2]gate           // of free and of costly subscriptions
	gaps    []*gap            // open gaps, the oldest first
	token   retry.Backoff     // while the user has no token
	serial  int               // of attempts
	busy    int               // attempts and deletions under way
	wake    time.Time         // when Next may return a new plan
	touched map[string]bool   // keys that Changes has to return
}

// state is the state of an entry.
type state int

const (
	missing state = iota
	creating
	held
	deleting
)

// An entry is a subscription that is wanted, exists, or both.
type entry struct {
	want   Want
	wanted bool
	order  int
	state  state
	slot   int // the connection that it is or will be on; none while it waits

	yields bool // deleted to make room for a more important one
	urgent bool // tried although its gate is shut, because room was made for it

	attempt int       // number of the attempt under way
	since   time.Time // when the attempt began, or the last time it was known to be held
	sub     Subscription
	failure *failure

	// Set by each Next for entries that are missing and cannot be tried now.
	waits    bool
	waitErr  error
	waitTill time.Time // zero: until the next change
}

// none is the slot of an entry without a connection.
const none = -1

// A slot is one of the user's connections.
type slot struct {
	ids     []string // session ids, the newest last; empty without a session
	used    bool     // the session had a subscription
	tried   bool     // an attempt was made in the session
	firstAt time.Time
	lastErr error

	reopen   retry.Backoff // after sessions in which nothing could be subscribed
	reopenAt time.Time
}

// New returns an empty Set.
func New(o Options) *Set {
	s := &Set{o: o, entries: map[string]*entry{}, slots: make([]*slot, o.Connections), touched: map[string]bool{}}
	for i := range s.slots {
		s.slots[i] = &slot{reopen: retry.Backoff{Min: time.Second, Max: 10 * time.Minute, Floor: 500 * time.Millisecond, Rand: o.Random}}
	}
	for i := range s.gates {
		s.gates[i].backoff = retry.Backoff{Min: 2 * time.Second, Max: time.Minute, Floor: time.Second, Rand: o.Random}
	}
	s.token = retry.Backoff{Min: 5 * time.Second, Max: time.Minute, Floor: time.Second, Rand: o.Random}
	return s
}

// Want replaces the set of wanted subscriptions.
func (s *Set) Want(wants []Want) {
	listed := make(map[string]bool, len(wants))
	s.wanted = s.wanted[:0]
	for i, w := range wants {
		listed[w.Key] = true
		e := s.entries[w.Key]
		if e == nil {
			e = &entry{slot: none}
			s.entries[w.Key] = e
		}
		if !e.wanted || e.want.Asked != w.Asked {
			e.failure = nil
			s.hurry()
		}
		if !e.wanted && e.state == held {
			s.touched[w.Key] = true
		}
		e.want, e.wanted, e.order = w, true, i
		s.wanted = append(s.wanted, e)
	}
	for key, e := range s.entries {
		if e.wanted && !listed[key] {
			e.wanted, e.failure = false, nil
		}
		if !e.wanted && e.state == missing {
			delete(s.entries, key)
		}
	}
}

// hurry ends waits that affect more than one subscription. It is called when a new
// subscription is wanted, or when the caller wants a failed one again.
func (s *Set) hurry() {
	for _, sl := range s.slots {
		sl.reopen.Reset()
		sl.reopenAt = time.Time{}
	}
	for i := range s.gates {
		s.gates[i].open()
	}
	s.token.Reset()
}

// Session records that a connection has a session, whose current id is the last of
// ids. Fresh is set if the session has no subscriptions yet.
func (s *Set) Session(connection int, ids []string, fresh bool) {
	sl := s.slots[connection]
	sl.ids = slices.Clone(ids)
	if fresh {
		sl.used, sl.tried, sl.firstAt, sl.lastErr = false, false, time.Time{}, nil
	}
}

// Lost records that the session of a connection has ended, and its subscriptions with
// it.
func (s *Set) Lost(connection int, loss Loss, now time.Time) {
	for _, e := range s.wanted {
		if f := e.failure; f != nil && f.class == Invalid && f.session == loss.Session {
			f.again = now // the next session may accept it
		}
	}
	s.lose(loss, s.carried(connection, held))
	s.clear(connection, now)
}

// carried returns the wanted entries of a connection that are in a state, in the order
// in which they were wanted.
func (s *Set) carried(connection int, in state) []*entry {
	var found []*entry
	for _, e := range s.wanted {
		if e.slot == connection && e.state == in {
			found = append(found, e)
		}
	}
	return found
}

// clear removes the session of a connection. Its entries stay assigned to the
// connection. An attempt that was slow counts as failed, so that the next session
// begins with another one.
func (s *Set) clear(connection int, now time.Time) {
	sl := s.slots[connection]
	if sl.tried && !sl.used {
		sl.reopenAt = now.Add(sl.reopen.Next())
		if sl.lastErr == nil {
			sl.lastErr = ErrSessionEnded
		}
	}
	sl.ids, sl.used, sl.tried = nil, false, false
	for key, e := range s.entries {
		if e.slot != connection || e.state == missing {
			continue
		}
		if e.state != held {
			s.busy--
		}
		s.touched[key] = true
		slow := e.state == creating && now.Sub(e.since) >= slowAfter
		e.state, e.sub, e.yields = missing, Subscription{}, false
		switch {
		case !e.wanted:
			delete(s.entries, key)
		case slow:
			s.fail(e, ErrSessionEnded, Deferred, now)
		}
	}
}

// Live reports whether id belongs to a current session of a connection.
func (s *Set) Live(id string) bool { return s.slotOf(id) != none }

func (s *Set) slotOf(id string) int {
	return slices.IndexFunc(s.slots, func(sl *slot) bool { return slices.Contains(sl.ids, id) })
}

// SessionID returns the session id of the first connection that has a session, or ""
// if there is none.
func (s *Set) SessionID() string {
	for _, sl := range s.slots {
		if n := len(sl.ids); n > 0 {
			return sl.ids[n-1]
		}
	}
	return ""
}
