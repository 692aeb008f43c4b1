package oauth

import (
	"context"
	"errors"
	"net/http"
	"slices"
)

// Remove deletes the user's token without revoking it. removed is false if there was
// none. It waits for a renewal under way, here or in another process.
func (m *Manager) Remove(ctx context.Context, userID string) (removed bool, err error) {
	key := keyOf(userID)
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return false, err
	}
	defer unlock()
	if removed, err = m.has(ctx, key); err != nil {
		return false, err
	}
	return removed, m.drop(ctx, key)
}

// has reports whether there is a token under key, whose lock is held. One that cannot
// be read, because it is damaged for example, is there.
func (m *Manager) has(ctx context.Context, key string) (bool, error) {
	if m.entry(key).hasUnsaved() {
		return true, nil
	}
	ctx, cancel := within(ctx, saveTime)
	defer cancel()
	keys, err := m.store.List(ctx)
	if err != nil {
		return false, err
	}
	return slices.Contains(keys, key), nil
}

// drop forgets the token under key, whose lock is held.
func (m *Manager) drop(ctx context.Context, key string) error {
	ctx, cancel := within(ctx, saveTime)
	defer cancel()
	if err := m.store.Delete(ctx, key); err != nil {
		return err
	}
	e := m.entry(key)
	e.forget()
	e.solved()
	return nil
}

// Logout revokes the user's token and deletes it. It waits for a renewal under way, here or
// in another process, and revokes the renewed token. If Twitch cannot be reached, the token
// is kept.
//
// Twitch revokes access tokens. That the refresh token of a client with a secret dies
// with them is not documented: a copy of it may still work after it is forgotten here. The
// user can disconnect the app at https://www.twitch.tv/settings/connections.
func (m *Manager) Logout(ctx context.Context, userID string) error {
	key := keyOf(userID)
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	t, err := m.reload(ctx, key)
	if err != nil {
		return err
	}
	tokens := []Token{t}
	e := m.entry(key)
	e.mu.Lock()
	if e.unsaved != nil { // Twitch gave it, but the store has not taken it
		tokens = append(tokens, *e.unsaved)
	}
	e.mu.Unlock()
	for _, t := range tokens {
		err := m.client.Revoke(ctx, t.AccessToken)
		refusal, answered := errors.AsType[*Error](err)
		gone := answered && refusal.Status == http.StatusBadRequest // Twitch calls the token invalid
		if err != nil && !gone {
			return err
		}
	}
	return m.drop(ctx, key)
}
