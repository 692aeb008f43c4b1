package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	// challengeWithin is how long a challenge is waited for before Twitch is asked.
	challengeWithin = 5 * time.Second
	// enabledAfter is the time that Twitch gets to enable a subscription after the
	// challenge was answered.
	enabledAfter = time.Second
	// verifyWithin is how long the verification of a callback may take.
	verifyWithin = time.Minute
)

// A CallbackError is reported if Twitch could not verify the callback of a new
// subscription. The subscription is created again after a wait of 30 seconds at most.
type CallbackError struct {
	Callback string // [WebhookOptions].Callback
	Status   string // of the subscription, as Twitch names it
	Answered bool   // a challenge arrived and was answered
	Forged   bool   // a request with a wrong signature arrived
}

// Error says what happened and what to check.
func (e *CallbackError) Error() string {
	switch {
	case e.Answered:
		return fmt.Sprintf("Twitch did not accept the answer of %s; whatever is in front of this program must not change its responses", e.Callback)
	case e.Forged:
		return fmt.Sprintf("Twitch's requests to %s have a wrong signature; whatever is in front of this program must not change their bodies", e.Callback)
	default:
		return fmt.Sprintf("Twitch could not reach %s: no request arrived; the address must lead to this program, by https on port 443 with a valid certificate", e.Callback)
	}
}

// LogValue returns the fields as attributes.
func (e *CallbackError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("callback", e.Callback), slog.String("status", e.Status),
		slog.Bool("answered", e.Answered), slog.Bool("forged", e.Forged))
}

// settle waits until Twitch has enabled a subscription that the keeper has created.
func (w *Webhook) settle(ctx context.Context, sub Subscription) (Subscription, error) {
	defer w.keys.settled(sub.ID)
	return w.verify(ctx, sub)
}

// verify waits until Twitch has enabled a new subscription. If that fails, it deletes the
// subscription and returns a [CallbackError].
func (w *Webhook) verify(ctx context.Context, sub Subscription) (Subscription, error) {
	if !isPending(sub.Status) {
		return sub, nil
	}
	began := time.Now()
	wait := retry.Backoff{Min: enabledAfter, Max: 10 * time.Second, Floor: enabledAfter}
	answered := w.keys.state(sub.Transport.Callback).answered
	timer := time.NewTimer(challengeWithin)
	defer timer.Stop()
	for {
		select {
		case <-answered:
			answered = nil
			timer.Reset(enabledAfter)
			continue
		case <-timer.C:
		case <-ctx.Done():
			return Subscription{}, context.Cause(ctx)
		}
		current, err := w.api.get(ctx, sub.ID)
		late := time.Since(began) > verifyWithin
		switch {
		case errors.Is(err, helix.ErrNotFound):
			return Subscription{}, fmt.Errorf("the new subscription does not exist any more: %w", err)
		case err == nil && current.Status == statusEnabled:
			return current, nil
		case err == nil && (late || !isPending(current.Status)):
			return Subscription{}, w.unreached(ctx, current)
		case late:
			return Subscription{}, err
		}
		timer.Reset(wait.Next())
	}
}

// unreached deletes a subscription whose callback could not be verified.
func (w *Webhook) unreached(ctx context.Context, sub Subscription) error {
	state := w.keys.state(sub.Transport.Callback)
	e := &CallbackError{Callback: w.base, Status: sub.Status, Forged: state.refused}
	select {
	case <-state.answered:
		e.Answered = true
	default:
	}
	if err := w.api.remove(ctx, sub.ID); err != nil && !errors.Is(err, helix.ErrNotFound) {
		return fmt.Errorf("%w (delete the subscription: %w)", e, err)
	}
	return e
}
