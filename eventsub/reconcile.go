package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// subscriptions is what Helix does for a Session.
type subscriptions interface {
	create(ctx context.Context, userID string, t target, sessionID string) (Subscription, error)
	list(ctx context.Context, userID string) ([]Subscription, error)
	remove(ctx context.Context, userID, subscriptionID string) error
}

// createAtOnce is how many subscriptions are made at the same time.
const createAtOnce = 8

// A reconciler makes the subscriptions of one session what somebody wants them to
// be, and keeps them so.
type reconciler struct {
	api     subscriptions
	userID  string
	recheck time.Duration
	logger  *slog.Logger
	wake    chan struct{} // has room for one

	mu     sync.Mutex
	ids    []string            // guarded by mu; session ids that are this session
	wanted []want              // guarded by mu
	held   map[string]holding  // guarded by mu; by key
	failed map[string]*failure // guarded by mu; by key

	sweeping sync.Mutex              // held during a sweep
	swept    map[string]Subscription // guarded by sweeping; nil before the sweep of this pass
}

type holding struct {
	id   string
	kind Type
}

func newReconciler(api subscriptions, userID string, ids []string, recheck time.Duration, logger *slog.Logger) *reconciler {
	return &reconciler{
		api: api, userID: userID, ids: ids, recheck: recheck, logger: logger,
		wake: make(chan struct{}, 1), held: map[string]holding{}, failed: map[string]*failure{},
	}
}

// want replaces the wanted set.
func (r *reconciler) want(wants []want) {
	r.mu.Lock()
	r.wanted = wants
	r.mu.Unlock()
	r.poke()
}

// moved tells that the session lives on under another id.
func (r *reconciler) moved(ids []string) {
	r.mu.Lock()
	r.ids = ids
	r.mu.Unlock()
}

// drop forgets a subscription that Twitch ended.
func (r *reconciler) drop(subscriptionID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, h := range r.held {
		if h.id == subscriptionID {
			delete(r.held, key)
		}
	}
}

// types are the types that are subscribed, with repetitions.
func (r *reconciler) types() []Type {
	r.mu.Lock()
	defer r.mu.Unlock()
	var types []Type
	for _, h := range r.held {
		types = append(types, h.kind)
	}
	return types
}

func (r *reconciler) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run repairs until ctx ends. It calls tell after each pass that changed
// something; first is true for the first pass.
func (r *reconciler) run(ctx context.Context, tell func(s State, first bool)) {
	recheck := time.NewTicker(r.recheck)
	defer recheck.Stop()
	var before State
	for first := true; ; first = false {
		r.pass(ctx)
		if ctx.Err() != nil {
			return
		}
		state := r.state(time.Now())
		if first || state.Active != before.Active || state.Wanted != before.Wanted || (state.Err == nil) != (before.Err == nil) ||
			(state.Err != nil && state.Err.Error() != before.Err.Error()) {
			tell(state, first)
		}
		before = state

		var retryIn <-chan time.Time
		if state.Err != nil {
			retryIn = time.After(state.RetryIn)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-retryIn:
		case <-recheck.C:
			r.verify(ctx)
		}
	}
}

// pass deletes what is no longer wanted and creates what is missing: the first
// subscription of a session alone, because Twitch closes a session that has none
// after ten seconds, and a mistake common to all is then made once.
func (r *reconciler) pass(ctx context.Context) {
	r.sweeping.Lock()
	r.swept = nil
	r.sweeping.Unlock()
	missing, surplus := r.diff(time.Now())
	for key, h := range surplus {
		err := r.api.remove(ctx, r.userID, h.id)
		if err != nil && !errors.Is(err, helix.ErrNotFound) {
			r.logger.WarnContext(ctx, "subscription not deleted", "type", h.kind.String(), "error", err)
			continue // tried again at the next pass, by the recheck at the latest
		}
		r.mu.Lock()
		delete(r.held, key)
		r.mu.Unlock()
	}
	r.mu.Lock()
	alone := len(r.held) == 0
	r.mu.Unlock()
	for alone && len(missing) > 0 && ctx.Err() == nil {
		alone = !r.make(ctx, missing[0])
		missing = missing[1:]
	}
	var group sync.WaitGroup
	room := make(chan struct{}, createAtOnce)
	for _, w := range missing {
		room <- struct{}{}
		group.Go(func() {
			defer func() { <-room }()
			r.make(ctx, w)
		})
	}
	group.Wait()
}

// diff compares the wanted with the held, and leaves out what failed and is not
// due yet.
func (r *reconciler) diff(now time.Time) (missing []want, surplus map[string]holding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	surplus = map[string]holding{}
	wanted := map[string]bool{}
	for _, w := range r.wanted {
		wanted[w.key] = true
		if _, ok := r.held[w.key]; ok {
			continue
		}
		if f := r.failed[w.key]; f != nil && f.asked == w.asked && now.Before(f.again) {
			continue
		}
		missing = append(missing, w)
	}
	for key, h := range r.held {
		if !wanted[key] {
			surplus[key] = h
		}
	}
	for key := range r.failed {
		if !wanted[key] {
			delete(r.failed, key)
		}
	}
	return missing, surplus
}

// make creates one subscription and notes what came of it.
func (r *reconciler) make(ctx context.Context, w want) bool {
	sub, err := r.create(ctx, w)
	if ctx.Err() != nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.held[w.key] = holding{id: sub.ID, kind: w.kind}
		delete(r.failed, w.key)
		return true
	}
	f := r.failed[w.key]
	if f == nil || f.asked != w.asked {
		f = &failure{asked: w.asked, backoff: backoffAfter(err)}
		r.failed[w.key] = f
	}
	f.err = r.explain(w, err)
	f.again = time.Now().Add(f.backoff.Next())
	r.logger.WarnContext(ctx, "not subscribed", "type", w.kind.String(), "error", err)
	return false
}

func (r *reconciler) create(ctx context.Context, w want) (Subscription, error) {
	if w.err != nil {
		return Subscription{}, w.err
	}
	sub, err := r.api.create(ctx, r.userID, w.target, r.session())
	if !errors.Is(err, helix.ErrConflict) && !errors.Is(err, helix.ErrRateLimited) {
		return sub, err
	}
	// A dead session's subscription is in the way, or its cost.
	swept, sweepErr := r.sweep(ctx)
	if own, ok := swept[w.key]; ok {
		return own, nil
	}
	if sweepErr != nil {
		return Subscription{}, fmt.Errorf("%w (%w)", err, sweepErr)
	}
	return r.api.create(ctx, r.userID, w.target, r.session())
}

func (r *reconciler) session() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids[len(r.ids)-1]
}

// state sums up: the first error in the order of wanting, and the next attempt.
func (r *reconciler) state(now time.Time) State {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := State{Phase: Subscribed, Session: r.ids[len(r.ids)-1], Active: len(r.held), Wanted: len(r.wanted)}
	for _, w := range r.wanted {
		f := r.failed[w.key]
		if f == nil {
			continue
		}
		wait := max(f.again.Sub(now), 0)
		if s.Err == nil {
			s.Phase, s.Err, s.RetryIn = Incomplete, f.err, wait
		}
		s.RetryIn = min(s.RetryIn, wait)
	}
	return s
}
