package eventsub

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// subscriptions are the requests that a Session sends to Helix.
type subscriptions interface {
	checkToken(ctx context.Context, userID string) error
	create(ctx context.Context, userID string, t target, sessionID string) (Subscription, error)
	list(ctx context.Context, userID string) ([]Subscription, error)
	remove(ctx context.Context, userID, subscriptionID string) error
}

// helixSubscriptions implements subscriptions with a Helix client.
type helixSubscriptions struct{ tw *helix.Client }

func (h helixSubscriptions) checkToken(ctx context.Context, userID string) error {
	return h.tw.As(userID).CheckToken(ctx)
}

func (h helixSubscriptions) create(ctx context.Context, userID string, t target, sessionID string) (Subscription, error) {
	sub, err := h.tw.As(userID).EventSub.CreateSubscription(ctx, helix.CreateEventSubSubscriptionParams{
		Type: t.kind.Name, Version: t.kind.Version, Condition: t.fields,
		Transport: helix.EventSubTransport{Method: "websocket", SessionID: sessionID},
	})
	if err != nil {
		return Subscription{}, err
	}
	return fromHelix(sub.EventSubSubscription), nil
}

func (h helixSubscriptions) list(ctx context.Context, userID string) ([]Subscription, error) {
	var all []Subscription
	for sub, err := range h.tw.As(userID).EventSub.AllSubscriptions(ctx, helix.GetEventSubSubscriptionsParams{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, fromHelix(sub))
	}
	return all, nil
}

func (h helixSubscriptions) remove(ctx context.Context, userID, subscriptionID string) error {
	return h.tw.As(userID).EventSub.DeleteSubscription(ctx, helix.DeleteEventSubSubscriptionParams{ID: subscriptionID})
}

// appSubscriptions are the requests of transports that use the app token.
type appSubscriptions interface {
	create(ctx context.Context, t target, transport helix.EventSubTransport) (Subscription, error)
	list(ctx context.Context) ([]Subscription, error)
	remove(ctx context.Context, subscriptionID string) error
}

// helixAppSubscriptions implements appSubscriptions with a Helix client.
type helixAppSubscriptions struct{ tw *helix.Client }

func (h helixAppSubscriptions) create(ctx context.Context, t target, transport helix.EventSubTransport) (Subscription, error) {
	info, _ := Lookup(t.kind)
	sub, err := h.tw.As("").EventSub.CreateSubscription(ctx, helix.CreateEventSubSubscriptionParams{
		Type: t.kind.Name, Version: t.kind.Version, Condition: t.fields, Transport: transport,
		IsBatchingEnabled: info.Batched, // Twitch refuses these types without it
	})
	if err != nil {
		return Subscription{}, err
	}
	return fromHelix(sub.EventSubSubscription), nil
}

func (h helixAppSubscriptions) list(ctx context.Context) ([]Subscription, error) {
	return helixSubscriptions(h).list(helix.WithPriority(ctx, helix.PriorityPolling), "")
}

func (h helixAppSubscriptions) remove(ctx context.Context, subscriptionID string) error {
	return helixSubscriptions(h).remove(ctx, "", subscriptionID)
}

func fromHelix(s helix.EventSubSubscription) Subscription {
	sub := Subscription{
		ID: s.ID, Status: string(s.Status), Type: s.Type, Version: s.Version,
		Cost: s.Cost, Condition: s.Condition, CreatedAt: s.CreatedAt,
	}
	sub.Transport.Method = string(s.Transport.Method)
	sub.Transport.Callback = s.Transport.Callback
	sub.Transport.SessionID = s.Transport.SessionID
	sub.Transport.ConduitID = s.Transport.ConduitID
	return sub
}
