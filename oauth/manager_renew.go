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

// A renewal is the result of one.
type renewal struct {
	token      Token
	refreshed  bool        // Twitch issued token just now
	stillValid bool        // token is the old one: it cannot be renewed, but Twitch still accepts it
	lost       *LoginError // Twitch refused the token just now
}

// Each part of a renewal has its own deadline, so that a renewal that waited for a lock is
// not cancelled while Twitch responds: the response may hold the only refresh token.
const (
	lockTime = 30 * time.Second // for another process to end its renewal
	askTime  = 30 * time.Second // for Twitch to answer
	saveTime = 10 * time.Second // for the store to read or write
)

// within returns a context that ends after d, even if ctx ends earlier: the caller may
// give up, but a renewal that has begun is finished.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), d)
}

var (
	errClosed = errors.New("oauth: the manager is closed")
	errSame   = errors.New("oauth: refresh: Twitch gave the refused token again")
)

// renew returns a usable token under key that is not stale, or stale itself if that
// cannot be renewed and Twitch still accepts it.
func (m *Manager) renew(ctx context.Context, key string, stale Secret) (Token, error) {
	e := m.entry(key)
	for range 2 {
		e.mu.Lock()
		if t := e.token; e.known && t.AccessToken != stale && t.usable(time.Now()) && !e.hasNewerLocked(t.AccessToken) {
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
		// A caller that joined a renewal of an older token may have got its stale one.
		if f.err != nil || f.stillValid || f.token.AccessToken != stale {
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
	ctx = context.WithoutCancel(ctx) // the caller may go away; Twitch's answer must be stored all the same
	m.flights.Go(func() {
		f.renewal, f.err = m.renewLocked(ctx, key, e, stale)
		e.mu.Lock()
		e.flight = nil
		e.landed(f, stale)
		e.mu.Unlock()
		close(f.done)
		m.tell(f.renewal) // with no lock held: the hooks may use the Manager
	})
	return f, nil
}

// renewLocked renews the token under key, unless that has been done already.
func (m *Manager) renewLocked(ctx context.Context, key string, e *entry, stale Secret) (renewal, error) {
	lockCtx, cancel := within(ctx, lockTime)
	defer cancel()
	unlock, err := m.lock(lockCtx, key)
	if err != nil {
		return renewal{}, err
	}
	defer unlock()

	if err := m.saveUnsaved(ctx, key, e); err != nil {
		return renewal{}, err
	}
	loadCtx, cancel := within(ctx, saveTime)
	defer cancel()
	t, err := m.reload(loadCtx, key)
	if err != nil && (key != AppKey || !errors.Is(err, ErrNoToken)) {
		return renewal{}, err
	}
	if t.AccessToken != stale && t.usable(time.Now()) {
		return renewal{token: t}, nil
	}
	if key == AppKey {
		askCtx, cancel := within(ctx, askTime)
		defer cancel()
		app, err := m.client.AppToken(askCtx)
		if err != nil {
			return renewal{}, err
		}
		return m.keep(ctx, key, e, t, app)
	}
	if t.Problem != "" {
		return renewal{}, m.loginError(t)
	}
	if t.ClientID != "" && t.ClientID != m.client.ClientID {
		t.Problem = "the token belongs to the client " + t.ClientID
		return renewal{}, m.loginError(t) // not stored: it is good for that client
	}
	if t.RefreshToken == "" {
		return m.renewNothing(ctx, key, e, t)
	}
	return m.refresh(ctx, key, e, t)
}
