package eventsub

import (
	"context"
	"errors"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
	"github.com/larkspur-dev/larkspur/helix"
)

// transport returns a new callback with a new secret, which are stored already: Twitch
// may call it before it has answered the request to create the subscription.
func (w *Webhook) transport(ctx context.Context, _ target) (helix.EventSubTransport, error) {
	key, err := w.keys.create(ctx)
	if err != nil {
		return helix.EventSubTransport{}, err
	}
	return helix.EventSubTransport{
		Method: helix.TransportMethodWebhook, Callback: webhook.Callback(w.base, key.ID), Secret: string(key.Secret),
	}, nil
}

// place says whether a listed subscription is this webhook's.
func (w *Webhook) place(sub Subscription) place {
	if sub.Transport.Method != string(helix.TransportMethodWebhook) {
		return elsewhere
	}
	base, id := webhook.Split(sub.Transport.Callback)
	if id == "" {
		return elsewhere
	}
	switch state := w.keys.state(sub.Transport.Callback); {
	case state.busy: // the request that creates it decides
		return elsewhere
	case state.known && base == w.base:
		return here
	case state.known:
		return formerly
	case base == w.base: // its requests cannot be verified: the secret was in the memory of an earlier run
		return useless
	default:
		return elsewhere
	}
}

// confirm answers a challenge only for a subscription that this program has created and
// still wants.
func (w *Webhook) confirm(_ context.Context, sub Subscription) bool {
	w.mu.Lock()
	want := w.byKey[keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition)]
	wanted := want != nil && want.revoked == nil
	w.mu.Unlock()
	return wanted && w.keys.confirm(sub.Transport.Callback)
}

var errWebhookStopped = errors.New("eventsub: webhook is not running")

// revoked handles the end of a subscription.
func (w *Webhook) revoked(ctx context.Context, sub Subscription) error {
	if !w.running.Load() {
		return errWebhookStopped // Twitch repeats the message
	}
	w.keeper.revoked(ctx, sub)
	return context.Cause(ctx)
}

// recreated reports whether a subscription that Twitch ended is created again. Others
// need an action of a user first. Twitch enables the new one only if it reaches the
// callback, so there is no other check of the program's health.
func recreated(reason string) bool {
	return reason == string(helix.EventSubStatusNotificationFailuresExceeded)
}
