package eventsub

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// settle carries out the set's plan and reports what has changed.
func (a *account) settle(ctx context.Context) error { //nolint:contextcheck // requests end with their session, whose context descends from ctx
	if err := a.closeLost(ctx); err != nil {
		return err
	}
	now := time.Now()
	a.changed = false
	a.mu.Lock()
	plan := a.set.Next(now)
	changes := a.set.Changes()
	a.mu.Unlock()
	a.note(changes)
	a.mu.Lock()
	gaps := a.set.Gaps()
	status := a.set.Status()
	a.again = plan.Wake
	lost := a.lost
	a.mu.Unlock()
	if lost != nil {
		if err := a.s.loginsLost(); err != nil {
			return err
		}
	}

	if err := a.connect(ctx, plan.Connect); err != nil {
		return err
	}
	for _, d := range plan.Delete {
		session := a.carriers[d.Connection].session
		a.requests.Go(func() { a.delete(session, d) })
	}
	for _, at := range plan.Create {
		session, w := a.carriers[at.Connection].session, a.want(at.Key)
		a.requests.Go(func() { a.create(session, at, w.target) })
	}
	a.tellStatus(ctx, status, now)
	for _, g := range gaps {
		if err := a.tellGap(ctx, g, now); err != nil {
			return err
		}
	}
	return nil
}

// closeLost closes connections whose session has ended. The next plan decides whether
// another is needed.
func (a *account) closeLost(ctx context.Context) error {
	for _, c := range a.carriers {
		if !c.lost {
			continue
		}
		c.lost, c.open = false, false
		if err := c.socket.Want(ctx, false); err != nil {
			return err
		}
	}
	return nil
}

// connect opens the connections that are needed, once there is a token to subscribe
// with, and closes the others.
func (a *account) connect(ctx context.Context, needed []bool) error {
	opened := false
	for i, c := range a.carriers {
		if c.open == needed[i] {
			continue
		}
		if needed[i] && a.token != tokenReady {
			a.checkToken(ctx)
			continue
		}
		if c.open = needed[i]; !c.open && c.end != nil {
			c.end()
		}
		opened = opened || c.open
		if c.socket == nil {
			c.socket = a.newSocket(c)
		}
		if err := c.socket.Want(ctx, c.open); err != nil {
			return err
		}
	}
	if opened {
		a.token = tokenUnknown
	}
	return nil
}

// checkToken starts a check for a token, unless one is running.
func (a *account) checkToken(ctx context.Context) {
	if a.token == tokenAsked {
		return
	}
	a.token = tokenAsked
	a.requests.Go(func() {
		err := a.s.api.checkToken(ctx, a.userID)
		a.answer(ctx, func(now time.Time) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.noteLogin(err)
			if err == nil {
				a.token = tokenReady
				a.set.Unblocked()
				return
			}
			a.token = tokenUnknown
			a.set.Blocked(err, now)
		})
	})
}

// answer makes the loop run f, unless ctx ends first.
func (a *account) answer(ctx context.Context, f func(now time.Time)) {
	select {
	case a.answers <- f:
	case <-ctx.Done():
	}
}

// result returns the outcome of one wanted subscription.
func (a *account) result(key string) reconcile.Result {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.set.Result(key)
}
