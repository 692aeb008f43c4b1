package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
	"github.com/larkspur-dev/larkspur/helix"
)

// hookRequests are the requests of a Webhook to Helix. They keep hookKeys up to date.
type hookRequests struct {
	appSubscriptions

	tw     *helix.Client
	keys   *hookKeys
	logger *slog.Logger
}

func (h hookRequests) create(ctx context.Context, t target, transport helix.EventSubTransport) (Subscription, error) {
	_, id := webhook.Split(transport.Callback)
	sub, err := h.appSubscriptions.create(ctx, t, transport)
	h.keys.created(id, sub.ID)
	return sub, err
}

// list returns the newest subscriptions first: if a condition has two, because a
// rotation was interrupted, the one with the newer secret is used.
func (h hookRequests) list(ctx context.Context) ([]Subscription, error) {
	start := time.Now()
	all, err := h.appSubscriptions.list(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]Subscription{}
	for _, sub := range all {
		if _, id := webhook.Split(sub.Transport.Callback); id != "" {
			byID[id] = sub
		}
	}
	if err := h.keys.listed(ctx, byID, start); err != nil {
		h.logger.WarnContext(ctx, "an old webhook secret stays in the store", "error", err)
	}
	slices.SortStableFunc(all, func(a, b Subscription) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, nil
}

func (h hookRequests) remove(ctx context.Context, subscriptionID string) error {
	err := h.appSubscriptions.remove(ctx, subscriptionID)
	if err == nil || errors.Is(err, helix.ErrNotFound) {
		h.keys.removed(subscriptionID)
	}
	return err
}

// get returns one subscription, or helix.ErrNotFound.
func (h hookRequests) get(ctx context.Context, subscriptionID string) (Subscription, error) {
	page, err := h.tw.As("").EventSub.GetSubscriptions(ctx, helix.GetEventSubSubscriptionsParams{SubscriptionID: subscriptionID})
	switch {
	case err != nil:
		return Subscription{}, err
	case len(page.Items) == 0:
		return Subscription{}, helix.ErrNotFound
	default:
		return fromHelix(page.Items[0]), nil
	}
}
