package eventsub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// rotateParallel is the number of secrets that are replaced at the same time.
const rotateParallel = 4

// rotateOverlap is how long a subscription is kept beside the one that replaces it. Twitch
// may still have events for it: those that are late, and those that it repeats, which it
// does for about 15 seconds, because an answer was lost.
const rotateOverlap = 30 * time.Second

// Rotate replaces the secrets of all subscriptions. It creates a second subscription with
// a new secret and callback, waits until Twitch has enabled it, and deletes the old one
// half a minute later. No event is lost. An event of the time in between arrives twice
// with different message ids; [Dedup] removes the second.
//
// Rotate returns when all were tried, with the errors joined. A subscription that could
// not be replaced keeps its secret. Rotate returns an error at once if Run is not
// running.
func (w *Webhook) Rotate(ctx context.Context) error {
	return w.rotate(ctx, func(string) bool { return true })
}

// rotateByAge replaces old secrets until ctx ends.
func (w *Webhook) rotateByAge(ctx context.Context) {
	if w.o.RotateAfter <= 0 {
		return
	}
	timer := time.NewTicker(min(max(w.o.RotateAfter/10, time.Second), time.Hour))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		old := w.keys.olderThan(time.Now().Add(-w.o.RotateAfter))
		if err := w.rotate(ctx, func(id string) bool { return old[id] }); err != nil && ctx.Err() == nil {
			w.o.Logger.WarnContext(ctx, "webhook secrets not replaced", "error", err)
		}
	}
}

// rotate replaces the secrets of some subscriptions.
func (w *Webhook) rotate(ctx context.Context, due func(subscriptionID string) bool) error {
	if !w.running.Load() {
		return errWebhookStopped
	}
	slots := make(chan struct{}, rotateParallel)
	var replacing sync.WaitGroup
	var mu sync.Mutex
	var errs []error // guarded by mu
	for _, r := range w.Results() {
		if r.SubscriptionID == "" || !due(r.SubscriptionID) {
			continue
		}
		slots <- struct{}{}
		replacing.Go(func() {
			unused, err := w.replace(ctx, r)
			<-slots
			if err == nil {
				err = w.retire(ctx, unused, slots)
			}
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("replace the secret of %s: %w", r.Condition.Type(), err))
			}
		})
	}
	replacing.Wait()
	return errors.Join(errs...)
}

// replace replaces one subscription by another one with a new secret. It returns the id of
// the one that is not used any more.
func (w *Webhook) replace(ctx context.Context, old Result) (unused string, err error) {
	t := newTarget(old.Condition)
	transport, err := w.transport(ctx, t)
	if err != nil {
		return "", err
	}
	sub, err := w.api.create(ctx, t, transport)
	if err != nil {
		return "", err
	}
	defer w.keys.settled(sub.ID) // a list must not show two subscriptions of the condition before
	if sub, err = w.verify(ctx, sub); err != nil {
		return "", err
	}
	w.keys.leaving(old.SubscriptionID)
	if !w.keeper.replace(ctx, t.key, old.SubscriptionID, sub) {
		w.keys.settled(old.SubscriptionID)
		return sub.ID, nil // not wanted any more, or created again meanwhile
	}
	w.rotated.Add(1)
	return old.SubscriptionID, nil
}

// retire deletes a subscription that is not used any more, when Twitch has delivered what
// it still has for it. Until then a list may show two subscriptions of the condition. If
// it fails, the next comparison with Twitch's list deletes the subscription.
func (w *Webhook) retire(ctx context.Context, id string, slots chan struct{}) error {
	defer w.keys.settled(id)
	select {
	case <-time.After(rotateOverlap):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	slots <- struct{}{}
	defer func() { <-slots }()
	if err := w.api.remove(ctx, id); err != nil && !errors.Is(err, helix.ErrNotFound) {
		return fmt.Errorf("delete the subscription that is not used any more: %w", err)
	}
	return nil
}
