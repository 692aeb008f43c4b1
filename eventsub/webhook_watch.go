package eventsub

import (
	"context"
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// watchEvery is how often Twitch is asked for subscriptions that it has ended because
// their requests were not acknowledged. While the callback cannot be reached, the message
// about that is lost too, and nothing else shows it before the next comparison.
const watchEvery = 30 * time.Second

// watch handles such subscriptions until ctx ends.
func (w *Webhook) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := w.findFailed(ctx); err != nil && ctx.Err() == nil {
				w.o.Logger.DebugContext(ctx, "ended subscriptions not listed", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// findFailed handles and deletes the subscriptions of this webhook that have failed. One
// page is enough: the next call finds the rest.
func (w *Webhook) findFailed(ctx context.Context) error {
	held := map[string]bool{}
	for _, r := range w.Results() {
		held[r.SubscriptionID] = r.SubscriptionID != ""
	}
	page, err := w.api.tw.As("").EventSub.GetSubscriptions(helix.WithPriority(ctx, helix.PriorityPolling),
		helix.GetEventSubSubscriptionsParams{Status: helix.EventSubStatusNotificationFailuresExceeded})
	if err != nil {
		return err
	}
	for _, listed := range page.Items {
		sub := fromHelix(listed)
		if w.place(sub) != here {
			continue
		}
		if held[sub.ID] {
			w.keeper.revoked(ctx, sub)
		}
		if err := w.api.remove(ctx, sub.ID); err != nil && !errors.Is(err, helix.ErrNotFound) {
			return err
		}
	}
	return nil
}
