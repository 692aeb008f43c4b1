package eventsub

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// A carrier is one connection of an account. It implements [socket.Handler].
type carrier struct {
	account *account
	index   int            // the number of the connection in the account's set
	socket  *socket.Socket // nil until a connection is needed

	line    *line           // of the current session
	open    bool            // the socket was asked for a connection
	lost    bool            // its session has ended since then
	session context.Context //nolint:containedctx // of requests for the current session
	end     context.CancelFunc
}

// newSocket returns the socket of a carrier. Most users need only one.
func (a *account) newSocket(c *carrier) *socket.Socket {
	o := &a.s.o
	return socket.New(socket.Options{
		URL: o.URL, Keepalive: o.Keepalive, HTTPClient: o.HTTPClient, Logger: a.logger, Random: rand.Float64,
		CloseError: newCloseError,
	}, c, a.events)
}

// Connecting reports that a connection is being opened.
func (c *carrier) Connecting(ctx context.Context) {
	c.account.tell(ctx, State{Phase: Connecting})
}

// Session stores a new session, or the new id of the current session.
func (c *carrier) Session(ctx context.Context, ids []string, fresh bool) {
	a, id := c.account, ids[len(ids)-1]
	a.s.remember(id)
	if fresh {
		c.session, c.end = context.WithCancel(ctx)
		a.told = told{}
		c.line = newLine(c.socket.Heard())
	}
	a.mu.Lock()
	a.set.Session(c.index, ids, fresh)
	a.mu.Unlock()
	a.changed = true
	a.tell(ctx, State{Phase: Connected, Session: id})
}

// Lost marks the session's subscriptions as gone.
func (c *carrier) Lost(_ context.Context, loss connection.Loss) {
	a := c.account
	c.end()
	a.mu.Lock()
	a.set.Lost(c.index, reconcile.Loss(loss), time.Now())
	a.mu.Unlock()
	// The next connection is opened only when the token is known to work.
	c.lost, a.token, a.changed = true, tokenUnknown, true
	a.told = told{}
}

// Gap reports a time without connection in a session that continues.
func (c *carrier) Gap(ctx context.Context, loss connection.Loss, to time.Time) error {
	a := c.account
	a.mu.Lock()
	keys := a.set.Carried(c.index)
	a.mu.Unlock()
	if len(keys) == 0 {
		return nil
	}
	return a.tellGap(ctx, reconcile.Gap{Loss: reconcile.Loss(loss), Keys: keys}, to)
}

// Notification dispatches a notification to the mux.
func (c *carrier) Notification(ctx context.Context, m *wire.Message, late bool) error {
	a := c.account
	a.skew.warn(ctx, c.socket.Skew())
	for i := range max(len(m.Events), 1) {
		a.s.stats.notifications.Add(1)
		if err := a.s.mux.Offer(ctx, a.s.recovery.track(notification(m, i, late))); err != nil { //nolint:contextcheck // it saves after ctx has ended
			return err
		}
	}
	return nil
}

// Revocation marks a subscription that Twitch revoked, so that it is not created again.
func (c *carrier) Revocation(ctx context.Context, m *wire.Message) {
	a, sub := c.account, Subscription(m.Subscription)
	a.s.stats.revoked.Add(1)
	a.mu.Lock()
	a.set.Revoked(sub.ID)
	a.mu.Unlock()
	a.s.revokedBy(ctx, a.userID, sub)
	a.refresh()
	a.checkLogin(ctx, sub.Status)
}

// Waiting reports that there is no connection.
func (c *carrier) Waiting(ctx context.Context, w connection.Waiting) {
	c.account.tell(ctx, State{Phase: Waiting, Err: w.Reason, RetryIn: w.RetryIn, opened: w.Welcomed})
}

// Refused reports a reconnect address that is not one of Twitch's.
func (c *carrier) Refused(ctx context.Context, session string) {
	c.account.tell(ctx, State{Phase: Connected, Session: session, Err: ErrReconnectURL})
}

// Unknown reports a frame that could not be decoded.
func (c *carrier) Unknown(_ context.Context, kind string, frame []byte) {
	o := &c.account.s.o
	c.account.s.stats.unknown.Add(1)
	if o.OnUnknown != nil {
		o.OnUnknown(kind, frame)
	}
}
