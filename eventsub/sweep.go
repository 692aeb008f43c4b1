package eventsub

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
)

// sweep deletes, once in a pass, subscriptions of other sessions that are dead or
// the same as something wanted here. It returns the subscriptions that this
// session has already, by key.
func (r *reconciler) sweep(ctx context.Context) (map[string]Subscription, error) {
	r.sweeping.Lock()
	defer r.sweeping.Unlock()
	if r.swept != nil {
		return r.swept, nil
	}
	all, err := r.api.list(ctx, r.userID)
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	r.mu.Lock()
	ids := r.ids
	wanted := map[string]bool{}
	for _, w := range r.wanted {
		wanted[w.key] = true
	}
	r.mu.Unlock()

	own := map[string]Subscription{}
	for _, sub := range all {
		key := keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition)
		switch {
		case sub.Transport.Method != "websocket":
		case slices.Contains(ids, sub.Transport.SessionID):
			if sub.Status == statusEnabled {
				own[key] = sub
			}
		case sub.Status != statusEnabled || wanted[key]: // others may be another program's
			if err := r.api.remove(ctx, r.userID, sub.ID); err != nil && !errors.Is(err, helix.ErrNotFound) {
				r.logger.WarnContext(ctx, "stale subscription not deleted", "subscription_id", sub.ID, "error", err)
			}
		}
	}
	r.swept = own
	return own, nil
}

const statusEnabled = "enabled"

// verify compares what is held with Twitch's list, and forgets what is not there.
func (r *reconciler) verify(ctx context.Context) {
	all, err := r.api.list(ctx, r.userID)
	if err != nil {
		r.logger.WarnContext(ctx, "subscriptions not listed", "error", err)
		return
	}
	alive := map[string]bool{}
	for _, sub := range all {
		alive[sub.ID] = sub.Status == statusEnabled
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, h := range r.held {
		if !alive[h.id] {
			r.logger.WarnContext(ctx, "subscription disappeared", "type", h.kind.String(), "subscription_id", h.id)
			delete(r.held, key)
		}
	}
}
