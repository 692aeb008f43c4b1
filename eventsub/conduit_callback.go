package eventsub

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
)

// newReceiver returns the receiver of the events of webhook shards.
func (c *Conduit) newReceiver() *Receiver {
	secrets := func(context.Context, string) ([]Secret, error) {
		if c.o.Callback == "" {
			return nil, nil
		}
		return []Secret{c.o.Secret}, nil
	}
	return NewReceiver(secrets, c.accept, ReceiverOptions{
		// The signature shows that Twitch asks about a shard with our secret.
		Confirm:   func(context.Context, Subscription) bool { return c.running.Load() },
		Revoked:   c.revokedByCallback,
		OnUnknown: c.unknown,
		Logger:    c.o.Logger,
	})
}

// ServeHTTP receives the events of webhook shards: mount it under the path of
// [ConduitOptions].Callback. It verifies requests as a [Receiver] does and stores events
// through [Mux.Accept] before it acknowledges them. Without a Callback it refuses all
// requests.
func (c *Conduit) ServeHTTP(w http.ResponseWriter, q *http.Request) { c.receiver.ServeHTTP(w, q) }

// accept stores notifications.
func (c *Conduit) accept(ctx context.Context, ns ...Notification) error {
	if err := c.mux.Accept(ctx, ns...); err != nil {
		return err
	}
	r := c.currentRun()
	for _, n := range ns {
		c.recovery.stored(n) //nolint:contextcheck // the last watermarks are saved when ctx has ended
		c.stats.notifications.Add(1)
		if r != nil && aboutShards(n) {
			r.look()
		}
	}
	return nil
}

// aboutShards reports whether a notification tells of a disabled shard.
func aboutShards(n Notification) bool { return n.Type == ConduitShardDisabled{}.Type() }

// revokedByCallback handles a revocation that arrived over the callback.
func (c *Conduit) revokedByCallback(ctx context.Context, sub Subscription) error {
	if !c.running.Load() {
		return errNotRunning // Twitch sends it again
	}
	c.stats.revoked.Add(1)
	c.keeper.revoked(ctx, sub)
	return ctx.Err()
}

// checkCallback returns an error if webhook shards cannot work.
func (c *Conduit) checkCallback() error {
	if err := webhook.CheckCallback(c.o.Callback); err != nil {
		return fmt.Errorf("eventsub: %w", err)
	}
	if n := len(c.o.Secret); n < 10 || n > 100 {
		return errors.New("eventsub: ConduitOptions.Secret must have 10 to 100 characters: create one with NewSecret and keep it")
	}
	return nil
}
