package eventsub

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// A shardLink is the WebSocket of one shard, which is opened again whenever it is lost.
// It implements [socket.Handler] and calls its hooks on its own goroutine.
type shardLink struct {
	hooks  shardHooks
	socket *socket.Socket
	events chan socket.Event
	skew   *skewWatch
	opened *atomic.Uint64 // counts WebSockets
	line   line           // the last message
}

// shardHooks receive what happens on a shardLink. None is nil.
type shardHooks struct {
	session      func(ctx context.Context, ids []string, fresh bool)
	lost         func(ctx context.Context, loss connection.Loss)
	interrupted  func(ctx context.Context, loss connection.Loss, to time.Time)
	notification func(ctx context.Context, n Notification) error
	revoked      func(ctx context.Context, sub Subscription)
	waiting      func(ctx context.Context, w connection.Waiting)
	unknown      func(kind string, frame []byte)
}

// linkOptions configure a shardLink. All fields are required.
type linkOptions struct {
	url        string
	keepalive  time.Duration
	httpClient *http.Client
	logger     *slog.Logger
	opened     *atomic.Uint64
}

func newShardLink(o linkOptions, hooks shardHooks) *shardLink {
	l := &shardLink{hooks: hooks, events: make(chan socket.Event, socket.Ahead), skew: &skewWatch{logger: o.logger}, opened: o.opened}
	l.socket = socket.New(socket.Options{
		URL: o.url, Keepalive: o.keepalive, HTTPClient: o.httpClient, Logger: o.logger, Random: rand.Float64,
		CloseError: newCloseError,
	}, l, l.events)
	return l
}

// run returns when ctx ends, with nil, or when the hook for notifications returns an
// error, with that. All goroutines that it started have ended then.
func (l *shardLink) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer l.socket.Wait()
	defer cancel()
	due := newAlarm()
	defer due.stop()
	err := l.socket.Want(ctx, true)
	for err == nil {
		due.set(l.socket.Deadline())
		select {
		case e := <-l.events:
			err = l.take(ctx, e)
		case <-due.timer.C:
			due.rang()
			err = l.tick(ctx)
		case <-ctx.Done():
			return nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (l *shardLink) take(ctx context.Context, e socket.Event) error {
	before := l.socket.Connections()
	err := l.socket.Take(ctx, e)
	l.line.hear(l.socket.Heard())
	l.opened.Add(uint64(l.socket.Connections() - before)) //nolint:gosec // never negative
	return err
}

// heard returns when the last message came. It may be called from any goroutine.
func (l *shardLink) heard() time.Time { return l.line.heard() }

// tick handles a timeout that has passed, unless a frame is waiting: it shows that the
// connection is alive.
func (l *shardLink) tick(ctx context.Context) error {
	select {
	case e := <-l.events:
		return l.take(ctx, e)
	default:
		return l.socket.Tick(ctx)
	}
}

// Connecting does nothing.
func (l *shardLink) Connecting(context.Context) {}

// Session reports a new session, or a new id of the current one.
func (l *shardLink) Session(ctx context.Context, ids []string, fresh bool) {
	l.hooks.session(ctx, ids, fresh)
}

// Lost reports the end of the session.
func (l *shardLink) Lost(ctx context.Context, loss connection.Loss) { l.hooks.lost(ctx, loss) }

// Gap reports a time without a connection in a session that continues.
func (l *shardLink) Gap(ctx context.Context, loss connection.Loss, to time.Time) error {
	l.hooks.interrupted(ctx, loss, to)
	return nil
}

// Notification reports each event of a message.
func (l *shardLink) Notification(ctx context.Context, m *wire.Message, late bool) error {
	l.skew.warn(ctx, l.socket.Skew())
	for _, n := range notifications(m, late) {
		if err := l.hooks.notification(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// Revocation reports a subscription that Twitch ended.
func (l *shardLink) Revocation(ctx context.Context, m *wire.Message) {
	l.hooks.revoked(ctx, Subscription(m.Subscription))
}

// Waiting reports that there is no connection.
func (l *shardLink) Waiting(ctx context.Context, w connection.Waiting) { l.hooks.waiting(ctx, w) }

// Refused does nothing: the connection is used until Twitch ends it.
func (l *shardLink) Refused(context.Context, string) {}

// Unknown reports a frame that cannot be decoded.
func (l *shardLink) Unknown(_ context.Context, kind string, frame []byte) {
	l.hooks.unknown(kind, frame)
}
