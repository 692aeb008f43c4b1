package eventsub

import (
	"context"
	"time"
)

const (
	// liveEvery is how often a Webhook records that it can receive.
	liveEvery = 10 * time.Second
	// liveLag is how long it takes at most until a callback that cannot be reached is
	// noticed: Twitch has to give up on it, and watch has to find that out.
	liveLag = time.Minute
	// twitchRepeats is how long Twitch repeats requests that fail, at least. Nothing is
	// missed by a program that is back within that time.
	twitchRepeats = 15 * time.Second
)

// live records until ctx ends that the webhook can receive: events are complete up to
// then, even if none arrived.
func (w *Webhook) live(ctx context.Context) {
	if w.keeper.o.recovery == nil {
		return
	}
	timer := time.NewTicker(liveEvery)
	defer timer.Stop()
	for {
		w.line.hear(time.Now().Add(-liveLag))
		select {
		case <-timer.C:
		case <-ctx.Done():
			w.line.hear(time.Now().Add(-liveLag))
			return
		}
	}
}

// accept stores notifications for the handlers.
func (w *Webhook) accept(ctx context.Context, ns ...Notification) error {
	if err := w.mux.Accept(ctx, ns...); err != nil {
		return err
	}
	w.delivered.Store(time.Now().UnixNano())
	for _, n := range ns {
		w.keeper.o.recovery.stored(n) //nolint:contextcheck // it saves after ctx has ended
	}
	return nil
}

// lastDelivery returns when the webhook last received an event, or when a subscription
// was created if that was later.
func (w *Webhook) lastDelivery(sub Subscription) time.Time {
	at := time.Unix(0, w.delivered.Load())
	if sub.CreatedAt.After(at) {
		return sub.CreatedAt
	}
	return at
}
