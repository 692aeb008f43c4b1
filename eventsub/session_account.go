package eventsub

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
)

// Twitch's limits on one user's subscriptions over WebSocket.
// https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits
const (
	maxConnections   = 3
	maxPerConnection = 300
)

// createParallel is the number of subscriptions that are created or deleted at the same
// time.
const createParallel = 8

// An account holds the connections and subscriptions of one user. All its work is done
// by one goroutine, the loop; only requests to Twitch run in goroutines of their own
// and pass their results back to it.
type account struct {
	s      *Session
	userID string
	logger *slog.Logger

	events   chan socket.Event
	answers  chan func(now time.Time) // results of requests; the loop runs them
	requests sync.WaitGroup

	mu   sync.Mutex
	set  *reconcile.Set // guarded by mu; only the loop changes it
	lost error          // guarded by mu; why the user must log in; nil while that is not known

	// Used by the loop only.
	wants    map[string]*want // by key
	stale    <-chan struct{}  // closed when wants may be out of date
	carriers [maxConnections]*carrier
	token    tokenState
	changed  bool      // the set may have new work
	recheck  time.Time // when the subscriptions are compared with Twitch's list
	again    time.Time // when it will have work again; zero: after the next change
	told     told      // the subscriptions in the last reported State
	skew     skewWatch
	checking bool // checkLogin has a request under way
	list     sharedListing
}

// tokenState is the state of a user's token before a connection is opened.
type tokenState int

const (
	tokenUnknown tokenState = iota
	tokenAsked
	tokenReady
)

func newAccount(s *Session, userID string) *account {
	a := &account{
		s: s, userID: userID,
		logger:  s.o.Logger.With("user_id", userID),
		events:  make(chan socket.Event, socket.Ahead),
		answers: make(chan func(time.Time)),
		set:     reconcile.New(reconcile.Options{Connections: maxConnections, PerConnection: maxPerConnection, Parallel: createParallel}),
	}
	a.skew.logger = a.logger
	for i := range a.carriers {
		a.carriers[i] = &carrier{account: a, index: i}
	}
	return a
}

// run returns when ctx ends and all goroutines that it started have ended. It calls
// fail, which must end ctx, when the session cannot continue.
func (a *account) run(ctx context.Context, fail context.CancelCauseFunc) {
	if err := a.loop(ctx); err != nil && ctx.Err() == nil {
		fail(err)
	}
	for _, c := range a.carriers {
		if c.socket != nil {
			c.socket.Wait()
		}
	}
	a.requests.Wait()
}

// loop handles all input of the account, one item at a time.
func (a *account) loop(ctx context.Context) error {
	due := newAlarm()
	defer due.stop()
	a.recheck = time.Now().Add(a.s.o.Recheck)
	a.refresh()
	for {
		if a.changed {
			if err := a.settle(ctx); err != nil {
				return err
			}
			a.s.progressed()
		}
		due.set(a.deadline())
		var err error
		select {
		case e := <-a.events:
			err = a.take(ctx, e)
		case answer := <-a.answers:
			answer(time.Now())
			a.changed = true
		case <-a.stale:
			a.refresh()
		case <-due.timer.C:
			due.rang()
			err = a.tick(ctx)
		case <-ctx.Done():
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// refresh loads the current set of wanted conditions of the user.
func (a *account) refresh() {
	var wants []want
	wants, a.stale = a.s.wantsOf(a.userID)
	former := a.wants
	a.wants = make(map[string]*want, len(wants))
	list := make([]reconcile.Want, len(wants))
	for i := range wants {
		w := &wants[i]
		a.wants[w.key] = w
		list[i] = reconcile.Want{Key: w.key, Asked: w.asked, Costly: w.costs(a.userID), Err: w.err}
	}
	a.mu.Lock()
	a.set.Want(list)
	a.mu.Unlock()
	a.forget(former)
	a.findAbsent(slices.Collect(maps.Keys(a.wants)))
	a.changed = true
}

// want returns the wanted condition with a key, or the zero want.
func (a *account) want(key string) want {
	if w := a.wants[key]; w != nil {
		return *w
	}
	return want{}
}

// deadline returns the time at which tick has to be called.
func (a *account) deadline() time.Time {
	first := a.recheck
	if !a.again.IsZero() && a.again.Before(first) {
		first = a.again
	}
	for _, c := range a.carriers {
		if c.socket == nil {
			continue
		}
		if at := c.socket.Deadline(); !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return first
}

// take passes an event to its socket.
func (a *account) take(ctx context.Context, e socket.Event) error {
	before := e.Socket.Connections()
	err := e.Socket.Take(ctx, e)
	for _, c := range a.carriers {
		if c.socket == e.Socket {
			c.line.hear(c.socket.Heard())
		}
	}
	a.s.stats.connections.Add(uint64(e.Socket.Connections() - before)) //nolint:gosec // never negative
	return err
}

// tick handles timeouts that have passed.
func (a *account) tick(ctx context.Context) error {
	// The loop may have been delayed while frames were waiting. Handle them first:
	// they show that the connection is alive.
	select {
	case e := <-a.events:
		return a.take(ctx, e)
	default:
	}
	now := time.Now()
	if !a.again.IsZero() && !now.Before(a.again) {
		a.changed = true
	}
	if !now.Before(a.recheck) {
		a.recheck = now.Add(a.s.o.Recheck)
		a.verify(ctx)
	}
	for _, c := range a.carriers {
		if c.socket == nil {
			continue
		}
		if at := c.socket.Deadline(); !at.IsZero() && !now.Before(at) {
			if err := c.socket.Tick(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
