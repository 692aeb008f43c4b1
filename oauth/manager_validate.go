package oauth

import (
	"context"
	"errors"
	"time"
)

// turn does what is due under key.
func (m *Manager) turn(ctx context.Context, key string) error {
	if err := m.saveLate(ctx, key, m.entry(key)); err != nil {
		return err
	}
	if isNew(key) {
		_, err := m.finishOne(ctx, key)
		if err != nil && !errors.Is(err, ErrUnfinished) {
			m.log.ErrorContext(ctx, "kept login is of no use", "error", err)
			return nil
		}
		return err
	}
	return m.validate(ctx, key)
}

// validate asks Twitch whether the token under key is good, and acts on the answer.
// An error means that Twitch or the store could not be asked.
func (m *Manager) validate(ctx context.Context, key string) error {
	t, err := m.reload(ctx, key) // another process may have renewed it
	if errors.Is(err, ErrNoToken) {
		return nil
	}
	if err == nil && t.Problem != "" {
		m.tellNeedsLogin(key, m.loginError(t)) // unless it was here that it was found out
		return nil
	}
	if err != nil {
		return err
	}
	if !t.RefreshingSince.IsZero() {
		// A process died during a renewal, or Twitch did not respond. Find out now whether
		// the refresh token still works, and not when it is needed.
		renewed, err := m.renew(ctx, key, t.AccessToken)
		if err == nil {
			t = renewed
		} else if unlessSaid(err) == nil {
			return nil
		} // else the access token may still be good, and the next turn tries again
	}
	id, err := m.client.Validate(ctx, t.AccessToken)
	if errors.Is(err, ErrRevoked) {
		_, err = m.renew(ctx, key, t.AccessToken)
		return unlessSaid(err)
	}
	if err != nil {
		return err
	}
	if m.sawAgain(key, t, id) {
		return nil
	}
	r, err := m.note(ctx, key, t, id)
	m.tell(r)
	return err
}

// unlessSaid returns err, or nil if the hooks and the log have already reported it.
func unlessSaid(err error) error {
	if errors.Is(err, ErrRevoked) || errors.Is(err, ErrNoToken) {
		return nil
	}
	return err
}

// note stores the result of a validation of t, unless t was replaced meanwhile.
func (m *Manager) note(ctx context.Context, key string, t Token, id Identity) (renewal, error) {
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return renewal{}, err
	}
	defer unlock()
	now, err := m.reload(ctx, key)
	if errors.Is(err, ErrNoToken) || err == nil && (now.AccessToken != t.AccessToken || now.Problem != "") {
		return renewal{}, nil // Twitch's answer is older than what is stored
	}
	if err != nil {
		return renewal{}, err
	}
	if id.UserID != userOf(key) || id.ClientID != m.client.ClientID {
		return m.misplaced(ctx, key, now, id)
	}
	interrupted := now.RefreshingSince
	now = now.identified(id, time.Now())
	now.RefreshingSince = interrupted // still true: the refresh token is another matter
	if err := m.store.Save(ctx, key, now); err != nil {
		return renewal{}, err
	}
	m.entry(key).set(now)
	m.entry(key).solved()
	return renewal{}, nil
}

// misplaced handles a token that belongs to another user than its key in the store.
func (m *Manager) misplaced(ctx context.Context, key string, t Token, id Identity) (renewal, error) {
	m.log.ErrorContext(ctx, "stored token belongs to another user or client",
		"user_id", userOf(key), "token_user_id", id.UserID, "token_client_id", id.ClientID)
	if id.ClientID != m.client.ClientID {
		return renewal{}, nil // good for that client; nothing of ours to spoil
	}
	if key == AppKey {
		m.entry(key).forget() // the next who needs an app token fetches one
		return renewal{}, m.store.Delete(ctx, key)
	}
	r, _ := m.giveUp(ctx, key, t, "the stored token belongs to "+id.String()) // its error is in r, too
	return r, nil
}
