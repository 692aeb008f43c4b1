package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A flight is one renewal that many may wait for.
type flight struct {
	done    chan struct{}
	renewal       // valid when done is closed
	err     error // valid when done is closed
}

// A renewal is what came of one.
type renewal struct {
	token     Token
	refreshed bool        // Twitch gave token now
	lost      *LoginError // Twitch has refused now
}

// A renewal that takes longer than this is given up, with the old token kept.
const renewTimeout = 30 * time.Second

var (
	errClosed = errors.New("oauth: the manager is closed")
	errSame   = errors.New("oauth: refresh: Twitch gave the refused token again")
)

// renew returns a usable token under key that is not stale.
func (m *Manager) renew(ctx context.Context, key string, stale Secret) (Token, error) {
	e := m.entry(key)
	for range 2 {
		e.mu.Lock()
		if t := e.token; e.known && t.AccessToken != stale && t.usable(time.Now()) {
			e.mu.Unlock()
			return t, nil
		}
		f, err := m.flight(ctx, key, e, stale)
		e.mu.Unlock()
		if err != nil {
			return Token{}, err
		}
		select {
		case <-ctx.Done():
			return Token{}, fmt.Errorf("oauth: %s: %w", opRefresh, ctx.Err())
		case <-f.done:
		}
		// Who joined a renewal that had begun for an older token got their stale one.
		if f.err != nil || f.token.AccessToken != stale {
			return f.token, f.err
		}
	}
	return Token{}, errSame
}

// flight returns the renewal under way, or starts one. e.mu is held.
func (m *Manager) flight(ctx context.Context, key string, e *entry, stale Secret) (*flight, error) {
	if e.flight != nil {
		return e.flight, nil
	}
	if time.Now().Before(e.retryAt) {
		return nil, e.failure
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, errClosed
	}
	f := &flight{done: make(chan struct{})}
	e.flight = f
	// The caller may go away; Twitch's answer must be stored all the same.
	workCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTimeout)
	m.flights.Go(func() {
		defer cancel()
		f.renewal, f.err = m.renewLocked(workCtx, key, e, stale)
		e.mu.Lock()
		e.flight = nil
		e.count(f.err)
		e.mu.Unlock()
		close(f.done)
		m.tell(f.renewal) // with no lock held: the hooks may use the Manager
	})
	return f, nil
}

// renewLocked renews the token under key, unless somebody already has.
func (m *Manager) renewLocked(ctx context.Context, key string, e *entry, stale Secret) (renewal, error) {
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return renewal{}, err
	}
	defer unlock()

	if err := m.saveUnsaved(ctx, key, e); err != nil {
		return renewal{}, err
	}
	t, err := m.reload(ctx, key)
	if err != nil && (key != AppKey || !errors.Is(err, ErrNoToken)) {
		return renewal{}, err
	}
	if err == nil && t.AccessToken != stale && t.usable(time.Now()) {
		return renewal{token: t}, nil
	}
	if key == AppKey {
		if t, err = m.client.AppToken(ctx); err != nil {
			return renewal{}, err
		}
		return m.keep(ctx, key, e, t)
	}
	if t.Problem != "" {
		return renewal{}, m.loginError(t)
	}
	if t.ClientID != "" && t.ClientID != m.client.ClientID {
		t.Problem = "the token belongs to the client " + t.ClientID
		return renewal{}, m.loginError(t) // not stored: it is good for that client
	}
	if t.RefreshToken == "" {
		return m.giveUp(ctx, key, t, "the token is over and cannot be renewed")
	}
	return m.refresh(ctx, key, e, t)
}

// refresh exchanges the refresh token of t. The key's lock is held.
func (m *Manager) refresh(ctx context.Context, key string, e *entry, t Token) (renewal, error) {
	interrupted := t.RefreshingSince
	t.RefreshingSince = time.Now()
	if err := m.store.Save(ctx, key, t); err != nil {
		return renewal{}, err
	}
	answer, err := m.client.Refresh(ctx, t.RefreshToken)
	switch refusal, answered := errors.AsType[*Error](err); {
	case err == nil:
		return m.keep(ctx, key, e, t.renewed(answer))
	case errors.Is(err, ErrRevoked):
		return m.refused(ctx, key, t, interrupted)
	case answered && !refusal.Temporary():
		// Twitch did nothing: the client id or secret is wrong. The token stays as it was.
		t.RefreshingSince = interrupted
		return renewal{}, errors.Join(err, m.store.Save(ctx, key, t))
	default:
		m.log.WarnContext(ctx, "token not renewed, will try again", "user_id", t.UserID, "error", err)
		return renewal{}, err
	}
}

// refused is called when Twitch has refused the refresh token of t. Somebody who
// does not respect our locks may have renewed it; otherwise the user must log in.
func (m *Manager) refused(ctx context.Context, key string, t Token, interrupted time.Time) (renewal, error) {
	if now, err := m.reload(ctx, key); err == nil && now.AccessToken != t.AccessToken && now.usable(time.Now()) {
		return renewal{token: now}, nil
	}
	reason := "Twitch refused to renew the token: it was revoked, or the password changed"
	if !interrupted.IsZero() {
		reason = "Twitch refused to renew the token; a renewal begun at " + interrupted.UTC().Format(time.DateTime) +
			" UTC got no answer that we could keep"
	}
	return m.giveUp(ctx, key, t, reason)
}

// giveUp stores that the user must log in and returns it as an error.
func (m *Manager) giveUp(ctx context.Context, key string, t Token, reason string) (renewal, error) {
	t.Problem, t.RefreshingSince = reason, time.Time{}
	m.entry(key).set(t)
	err := m.loginError(t)
	if saveErr := m.store.Save(ctx, key, t); saveErr != nil {
		m.log.ErrorContext(ctx, "lost login not stored", "user_id", t.UserID, "error", saveErr)
	}
	m.log.ErrorContext(ctx, "login needed", "error", err)
	return renewal{lost: err}, err
}

func (m *Manager) loginError(t Token) *LoginError {
	e := &LoginError{UserID: t.UserID, Login: t.Login, Scopes: t.Scopes, Reason: t.Problem, kind: ErrRevoked}
	e.URL = m.loginURL(e)
	return e
}

// keep stores a token that Twitch has just given. If the store cannot take it, it
// stays in memory, unused, and is stored before the next renewal.
func (m *Manager) keep(ctx context.Context, key string, e *entry, t Token) (renewal, error) {
	e.mu.Lock()
	e.unsaved = &t
	e.mu.Unlock()
	if err := m.saveUnsaved(ctx, key, e); err != nil {
		m.log.ErrorContext(ctx, "new token not stored, will try again", "user_id", t.UserID, "error", err)
		return renewal{}, err
	}
	m.log.DebugContext(ctx, "token renewed", "user_id", t.UserID, "expires_at", t.ExpiresAt)
	return renewal{token: t, refreshed: true}, nil
}

// saveUnsaved stores what the store could not take before.
func (m *Manager) saveUnsaved(ctx context.Context, key string, e *entry) error {
	e.mu.Lock()
	t := e.unsaved
	e.mu.Unlock()
	if t == nil {
		return nil
	}
	if err := m.store.Save(ctx, key, *t); err != nil {
		return err
	}
	e.mu.Lock()
	e.unsaved, e.token, e.known = nil, *t, true
	e.mu.Unlock()
	return nil
}
