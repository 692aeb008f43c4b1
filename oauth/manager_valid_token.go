package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var errStillValid = errors.New("the token cannot be renewed, and Twitch still accepts it")

// A tokenCheck is one validation that many callers may wait for.
type tokenCheck struct {
	token Secret
	done  chan struct{}
	valid bool  // set when done is closed
	err   error // set when done is closed
}

// ValidToken reports whether Twitch still accepts token, an access token of the user
// that an API has just refused with 401. Twitch answers so for missing rights too, and
// then neither a renewal nor another login helps: see
// https://dev.twitch.tv/docs/authentication/validate-tokens.
//
// False means that Twitch no longer accepts token, or that the store has another one by
// now: [Manager.Renew] returns a better one. An error means that Twitch did not
// respond; the token may or may not be valid. Calls for the same token at the same time
// share one request. ValidToken changes nothing in the store.
func (m *Manager) ValidToken(ctx context.Context, userID, token string) (bool, error) {
	key := keyOf(userID)
	t, err := m.current(ctx, key)
	switch {
	case errors.Is(err, ErrNoToken):
		return false, nil
	case err != nil:
		return false, err
	case t.AccessToken != Secret(token) || t.Problem != "":
		return false, nil
	}
	c, err := m.tokenCheck(ctx, key, t)
	if err != nil {
		return false, err
	}
	select {
	case <-c.done:
		return c.valid, c.err
	case <-ctx.Done():
		return false, fmt.Errorf("oauth: %s: %w", opValidate, ctx.Err())
	}
}

// tokenCheck returns the validation of t that is under way, or starts one.
func (m *Manager) tokenCheck(ctx context.Context, key string, t Token) (*tokenCheck, error) {
	e := m.entry(key)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.check != nil && e.check.token == t.AccessToken {
		return e.check, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, errClosed
	}
	c := &tokenCheck{token: t.AccessToken, done: make(chan struct{})}
	e.check = c
	ctx = context.WithoutCancel(ctx) // the caller may go away while others wait
	m.flights.Go(func() {
		var id Identity
		if id, c.valid, c.err = m.ask(ctx, t.AccessToken); c.valid {
			m.sawAgain(key, t, id)
		}
		e.mu.Lock()
		if e.check == c {
			e.check = nil
		}
		if c.err == nil && !c.valid {
			e.refused = c.token
		}
		e.mu.Unlock()
		close(c.done)
	})
	return c, nil
}

// ask validates token at Twitch. An error means that Twitch did not respond.
func (m *Manager) ask(ctx context.Context, token Secret) (id Identity, valid bool, err error) {
	ctx, cancel := within(ctx, askTime)
	defer cancel()
	id, err = m.client.Validate(ctx, token)
	if errors.Is(err, ErrRevoked) {
		return id, false, nil
	}
	return id, err == nil, err
}

// renewNothing is the renewal of t, which has no refresh token: if Twitch still accepts
// t, it stays as it is, otherwise the user must log in again. The key's lock is held.
func (m *Manager) renewNothing(ctx context.Context, key string, e *entry, t Token) (renewal, error) {
	id, valid, err := m.ask(ctx, t.AccessToken)
	if err != nil {
		return renewal{}, err
	}
	if !valid {
		return m.giveUp(ctx, key, t, "Twitch no longer accepts the token, which cannot be renewed")
	}
	if id.UserID == userOf(key) && id.ClientID == m.client.ClientID {
		t = t.identified(id, time.Now())
		t.ExpiresAt = id.ExpiresAt // what is stored may be wrong: the token was renewed because it seemed to have expired
		e.set(t)
		if err := m.save(ctx, key, t); err != nil {
			m.log.WarnContext(ctx, "validation not stored", "user_id", t.UserID, "error", err)
		}
	}
	return renewal{token: t, stillValid: true}, nil
}
