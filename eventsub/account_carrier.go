package eventsub

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// A carrier is one connection of an account. It is the [socket.Handler] of its socket.
type carrier struct {
	account *account
	index   int // the number of the connection in the account's set
	socket  *socket.Socket

	open    bool            // the socket was told that a connection is needed
	lost    bool            // its session has ended since then
	session context.Context //nolint:containedctx // of requests for the current session
	end     context.CancelFunc
}

// Connecting tells of a dial.
func (c *carrier) Connecting(ctx context.Context) {
	c.account.tell(ctx, State{Phase: Connecting})
}

// Session takes a fresh session, or notes that the present one has another id now.
func (c *carrier) Session(ctx context.Context, ids []string, fresh bool) {
	a, id := c.account, ids[len(ids)-1]
	a.s.remember(id)
	if fresh {
		c.session, c.end = context.WithCancel(ctx)
		a.told = told{}
	}
	a.mu.Lock()
	a.set.Session(c.index, ids, fresh)
	a.mu.Unlock()
	a.changed = true
	a.tell(ctx, State{Phase: Connected, Session: id})
}

// Lost notes that the session's subscriptions are gone.
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

// Gap tells of a time without connection in a session that lives on.
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

// Notification dispatches.
func (c *carrier) Notification(ctx context.Context, m *wire.Message, late bool) error {
	a := c.account
	a.warnOfSkew(ctx, c.socket.Skew())
	for _, n := range notifications(m, late) {
		a.s.stats.notifications.Add(1)
		if err := a.s.mux.Offer(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// Revocation takes the subscription out of what is wanted.
func (c *carrier) Revocation(ctx context.Context, m *wire.Message) {
	a, sub := c.account, Subscription(m.Subscription)
	a.s.stats.revoked.Add(1)
	a.mu.Lock()
	a.set.Revoked(sub.ID)
	a.mu.Unlock()
	a.s.revoke(ctx, a.userID, sub)
	a.refresh()
}

// Waiting tells that there is no connection.
func (c *carrier) Waiting(ctx context.Context, w connection.Waiting) {
	c.account.tell(ctx, State{Phase: Waiting, Err: w.Reason, RetryIn: w.RetryIn, opened: w.Welcomed})
}

// Refused tells of a reconnect address that is not Twitch's.
func (c *carrier) Refused(ctx context.Context, session string) {
	c.account.tell(ctx, State{Phase: Connected, Session: session, Err: ErrReconnectURL})
}

// Unknown tells of a frame that is not understood.
func (c *carrier) Unknown(_ context.Context, kind string, frame []byte) {
	o := &c.account.s.o
	c.account.s.stats.unknown.Add(1)
	if o.OnUnknown != nil {
		o.OnUnknown(kind, frame)
	}
}
