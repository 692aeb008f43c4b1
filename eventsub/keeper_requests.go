package eventsub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/helix"
)

// errReplaced is the reason of a loss that is caused by another transport.
var errReplaced = errors.New("the transport was replaced")

// isPending reports whether Twitch is still verifying the callback of a subscription.
func isPending(status string) bool { return status == "webhook_callback_verification_pending" }

// create creates one subscription. It runs in a goroutine of its own.
func (k *keeper) create(ctx context.Context, at reconcile.Attempt, t target) {
	sub, err := k.request(ctx, t)
	if errors.Is(err, helix.ErrConflict) {
		sub, err = k.resolve(ctx, t, err)
	}
	if err == nil && k.o.confirm != nil {
		sub, err = k.o.confirm(ctx, sub)
	}
	if err != nil {
		err = explain(t, t.tokenUser(), err)
	}
	k.do(ctx, func(now time.Time) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if err == nil {
			k.set.Created(at, reconcile.Subscription{ID: sub.ID, Session: at.Session, Cost: sub.Cost}, now)
			return
		}
		k.set.Failed(at, err, classOf(err), now)
		k.o.logger.WarnContext(ctx, "not subscribed", "type", t.kind.String(), "error", err)
	})
}

func (k *keeper) request(ctx context.Context, t target) (Subscription, error) {
	transport, err := k.o.transport(ctx, t)
	if err != nil {
		return Subscription{}, err
	}
	return k.api.create(ctx, t, transport)
}

// resolve handles Twitch's response that a subscription already exists on the
// transport: it adopts it, or replaces it if it is not enabled.
func (k *keeper) resolve(ctx context.Context, t target, conflict error) (Subscription, error) {
	all, err := k.api.list(ctx)
	if err != nil {
		return Subscription{}, fmt.Errorf("%w (list subscriptions: %w)", conflict, err)
	}
	for _, sub := range all {
		if keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition) != t.key || k.o.place(sub) != here {
			continue
		}
		if sub.Status == statusEnabled {
			return sub, nil
		}
		if err := k.remove(ctx, sub.ID); err != nil {
			return Subscription{}, fmt.Errorf("%w (delete stale subscription %s: %w)", conflict, sub.ID, err)
		}
	}
	return k.request(ctx, t)
}

// remove deletes a subscription at Twitch. One that Twitch does not know counts as
// deleted.
func (k *keeper) remove(ctx context.Context, id string) error {
	if err := k.api.remove(ctx, id); err != nil && !errors.Is(err, helix.ErrNotFound) {
		return err
	}
	return nil
}

// removeAll deletes subscriptions one after another in a goroutine of its own. Those
// that cannot be deleted are found again by the next list.
func (k *keeper) removeAll(ctx context.Context, subs []Subscription) {
	if len(subs) == 0 {
		return
	}
	k.requests.Go(func() {
		for _, sub := range subs {
			if err := k.remove(ctx, sub.ID); err != nil {
				k.o.logger.WarnContext(ctx, "stale subscription not deleted", "subscription_id", sub.ID, "error", err)
				if ctx.Err() != nil {
					return
				}
			}
		}
	})
}

// erase deletes a subscription that is no longer wanted. It runs in a goroutine of its
// own.
func (k *keeper) erase(ctx context.Context, d reconcile.Deletion) {
	err := k.remove(ctx, d.ID)
	k.do(ctx, func(now time.Time) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.set.Deleted(d, err, now)
		if err != nil {
			k.o.logger.WarnContext(ctx, "subscription not deleted", "key", d.Key, "error", err)
		}
	})
}

// revoked handles a revocation. It must not be called by the loop.
func (k *keeper) revoked(ctx context.Context, sub Subscription) {
	e := &RevokedError{Type: Type{Name: sub.Type, Version: sub.Version}, Reason: sub.Status, Subscription: sub}
	again := k.o.recreate != nil && k.o.recreate(sub.Status)
	k.do(ctx, func(now time.Time) { // in one step, so that it is neither created again nor deleted
		k.mu.Lock()
		if again {
			k.since(sub)
			k.set.Lapsed(sub.ID, e, now)
		} else {
			k.set.Revoked(sub.ID)
		}
		k.mu.Unlock()
		if !again {
			k.desired.revoke(e)
			k.refresh()
		}
	})
	k.o.logger.WarnContext(ctx, "subscription revoked", "error", e)
	if k.o.onRevoked != nil {
		k.o.onRevoked(e)
	}
}
