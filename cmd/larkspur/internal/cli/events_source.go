package cli

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// The ways in which events arrive, as Twitch names them.
const (
	overWebSocket = "websocket"
	overWebhook   = "webhook"
	overConduit   = "conduit"
)

// transport returns the way in which events arrive.
func (f *followFlags) transport() string {
	switch {
	case f.webhook != "":
		return overWebhook
	case f.conduit != "":
		return overConduit
	default:
		return overWebSocket
	}
}

// An eventSource keeps conditions subscribed and passes the events to a Mux.
type eventSource interface {
	Want(conditions ...eventsub.Condition)
	Run(ctx context.Context) error
	Ready(ctx context.Context) error
	Results() []eventsub.Result
}

// open returns the source of the events, and a function that ends at Twitch what would
// otherwise outlive the command.
func (w *follower) open(ctx context.Context) (source eventSource, clean func(ctx context.Context) error, err error) {
	switch w.f.transport() {
	case overWebhook:
		return w.openWebhook()
	case overConduit:
		return w.openConduit(ctx)
	default:
		return eventsub.NewSession(w.s.tw, w.mux, eventsub.SessionOptions{
			URL: w.s.addresses.EventSub, UserID: w.plan.account.ID, OnRevoked: w.revoked,
			OnState: func(s eventsub.State) { w.state(s.Phase, s.String(), s.Err) },
		}), func(context.Context) error { return nil }, nil
	}
}
