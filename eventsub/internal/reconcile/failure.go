package reconcile

import (
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

var (
	// ErrTooMany is the reason of a subscription for which no connection has room.
	ErrTooMany = errors.New("all connections of this user are full")
	// ErrSessionEnded is the reason of an attempt whose session ended before Twitch
	// responded.
	ErrSessionEnded = errors.New("the session ended before Twitch answered")
	// ErrOverCost is the reason of a subscription that was deleted because of the limit on
	// the total cost: one that was wanted before it needed the cost.
	ErrOverCost = errors.New("the cost limit is reached, and more important subscriptions need it")
	// ErrDisappeared is the reason of a subscription that Twitch no longer listed.
	ErrDisappeared = errors.New("the subscription disappeared")
)

// A Class is a kind of failure. The time until the next attempt depends on it.
type Class int

// The classes of failure.
const (
	Temporary Class = iota // a retry may help: server errors, broken connections
	Final                  // a user has to act: a missing scope, no permission
	Invalid                // like Final, unless the session ends: that may have been the cause
	Limited                // one of Twitch's limits is reached
	OverCost               // like Limited: the limit is the one on the total cost
	Unreached              // Twitch could not reach this program: others would fail for the same reason
	Taken                  // another program's session has the same subscription
	Deferred               // no request was sent, or no response received: an earlier reason is kept
)

type failure struct {
	err     error
	class   Class
	at      time.Time
	again   time.Time
	session string // in which it was tried
	backoff retry.Backoff
}

func (s *Set) backoffOf(c Class) retry.Backoff {
	b := retry.Backoff{Min: time.Second, Max: time.Minute, Floor: 500 * time.Millisecond, Rand: s.o.Random}
	switch c {
	case Final, Invalid:
		b.Min, b.Max, b.Floor = time.Minute, 10*time.Minute, 30*time.Second
	case Limited, OverCost:
		b.Min, b.Max, b.Floor = 2*time.Second, 10*time.Minute, time.Second
	case Unreached:
		b.Max = unreachedMost
	case Taken:
		b.Min, b.Floor = 5*time.Second, 2*time.Second
	case Temporary, Deferred:
	}
	return b
}

// unreachedMost is the longest wait after Twitch could not reach this program, whose
// operator then changes something and waits for the result.
const unreachedMost = 30 * time.Second

// fail records a failure and removes the entry from its connection.
func (s *Set) fail(e *entry, err error, class Class, now time.Time) {
	f := e.failure
	if f == nil || f.class != class {
		f = &failure{backoff: s.backoffOf(class)}
	}
	if class == Deferred {
		err = e.reason(err)
	}
	f.err, f.class, f.at = err, class, now
	f.again = now.Add(f.backoff.Next())
	e.failure, e.slot = f, none
}

// Blocked records that the user's token cannot be used now. No connection is opened
// until [Set.Unblocked], because nothing could be subscribed on it.
func (s *Set) Blocked(err error, now time.Time) {
	again := now.Add(s.token.Next())
	for _, e := range s.wanted {
		if e.state == missing && (e.slot == none || len(s.slots[e.slot].ids) == 0) && !e.waits {
			s.fail(e, err, Temporary, now)
			e.failure.again = again
		}
	}
}

// Unblocked records that the user's token can be used.
func (s *Set) Unblocked() { s.token.Reset() }

// A gate delays all subscriptions of one kind after Twitch refused one because of a
// limit: the others would be refused for the same reason.
type gate struct {
	until   time.Time
	err     error
	backoff retry.Backoff
}

func (s *Set) gateOf(e *entry) *gate {
	if e.want.Costly {
		return &s.gates[1]
	}
	return &s.gates[0]
}

// shut closes the gate for a while, at most for the given time. Refusals of attempts that were under way at that
// time do not extend it.
func (g *gate) shut(err error, now time.Time, most time.Duration) {
	if now.Before(g.until) {
		return
	}
	g.err, g.until = err, now.Add(min(g.backoff.Next(), most))
}

func (g *gate) open() {
	g.backoff.Reset()
	g.until = time.Time{}
}
