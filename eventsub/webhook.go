package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// WebhookOptions configure a Webhook. Callback is required.
//
// The functions are called from goroutines of the webhook. OnRevoked and OnUnknown may be
// called by several at the same time. OnState must not wait for the webhook itself, as
// Ready, Subscribe and Delete do.
type WebhookOptions struct {
	// Callback is the https address under which Twitch reaches the Webhook, such as
	// "https://bot.example.org/eventsub". Twitch calls port 443 only. Each subscription
	// has an address of its own below it. Of the path of a request, the Webhook uses the
	// last element only, so a proxy may change the rest.
	Callback string
	// Secrets keeps the secrets of the subscriptions across restarts. Default: they are
	// kept in memory, and a restart creates new subscriptions; events that Twitch sends
	// before these exist are lost.
	Secrets SecretStore
	// RotateAfter is the age at which the secret of a subscription is replaced, as by
	// [Webhook.Rotate]. Default: never.
	RotateAfter time.Duration
	// CatchUp fetches the events that were missed while the program was not running for
	// longer than 15 seconds, or while a subscription did not exist. Default: a [Gap] says
	// what may have been missed.
	CatchUp Recoverer
	// Watermarks stores up to when the events of each condition are complete. Without
	// it, what was missed between two runs of the program is not noticed.
	Watermarks WatermarkStore
	Recheck    time.Duration // how often subscriptions are compared with Twitch's list; default: 10 min
	Logger     *slog.Logger  // default: discard

	OnState   func(s State)                         // called for every change; State.String is for display
	OnRevoked func(e *RevokedError)                 // called when Twitch ends a subscription
	OnUnknown func(messageType string, body []byte) // called for signed messages that cannot be decoded
}

// A Webhook keeps a set of wanted conditions subscribed over HTTPS callbacks, receives
// Twitch's requests as an [http.Handler], and passes the notifications to a [Mux]:
//
//	mux := eventsub.NewMux(eventsub.MuxOptions{Inbox: inbox})
//	hook := eventsub.NewWebhook(tw, mux, eventsub.WebhookOptions{Callback: "https://bot.example.org/eventsub"})
//	http.Handle("/eventsub/", hook)
//	hook.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: ada})
//	err := hook.Run(ctx)
//
// It verifies requests as a [Receiver] does and stores events through [Mux.Accept]
// before it acknowledges them: with an [Inbox], no acknowledged event is lost if the
// program is killed, and Twitch repeats the others for a while.
//
// Subscriptions use the app token. A user whose permission a condition needs must have
// granted it to the application. They outlive the program: the next Run adopts those
// whose secret it knows, and deletes those below Callback that it cannot use. Those of
// other addresses are left alone, unless their secret shows that they are this program's:
// after a change of Callback each is deleted when its replacement is enabled.
//
// Twitch enables a subscription after it has reached the callback. A condition whose
// callback cannot be reached is retried without limit, at least every 30 seconds, and
// has a [CallbackError] as its result. Twitch revokes subscriptions whose requests were
// not acknowledged several times; these are created again, with growing waits up to a
// minute, and a [Gap] that begins with the last event is dispatched then. Twitch tolerates
// some failures: an event whose requests all failed is lost without notice if Twitch ends
// no subscription. No other revoked subscription is created again
// before Want is called for its condition.
type Webhook struct {
	desired

	mux      *Mux
	o        WebhookOptions
	base     string // Callback without a slash at its end
	api      hookRequests
	keys     *hookKeys
	keeper   *keeper
	receiver *Receiver
	line     *line // of all subscriptions

	running       atomic.Bool
	gaps, rotated atomic.Uint64
	delivered     atomic.Int64 // when the last event was accepted, in nanoseconds of Unix time
}

// NewWebhook returns a Webhook that creates its subscriptions through tw and dispatches
// to mux. It answers requests at once, but creates no subscriptions before Run.
// NewWebhook panics if tw or mux is nil or mux was not created by [NewMux].
func NewWebhook(tw *helix.Client, mux *Mux, o WebhookOptions) *Webhook {
	if tw == nil || mux == nil {
		panic("eventsub: NewWebhook: the client or the mux is nil")
	}
	mux.mustBeNew()
	o.Logger = quiet.Or(o.Logger)
	if o.Recheck <= 0 {
		o.Recheck = 10 * time.Minute
	}
	w := &Webhook{desired: newDesired("webhook"), mux: mux, o: o, base: strings.TrimSuffix(o.Callback, "/"), keys: newHookKeys(o.Secrets), line: newLine(time.Now())}
	w.api = hookRequests{appSubscriptions: helixAppSubscriptions{tw}, tw: tw, keys: w.keys, logger: o.Logger}
	w.receiver = NewReceiver(w.keys.secrets, w.accept, ReceiverOptions{
		Confirm: w.confirm, Revoked: w.revoked, OnUnknown: o.OnUnknown, Logger: o.Logger,
	})
	w.receiver.forged = w.keys.forged
	w.keeper = newKeeper(&w.desired, w.api, keeperOptions{
		logger: o.Logger, recheck: o.Recheck, prune: true,
		transport: w.transport, place: w.place, confirm: w.settle, recreate: recreated,
		mux: mux, gaps: &w.gaps, recovery: newRecovery(mux, o.CatchUp, o.Watermarks, o.Logger, &w.gaps), line: w.line, forgiven: twitchRepeats + liveLag, delivered: w.lastDelivery,
		onState: o.OnState, onRevoked: o.OnRevoked,
	})
	return w
}

// ServeHTTP verifies and answers a request of Twitch. It can be mounted anywhere on any
// server; see [Receiver] for what the server must provide.
func (w *Webhook) ServeHTTP(rw http.ResponseWriter, q *http.Request) { w.receiver.ServeHTTP(rw, q) }

var errWebhookRunning = errors.New("eventsub: webhook is running already")

// Run creates and repairs subscriptions until ctx ends, and then returns nil. The
// subscriptions continue to exist. Run returns an error at once if Callback is not an
// address that Twitch would call, if the secrets cannot be loaded, or if the Webhook is
// already running. It can run again after it returned.
func (w *Webhook) Run(ctx context.Context) error {
	if err := webhook.CheckCallback(w.o.Callback); err != nil {
		return fmt.Errorf("eventsub: %w", err)
	}
	if !w.running.CompareAndSwap(false, true) {
		return errWebhookRunning
	}
	defer w.running.Store(false)
	if err := w.keys.load(ctx); err != nil {
		return fmt.Errorf("eventsub: %w", err)
	}
	w.keys.idle()
	w.started()
	defer w.stopped()
	defer w.keeper.o.recovery.start(ctx)()
	var work sync.WaitGroup
	work.Go(func() { w.keeper.run(ctx) })
	work.Go(func() { w.live(ctx) })
	work.Go(func() { w.watch(ctx) })
	work.Go(func() { w.rotateByAge(ctx) })
	w.keeper.open(ctx, w.base)
	work.Wait()
	return nil
}

// WebhookStats count the work of a Webhook since it was created.
type WebhookStats struct {
	ReceiverStats // the requests of Twitch, and of others

	Rotated uint64 // secrets that were replaced
	Gaps    uint64 // gaps dispatched
}

// Stats returns the counts so far.
func (w *Webhook) Stats() WebhookStats {
	return WebhookStats{ReceiverStats: w.receiver.Stats(), Rotated: w.rotated.Load(), Gaps: w.gaps.Load()}
}
