package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/internal/quiet"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// ShardOptions configure a Shard. The zero value is usable.
//
// The functions are called from the goroutine that reads the connection and block it
// until they return.
type ShardOptions struct {
	URL        string        // default: [DefaultURL]
	HTTPClient *http.Client  // used to dial; default: a client with http.DefaultTransport
	Keepalive  time.Duration // longest time without a message, 10 s to 10 min; default: 30 s
	Logger     *slog.Logger  // default: discard

	OnLost    func(l ShardLoss)                  // called when the connection has ended; it is opened again
	OnRevoked func(sub Subscription)             // called when Twitch ends a subscription of the conduit
	OnUnknown func(messageType string, b []byte) // called for frames that cannot be decoded; messageType is "" if b is not an EventSub message
}

// A ShardLoss is the end of a shard's connection.
type ShardLoss struct {
	SessionID string
	From, To  time.Time // of the last message, and of the detection
	Reason    error
	// Unsure is set if Twitch may have sent events into the connection that did not
	// arrive: it ended without a close frame or went silent. Otherwise Twitch sends the
	// events to another shard.
	Unsure bool
	// Continues is set if the session has a connection again: no new one follows.
	Continues bool
}

// A Shard is one WebSocket that serves shards of a conduit, for programs that decide
// themselves which of their processes serves which shard and what happens to an event
// before it is handled. Others use a [Conduit].
//
//	shard := eventsub.NewShard(func(ctx context.Context, sessionID string) error {
//		return assign(ctx, conduitID, "0", sessionID) // tw.Conduits.UpdateShards
//	}, mux.Offer, eventsub.ShardOptions{})
//	err := shard.Run(ctx)
//
// A lost connection is opened again, with growing waits. A Shard creates no
// subscriptions, and never writes to its WebSocket.
type Shard struct {
	address  string
	link     *shardLink
	assigner *assigner
	running  atomic.Bool
	opened   atomic.Uint64
}

// NewShard returns a Shard that does nothing before Run.
//
// Assign is called for each new session. It has to assign the shard to the session within
// ten seconds, because Twitch closes sessions that have no shard. If it returns an error,
// it is called again after a growing wait, until the session has ended, which ends ctx.
// It is called on a goroutine of its own. When Twitch moves a session to another
// connection, the shard moves with it: then Assign is called with the new id too, and
// assigning it again does no harm.
//
// Deliver is called for each event, in order of arrival: usually it is [Mux.Offer], or a
// function that stores the event first. While it runs, the connection is not read: if it
// takes longer than some seconds, Twitch closes the connection. If it returns an error,
// Run ends with that error. NewShard panics if a function is nil.
func NewShard(assign func(ctx context.Context, sessionID string) error, deliver func(ctx context.Context, n Notification) error, o ShardOptions) *Shard {
	if assign == nil || deliver == nil {
		panic("eventsub: NewShard: a function is nil")
	}
	a := &assigner{assign: assign, logger: quiet.Or(o.Logger)}
	s := &Shard{address: addressOr(o.URL), assigner: a}
	s.link = newShardLink(linkOptions{
		url: s.address, keepalive: keepaliveOr(o.Keepalive), httpClient: clientOr(o.HTTPClient),
		logger: a.logger, opened: &s.opened,
	}, shardHooks{
		session: func(ctx context.Context, ids []string, _ bool) { a.begin(ctx, ids[len(ids)-1]) },
		lost: func(_ context.Context, loss connection.Loss) {
			a.end()
			if o.OnLost != nil {
				o.OnLost(ShardLoss{SessionID: loss.Session, From: loss.From, To: time.Now(), Reason: loss.Reason, Unsure: unsure(loss.Reason)})
			}
		},
		interrupted: func(_ context.Context, loss connection.Loss, to time.Time) {
			if o.OnLost != nil {
				o.OnLost(ShardLoss{SessionID: loss.Session, From: loss.From, To: to, Reason: loss.Reason, Unsure: true, Continues: true})
			}
		},
		notification: deliver,
		revoked: func(_ context.Context, sub Subscription) {
			if o.OnRevoked != nil {
				o.OnRevoked(sub)
			}
		},
		waiting: func(ctx context.Context, w connection.Waiting) {
			a.logger.WarnContext(ctx, "shard not connected", "error", w.Reason, "retry_in", w.RetryIn)
		},
		unknown: func(kind string, frame []byte) {
			if o.OnUnknown != nil {
				o.OnUnknown(kind, frame)
			}
		},
	})
	return s
}

var errShardRunning = errors.New("eventsub: shard is running already, or has run: use NewShard")

// Run connects and delivers until ctx ends, and then returns nil. It returns an error if
// deliver did, if the URL cannot be dialled, or if it was called before.
func (s *Shard) Run(ctx context.Context) error {
	if err := checkAddress(s.address); err != nil {
		return err
	}
	if !s.running.CompareAndSwap(false, true) {
		return errShardRunning
	}
	defer s.assigner.calls.Wait()
	return s.link.run(ctx)
}

// Connections returns the number of WebSockets opened so far.
func (s *Shard) Connections() uint64 { return s.opened.Load() }

// unsure reports whether a connection ended in a way that events may have been lost on
// it. A close frame comes after all events that Twitch sent.
func unsure(reason error) bool {
	_, closed := errors.AsType[*CloseError](reason)
	return !closed
}

// An assigner calls assign for the current session until it succeeds.
type assigner struct {
	assign func(ctx context.Context, sessionID string) error
	logger *slog.Logger
	cancel context.CancelFunc
	calls  sync.WaitGroup
}

func (a *assigner) begin(ctx context.Context, sessionID string) {
	a.end()
	ctx, a.cancel = context.WithCancel(ctx)
	a.calls.Go(func() {
		wait := retry.Backoff{Min: 500 * time.Millisecond, Max: 30 * time.Second}
		for {
			err := a.assign(ctx, sessionID)
			if err == nil || ctx.Err() != nil {
				return
			}
			pause := wait.Next()
			a.logger.WarnContext(ctx, "shard not assigned", "error", err, "retry_in", pause)
			if retry.Sleep(ctx, pause) != nil {
				return
			}
		}
	})
}

func (a *assigner) end() {
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
}
