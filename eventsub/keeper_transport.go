package eventsub

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// open tells the keeper that subscriptions can be created on the transport with an id:
// a conduit or a callback. A transport with another id replaces the one before, and
// its subscriptions with it. Open must not be called by the loop.
func (k *keeper) open(ctx context.Context, id string) {
	k.do(ctx, func(now time.Time) {
		if k.id == id {
			return
		}
		k.leave(reconcile.Loss{From: now, Session: k.id, Reason: errReplaced}, now)
		k.id = id
		k.ctx, k.end = context.WithCancel(ctx)
		k.list(k.ctx) //nolint:contextcheck // it ends with the transport
	})
}

// lose tells the keeper that the transport and its subscriptions no longer exist. It
// must not be called by the loop.
func (k *keeper) lose(ctx context.Context, loss reconcile.Loss) {
	k.do(ctx, func(now time.Time) { k.leave(loss, now) })
}

// leave forgets the transport.
func (k *keeper) leave(loss reconcile.Loss, now time.Time) {
	if k.id == "" {
		return
	}
	k.end()
	k.id, k.listing, k.told = "", false, told{}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.listErr, k.relist = nil, time.Time{}
	k.set.Lost(0, loss, now)
}

// close forgets the transport at the end of run. Its subscriptions continue to exist, so
// this is not a loss.
func (k *keeper) close() {
	if k.id == "" {
		return
	}
	k.end()
	k.id, k.listing, k.told = "", false, told{}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.listErr, k.relist = nil, time.Time{}
	k.set.Closed(0, time.Now())
}

// list fetches Twitch's list of subscriptions, and adopts those that are wanted. No
// subscription is created before the first list of a transport.
func (k *keeper) list(ctx context.Context) {
	if k.id == "" || k.listing {
		return
	}
	k.listing = true
	k.mu.Lock()
	k.relist = time.Time{}
	k.mu.Unlock()
	id, start := k.id, time.Now()
	k.requests.Go(func() {
		all, err := k.api.list(ctx)
		k.do(ctx, func(now time.Time) {
			if k.id != id {
				return
			}
			k.listing = false
			if err != nil {
				k.listFailed(ctx, err, now)
				return
			}
			k.backoff.Reset()
			k.adopt(ctx, all, start, now)
		})
	})
}

func (k *keeper) listFailed(ctx context.Context, err error, now time.Time) {
	wait := k.backoff.Next()
	k.o.logger.WarnContext(ctx, "subscriptions not listed", "error", err, "retry_in", wait)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.relist = now.Add(wait)
	if !k.set.Live(k.id) {
		k.listErr = fmt.Errorf("list subscriptions: %w", err)
	}
}

// adopt compares the set with Twitch's list, which was requested at start.
func (k *keeper) adopt(ctx context.Context, all []Subscription, start, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listErr = nil; !k.set.Live(k.id) {
		k.set.Session(0, []string{k.id}, true)
	}
	enabled, known := map[string]bool{}, k.set.IDs()
	var surplus []Subscription
	k.outdated = map[string][]string{}
	for _, sub := range all {
		key := keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition)
		active := sub.Status == statusEnabled
		switch k.o.place(sub) {
		case elsewhere:
		case useless:
			surplus = append(surplus, sub)
		case formerly:
			k.outdated[key] = append(k.outdated[key], sub.ID)
		case here:
			enabled[sub.ID] = active
			k.since(sub)
			switch {
			case active && k.set.Adopt(key, reconcile.Subscription{ID: sub.ID, Session: k.id, Cost: sub.Cost}, now):
			case known[sub.ID]:
			case !active && !isPending(sub.Status), active && k.o.prune && k.spare(key):
				surplus = append(surplus, sub)
			}
		}
	}
	for _, key := range k.set.Verify(enabled, start) {
		k.o.logger.WarnContext(ctx, "subscription disappeared", "key", key)
	}
	k.removeAll(k.ctx, surplus) //nolint:contextcheck // it ends with the transport
}

// since dates back the end of a subscription that ended because it could not deliver.
// The caller holds mu.
func (k *keeper) since(sub Subscription) {
	if k.o.delivered != nil && k.o.recreate != nil && k.o.recreate(sub.Status) {
		k.set.Since(sub.ID, k.o.delivered(sub))
	}
}

// spare reports whether a subscription that the set does not know is not needed: its
// condition is not wanted, or has another one. The caller holds mu.
func (k *keeper) spare(key string) bool { return !k.set.Wanted(key) || k.set.Result(key).Held }

// replace makes the keeper use another subscription of a condition. It returns false if
// the condition no longer uses the old one. It must not be called by the loop.
func (k *keeper) replace(ctx context.Context, key, oldID string, sub Subscription) bool {
	result := make(chan bool, 1)
	replace := func(now time.Time) {
		k.mu.Lock()
		defer k.mu.Unlock()
		result <- k.set.Replace(key, oldID, reconcile.Subscription{ID: sub.ID, Session: k.id, Cost: sub.Cost}, now)
	}
	select {
	case k.answers <- replace:
		return <-result
	case <-ctx.Done():
		return false
	}
}
