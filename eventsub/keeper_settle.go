package eventsub

import (
	"context"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// settle carries out the set's plan and reports what has changed.
func (k *keeper) settle(ctx context.Context) { //nolint:contextcheck // requests end with their transport, whose context descends from ctx
	now := time.Now()
	k.changed = false
	k.mu.Lock()
	plan := k.set.Next(now)
	changes := k.set.Changes()
	k.note(changes, now)
	gaps := k.set.Gaps()
	status := k.set.Status()
	if k.listErr != nil {
		status.Err, status.Again, status.Settled = k.listErr, k.relist, true
	}
	replaced := k.replaced()
	k.mu.Unlock()
	k.again = plan.Wake

	for _, d := range plan.Delete {
		requests := k.ctx
		k.requests.Go(func() { k.erase(requests, d) })
	}
	for _, at := range plan.Create {
		requests, w := k.ctx, k.wants[at.Key]
		k.requests.Go(func() { k.create(requests, at, w.target) })
	}
	k.removeAll(k.ctx, replaced) //nolint:contextcheck // it ends with the transport
	k.tell(ctx, status, now)
	for _, g := range gaps {
		wants := make([]want, 0, len(g.Keys))
		for _, key := range g.Keys {
			wants = append(wants, k.wants[key])
		}
		k.tellGap(ctx, g, wants, now)
	}
}

// replaced returns the subscriptions on former transports that are not needed any more:
// the same condition is subscribed on the current one, or not wanted. The caller holds
// mu.
func (k *keeper) replaced() []Subscription {
	var subs []Subscription
	for key, ids := range k.outdated {
		if k.set.Wanted(key) && !k.set.Result(key).Held {
			continue
		}
		for _, id := range ids {
			subs = append(subs, Subscription{ID: id})
		}
		delete(k.outdated, key)
	}
	return subs
}

// tell reports the state of the subscriptions if it has changed and no request is under
// way that would change it again.
func (k *keeper) tell(ctx context.Context, st reconcile.Status, now time.Time) {
	if !st.Settled || k.id == "" {
		return
	}
	next := toldOf(st)
	if next == k.told {
		return
	}
	k.told = next
	s := stateOf(st, now)
	logState(ctx, k.o.logger, s)
	if k.o.onState != nil {
		k.o.onState(s)
	}
}

// logState logs a state that is not about a connection.
func logState(ctx context.Context, logger *slog.Logger, s State) {
	level := slog.LevelInfo
	attrs := []slog.Attr{slog.String("phase", string(s.Phase)), slog.String("text", s.String())}
	if s.Err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.Any("error", s.Err), slog.Duration("retry_in", s.RetryIn))
	}
	logger.LogAttrs(ctx, level, "eventsub subscriptions", attrs...)
}

// lookUp returns the state of each wanted condition.
func (k *keeper) lookUp(wants []want) []Result {
	k.mu.Lock()
	defer k.mu.Unlock()
	results := make([]Result, len(wants))
	for i, w := range wants {
		results[i].Outcome = OutcomePending
		results[i].fill(k.set.Result(w.key))
		results[i].SessionID = "" // it is no WebSocket session
		if k.listErr != nil && results[i].Outcome == OutcomePending {
			results[i].Outcome, results[i].Err, results[i].RetryAt = OutcomeRefused, k.listErr, k.relist
		}
	}
	return results
}

// deleteSubscription deletes a subscription at Twitch.
func (k *keeper) deleteSubscription(ctx context.Context, r Result) error {
	return k.remove(ctx, r.SubscriptionID)
}

// forgetSubscription makes the keeper treat a subscription as gone.
func (k *keeper) forgetSubscription(r Result) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.set.Forget(newTarget(r.Condition).key)
}
