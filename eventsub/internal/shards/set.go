// Package shards decides what a process does about the shards of a conduit: which
// connections it opens, which session each shard is assigned to, when Twitch's list of
// shards is compared, and in which periods events may have been lost.
//
// A [Set] does no I/O, reads no clock and starts no goroutine. Its owner reports what
// happened by calling methods, and carries out the [Plan] that [Set.Next] returns.
package shards

import (
	"maps"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Times and limits.
const (
	// Opening is the number of connections without a shard that are opened at the same
	// time: Twitch closes those without a shard after ten seconds.
	opening = 10
	// parallel is the number of assignments under way at the same time.
	parallel = 40
	// leaveAfter is how long a connection stays open for a shard that belongs to another
	// process now, in case that process does not assign it.
	leaveAfter = time.Minute
	// leaveCheck is how often the list is read while a connection stays open for that.
	leaveCheck = 2 * time.Second
	// suspectFor is how long a connection stays open that Twitch's list shows as disabled:
	// its end may be about to be read.
	suspectFor = 2 * time.Second
	// pendingCheck is how often the list is read while Twitch verifies a callback.
	pendingCheck = 2 * time.Second
	// unnoticed is how long before the end of another process, or before Twitch noticed
	// the end of a connection, events may have gone unhandled.
	unnoticed = 10 * time.Second
)

// Options configure a Set. The zero value is usable.
type Options struct {
	Callback string         // the target of all shards; default: each gets a connection
	Check    time.Duration  // how often Twitch's list is read; default: 30 s
	Silence  time.Duration  // the longest time without a message on a connection; default: 36 s
	Random   func() float64 // jitter of waits, in [0, 1); default: math/rand/v2
}

// A Claim says that this process owns a shard. The epoch increases each time the owner of
// the shard changes. Died is when the former owner was last known to run, if it ended
// without giving the shard up.
type Claim struct {
	Shard int
	Epoch uint64
	Died  time.Time
}

// A Set is the state of the shards of one conduit in one process. It is not safe for
// concurrent use.
type Set struct {
	o        Options
	total    int               // shards of the conduit
	shards   map[int]*shard    // owned ones, and those whose connection stays open for a moment
	others   map[int]time.Time // disabled shards of other processes, and since when
	peers    map[int]bool      // shards of other processes that worked in the last list
	before   map[int]string    // targets of shards of other processes in the last list
	beforeAt time.Time         // when that was
	blind    time.Time         // since when too many shards are down; zero if they are not
	last     Loss              // the newest loss
	ended    []span            // outages that ended a short while ago, one for each shard
	over     []Gap             // not reported yet
	refuge   string            // another process's session, to which all shards are assigned before a stop
	asking   map[int]bool      // shards with an assignment under way
	requests int               // assignments so far
	closing  []int             // connections that the next plan closes
	seq      int               // counts changes of assignments, to recognize an old list

	listAt  time.Time // when to read the list; zero: not needed
	listing bool      // it is being read
	retry   retry.Backoff
	wake    time.Time
}

// A shard is one shard that this process serves.
type shard struct {
	Claim

	leaving time.Time // since when another process owns it, or the conduit lacks it; zero if it is ours
	moved   time.Time // since when it is known to be assigned elsewhere; its connection is only watched then
	seen    bool      // the list was read since it is ours
	open    bool      // a connection was asked for
	openAt  time.Time // not before

	session   string    // of its open connection; "" before the welcome
	names     []string  // all ids of that session
	served    []span    // until when it got events of shards that are assigned elsewhere now
	assigned  string    // the target that Twitch has for the shard, as far as is known
	maybe     string    // the target of an assignment whose outcome is not known
	changed   int       // the set's seq when assigned last changed
	suspect   string    // a session that the list showed as disabled, although its connection is open
	suspected time.Time // since when
	enabled   bool      // the list showed that the target works
	request   int       // the number of the assignment under way; 0 if there is none that matters
	askAt     time.Time
	err       error // why the last assignment failed
	retry     retry.Backoff
	reopen    retry.Backoff

	down *outage // nil while the shard delivers
}

// New returns a Set that owns no shard.
func New(o Options) *Set {
	if o.Check <= 0 {
		o.Check = 30 * time.Second
	}
	if o.Silence <= 0 {
		o.Silence = 36 * time.Second
	}
	return &Set{
		o: o, shards: map[int]*shard{}, others: map[int]time.Time{}, asking: map[int]bool{}, peers: map[int]bool{},
		retry: retry.Backoff{Min: time.Second, Max: time.Minute, Rand: o.Random},
	}
}

// Total sets the number of shards that the conduit has. Connections of shards that it no
// longer has are closed by the next plan.
func (s *Set) Total(total int, now time.Time) {
	s.total = total
	maps.DeleteFunc(s.others, func(n int, _ time.Time) bool { return n >= total })
	maps.DeleteFunc(s.peers, func(n int, _ bool) bool { return n >= total })
	for n, sh := range s.shards {
		if n >= total && sh.leaving.IsZero() {
			s.recover(sh, now)
			sh.leaving = now
			s.left(sh, now)
		}
	}
	s.weigh(now)
}

// Own sets the shards that this process owns.
func (s *Set) Own(claims []Claim, now time.Time) {
	owned := map[int]bool{}
	for _, c := range claims {
		owned[c.Shard] = true
		sh := s.shards[c.Shard]
		switch {
		case sh == nil:
			s.add(c, now)
		case sh.Epoch != c.Epoch || !sh.leaving.IsZero(): // it was another's meanwhile
			if !sh.seen && c.Died.IsZero() {
				c.Died = sh.Died
			}
			sh.Claim, sh.leaving, sh.moved, sh.seen = c, time.Time{}, time.Time{}, false
			sh.request = 0
			s.touch(sh)
			s.listAt = now
		}
	}
	for n, sh := range s.shards {
		if !owned[n] && sh.leaving.IsZero() {
			if !sh.seen && !sh.Died.IsZero() {
				s.fail(sh, Loss{From: sh.Died, Reason: errOwner, Unsure: true})
			}
			sh.leaving = now
			s.listAt = now.Add(leaveCheck)
		}
	}
	s.weigh(now)
}

func (s *Set) add(c Claim, now time.Time) {
	sh := &shard{
		Claim:  c,
		retry:  retry.Backoff{Min: 500 * time.Millisecond, Max: 30 * time.Second, Healthy: time.Minute, Rand: s.o.Random},
		reopen: retry.Backoff{Min: time.Second, Max: time.Minute, Healthy: 5 * time.Minute, Rand: s.o.Random},
	}
	if s.o.Callback != "" {
		sh.open, sh.session, sh.names = true, s.o.Callback, []string{s.o.Callback}
	}
	s.shards[c.Shard] = sh
	delete(s.others, c.Shard)
	delete(s.peers, c.Shard)
	s.listAt = now
}

// Restart records that the conduit was deleted and another takes its place: no shard is
// assigned any more. The time in which the conduit did not exist is no gap of the set's:
// it is one of the subscriptions, which have to be created again.
func (s *Set) Restart(now time.Time) {
	if since := s.since(); !since.IsZero() {
		s.over = append(s.over, Gap{Loss: s.lossSince(since), To: now})
	}
	clear(s.others)
	clear(s.peers)
	for _, sh := range s.shards {
		sh.assigned, sh.maybe, sh.enabled, sh.request, sh.seen = "", "", false, 0, true
		sh.down, sh.askAt = nil, time.Time{}
		s.touch(sh)
	}
	s.blind, s.listing, s.listAt = time.Time{}, false, now
}

// Evacuate assigns all shards to a session of another process from now on, before this
// process stops. Moved reports when that is done.
func (s *Set) Evacuate(session string) { s.refuge = session }

// Moved reports whether no shard is assigned to a connection of this process any more.
func (s *Set) Moved() bool {
	for _, sh := range s.shards {
		if sh.leaving.IsZero() && (s.asking[sh.Shard] || sh.assigned != "" && sh.assigned != s.refuge) {
			return false
		}
	}
	return true
}

// Status describes the shards of this process.
type Status struct {
	Total int   // shards of the conduit
	Owned int   // shards that this process owns
	Up    int   // those that are assigned and not known to be disabled
	Err   error // why one of the others is not assigned
}

// Status returns the state of the shards.
func (s *Set) Status() Status {
	st := Status{Total: s.total}
	for _, n := range slices.Sorted(maps.Keys(s.shards)) {
		sh := s.shards[n]
		if !sh.leaving.IsZero() || n >= s.total {
			continue
		}
		st.Owned++
		switch {
		case s.works(sh):
			st.Up++
		case st.Err == nil:
			st.Err = sh.err
		}
	}
	return st
}

// works reports whether a shard delivers, as far as is known. A callback works only when
// Twitch has verified it.
func (s *Set) works(sh *shard) bool {
	return sh.assigned != "" && (s.o.Callback == "" || sh.enabled)
}
