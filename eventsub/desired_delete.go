package eventsub

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/helix"
)

// ErrNotSubscribed is returned for a subscription id that no wanted condition has.
var ErrNotSubscribed = errors.New("no wanted condition has this subscription")

// Delete deletes the subscription with an id at Twitch, waits for the response, and
// removes its condition from the set. It returns [ErrNotSubscribed] if no wanted
// condition has the subscription. If the request fails, Delete returns its error and
// the condition stays in the set. A subscription that Twitch does not know counts as
// deleted.
func (d *desired) Delete(ctx context.Context, subscriptionID string) error {
	w, r, ok := d.bySubscription(subscriptionID)
	if !ok {
		return fmt.Errorf("eventsub: subscription %q: %w", subscriptionID, ErrNotSubscribed)
	}
	if err := d.delete(ctx, r); err != nil && !errors.Is(err, helix.ErrNotFound) {
		return fmt.Errorf("eventsub: delete subscription to %s: %w", w.kind, err)
	}
	d.forgetWant(w, r)
	return nil
}

// Forget removes the condition of a subscription from the set without a request to
// Twitch, whatever the state of the subscription there. Twitch may therefore continue
// to send its events. Forget returns [ErrNotSubscribed] if no wanted condition has the
// subscription.
func (d *desired) Forget(subscriptionID string) error {
	w, r, ok := d.bySubscription(subscriptionID)
	if !ok {
		return fmt.Errorf("eventsub: subscription %q: %w", subscriptionID, ErrNotSubscribed)
	}
	d.forgetWant(w, r)
	return nil
}

func (d *desired) bySubscription(id string) (want, Result, bool) {
	wants, _ := d.snapshot()
	for i, r := range d.results(wants) {
		if id != "" && r.SubscriptionID == id {
			return wants[i], r, true
		}
	}
	return want{}, Result{}, false
}

// forgetWant removes a condition whose subscription must not be deleted any more. The
// transport is told while mu is held, so that it does not see an unwanted subscription.
func (d *desired) forgetWant(w want, r Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget(r)
	d.drop(func(other *want) bool { return other.key == w.key })
}
