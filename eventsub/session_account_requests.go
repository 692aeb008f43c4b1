package eventsub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/helix"
)

// statusEnabled is the status of a subscription that delivers events.
const statusEnabled = "enabled"

// create creates one subscription. It runs in a goroutine of its own, and ctx ends with
// the session.
func (a *account) create(ctx context.Context, at reconcile.Attempt, t target) {
	sub, err := a.s.api.create(ctx, a.userID, t, at.Session)
	if errors.Is(err, helix.ErrConflict) {
		sub, err = a.resolve(ctx, at, t, err)
	}
	if err != nil {
		err = explain(t, a.userID, err)
	}
	a.answer(ctx, func(now time.Time) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.noteLogin(err)
		if err == nil {
			a.set.Created(at, reconcile.Subscription{ID: sub.ID, Session: sub.Transport.SessionID, Cost: sub.Cost}, now)
			return
		}
		a.set.Failed(at, err, classOf(err), now)
		a.logger.WarnContext(ctx, "not subscribed", "type", t.kind.String(), "error", err)
	})
}

// resolve handles Twitch's response that a subscription already exists. It reuses one
// of the program's own sessions and deletes one whose session has ended. A subscription
// of another program's live session is left alone unless SessionOptions.TakeOver is
// set.
func (a *account) resolve(ctx context.Context, at reconcile.Attempt, t target, conflict error) (Subscription, error) {
	all, err := a.list.get(ctx, func() ([]Subscription, error) { return a.s.api.list(ctx, a.userID) })
	if err != nil {
		return Subscription{}, fmt.Errorf("%w (list subscriptions: %w)", conflict, err)
	}
	var listed []reconcile.Listed
	byID := map[string]Subscription{}
	for _, sub := range all {
		if sub.Transport.Method != "websocket" {
			continue
		}
		byID[sub.ID] = sub
		listed = append(listed, reconcile.Listed{
			ID: sub.ID, Key: keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition),
			Session: sub.Transport.SessionID, Enabled: sub.Status == statusEnabled,
		})
	}
	v := reconcile.Judge(at.Key, listed, a.live, a.s.remembers)
	if v.Own != nil {
		return byID[v.Own.ID], nil
	}
	stale := v.Dead
	if v.Holder != nil {
		if !a.s.o.TakeOver {
			held := byID[v.Holder.ID]
			return Subscription{}, &ConflictError{Type: t.kind, SessionID: v.Holder.Session, Subscription: held, Err: conflict}
		}
		a.logger.WarnContext(ctx, "taking over a subscription of another session", "type", t.kind.String(), "session_id", v.Holder.Session)
		stale = append(stale, v.Holder.ID)
	}
	if len(stale) == 0 {
		return Subscription{}, conflict
	}
	for _, id := range stale {
		if err := a.s.api.remove(ctx, a.userID, id); err != nil && !errors.Is(err, helix.ErrNotFound) {
			return Subscription{}, fmt.Errorf("%w (delete stale subscription %s: %w)", conflict, id, err)
		}
	}
	return a.s.api.create(ctx, a.userID, t, at.Session)
}

// live reports whether a session id belongs to an open connection.
func (a *account) live(sessionID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.set.Live(sessionID)
}

// delete deletes a subscription that is no longer wanted.
func (a *account) delete(ctx context.Context, d reconcile.Deletion) {
	err := a.s.api.remove(ctx, a.userID, d.ID)
	if errors.Is(err, helix.ErrNotFound) {
		err = nil
	}
	a.answer(ctx, func(now time.Time) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.set.Deleted(d, err, now)
		if err != nil {
			a.logger.WarnContext(ctx, "subscription not deleted", "key", d.Key, "error", err)
		}
	})
}

// verify compares the known subscriptions with Twitch's list, in case a revocation
// message was missed.
func (a *account) verify(ctx context.Context) {
	a.mu.Lock()
	active := a.set.Status().Active
	a.mu.Unlock()
	if active == 0 {
		return
	}
	start := time.Now()
	a.requests.Go(func() {
		all, err := a.s.api.list(ctx, a.userID)
		if err != nil {
			a.logger.WarnContext(ctx, "subscriptions not listed", "error", err)
			a.answer(ctx, func(time.Time) {
				a.mu.Lock()
				defer a.mu.Unlock()
				a.noteLogin(err)
			})
			return
		}
		enabled := map[string]bool{}
		for _, sub := range all {
			enabled[sub.ID] = sub.Status == statusEnabled
		}
		a.answer(ctx, func(time.Time) {
			a.mu.Lock()
			defer a.mu.Unlock()
			for _, key := range a.set.Verify(enabled, start) {
				a.logger.WarnContext(ctx, "subscription disappeared", "key", key)
			}
		})
	})
}

// listFresh is the maximum age of a list of subscriptions that several conflicts share.
const listFresh = time.Second

// A sharedListing caches a list of subscriptions for conflicts that occur at about the
// same time.
type sharedListing struct {
	turn turn      // held during a request
	at   time.Time // guarded by turn
	subs []Subscription
}

func (l *sharedListing) get(ctx context.Context, list func() ([]Subscription, error)) ([]Subscription, error) {
	l.turn.Lock()
	defer l.turn.Unlock()
	if ctx.Err() == nil && time.Since(l.at) < listFresh {
		return l.subs, nil
	}
	subs, err := list()
	if err != nil {
		return nil, err
	}
	l.at, l.subs = time.Now(), subs
	return subs, nil
}
