package eventsub

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// ReceiverOptions configure a Receiver. The zero value is usable.
//
// The functions are called from the server's goroutines, several at the same time, and
// only with what Twitch has signed. Their context ends when the response is due.
type ReceiverOptions struct {
	// Confirm is asked whether a new subscription is one that this program has created
	// and still wants. Twitch enables a subscription only if it returns true. The
	// request may arrive before the response to the creation: the callback is in
	// sub.Transport. Default: false.
	Confirm func(ctx context.Context, sub Subscription) bool
	// Revoked is called when Twitch has ended a subscription; sub.Status is the reason.
	// After an error Twitch sends the message again. Default: it is only counted.
	Revoked func(ctx context.Context, sub Subscription) error
	// OnUnknown is called for messages of an unknown kind, and for those that cannot
	// be decoded. They are acknowledged, because a repetition would not help.
	OnUnknown func(messageType string, body []byte)
	// Logger receives refusals by their reason, at most one for each reason in ten
	// minutes, and errors of the functions. Default: discard.
	Logger *slog.Logger
}

// A Receiver is an http.Handler for the requests that Twitch sends to a webhook. It is
// the receiving half of a [Webhook], for programs that create subscriptions in another
// way or in another process:
//
//	secrets := func(context.Context, string) ([]eventsub.Secret, error) {
//		return []eventsub.Secret{secret}, nil
//	}
//	http.Handle("POST /eventsub", eventsub.NewReceiver(secrets, store, eventsub.ReceiverOptions{}))
//
// It verifies the signature over the bytes as they arrived and only then looks at them.
// A request without a valid signature gets a status without a body, and nothing of it
// is logged.
//
//   - A notification is acknowledged only after accept has returned nil. If it returns
//     an error or takes too long, the response is 503, and Twitch sends the message
//     again. The whole request has two seconds, of which a slow body uses a part.
//   - A repeated message, by its id, is acknowledged at once and not passed on. The last
//     16,384 ids are remembered; an accept that stores events has to recognize older
//     ones, as [Mux.Accept] does with an [Inbox].
//   - A message that is older than ten minutes when it arrives is marked [Meta].Late. An
//     error of the local clock is estimated from other messages and taken into account.
//   - Bodies may have 1 MiB, and all that are being received together 64 MiB.
//
// To refuse a body that arrives too slowly, the Receiver sets a read deadline through
// [net/http.ResponseController]. Middleware that hides the ResponseWriter from it
// prevents that; then the server needs a ReadTimeout. Every server needs a
// ReadHeaderTimeout.
type Receiver struct {
	secrets func(ctx context.Context, path string) ([]Secret, error)
	accept  func(ctx context.Context, ns ...Notification) error
	forged  func(path string) // called for a wrong signature; may be nil
	o       ReceiverOptions

	seen     *webhook.Seen
	decoders sync.Pool // of *wire.Decoder: most messages have a subscription that is known
	clock    webhook.Clock
	bodies   atomic.Int64 // bytes that are allocated for bodies being received
	stats    receiverCounters
	quiet    refusalLog
}

// The limits of a Receiver.
const (
	answerWithin = 2 * time.Second // Twitch gives "a few seconds"
	maxBody      = 1 << 20
	maxBodies    = 64 << 20
	rememberIDs  = 1 << 14
	maxChallenge = 1 << 10
)

// NewReceiver returns a Receiver.
//
// Secrets returns the secrets with which Twitch may have signed a request to path, the
// path of the request's URL; several while one is replaced by another. If there are
// none, the request is refused. It is called before anything is verified, so it should
// be cheap. After an error the response is 503.
//
// Accept stores one notification, or a batch that Twitch sent in one message. Twitch
// forgets them once it has returned nil. It must return when its context ends.
// [Mux.Accept] is such a function.
//
// NewReceiver panics if secrets or accept is nil.
func NewReceiver(secrets func(ctx context.Context, path string) ([]Secret, error), accept func(ctx context.Context, ns ...Notification) error, o ReceiverOptions) *Receiver {
	if secrets == nil || accept == nil {
		panic("eventsub: NewReceiver: secrets or accept is nil")
	}
	o.Logger = quiet.Or(o.Logger)
	return &Receiver{
		secrets: secrets, accept: accept, o: o, seen: webhook.NewSeen(rememberIDs),
		decoders: sync.Pool{New: func() any { return new(wire.Decoder) }},
	}
}
