package oauth

import (
	"context"
	"errors"
	"maps"
)

// keep stores t, which Twitch has just given in place of old. If the store cannot take
// it, it stays in memory, unused. Storing it is retried by the next call for a token, by
// Run within a minute, and by Close.
func (m *Manager) keep(ctx context.Context, key string, e *entry, old, t Token) (renewal, error) {
	e.mu.Lock()
	e.unsaved, e.old = &t, old.AccessToken
	e.mu.Unlock()
	if err := m.storeUnsaved(ctx, key, e); err != nil {
		m.log.ErrorContext(ctx, "new token not stored, will try again", "user_id", t.UserID, "error", err)
		m.wakeUp()
		return renewal{}, err
	}
	m.log.DebugContext(ctx, "token renewed", "user_id", t.UserID, "expires_at", t.ExpiresAt)
	return renewal{token: t, refreshed: true}, nil
}

func (e *entry) hasUnsaved() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.unsaved != nil
}

// hasNewer reports whether there is another token than t that is not stored yet.
func (e *entry) hasNewer(t Secret) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.hasNewerLocked(t)
}

func (e *entry) hasNewerLocked(t Secret) bool { return e.unsaved != nil && e.unsaved.AccessToken != t }

// storeUnsaved stores what is unsaved under key, whose lock is held.
func (m *Manager) storeUnsaved(ctx context.Context, key string, e *entry) error {
	e.mu.Lock()
	t := e.unsaved
	e.mu.Unlock()
	if t == nil {
		return nil
	}
	if err := m.save(ctx, key, *t); err != nil {
		return err
	}
	e.mu.Lock()
	e.unsaved, e.token, e.known = nil, *t, true
	e.mu.Unlock()
	return nil
}

// saveUnsaved stores what the store could not take before, unless the user has logged
// in or out meanwhile, in another process. The lock of key is held.
func (m *Manager) saveUnsaved(ctx context.Context, key string, e *entry) error {
	e.mu.Lock()
	t, old := e.unsaved, e.old
	e.mu.Unlock()
	if t == nil {
		return nil
	}
	loadCtx, cancel := within(ctx, saveTime)
	defer cancel()
	now, err := m.store.Load(loadCtx, key)
	if err != nil && !errors.Is(err, ErrNoToken) {
		return err
	}
	known := now.Problem != "" && now.RefreshToken == t.RefreshToken // Twitch has refused it since
	switch {
	case isNew(key), now.AccessToken == old && !known:
	case now.AccessToken == t.AccessToken: // the store had stored it although it returned an error
		e.mu.Lock()
		e.unsaved = &now
		e.mu.Unlock()
	default:
		e.forget()
		return nil
	}
	return m.storeUnsaved(ctx, key, e)
}

// saveLate stores what the store could not take before.
func (m *Manager) saveLate(ctx context.Context, key string, e *entry) error {
	if !e.hasUnsaved() {
		return nil
	}
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	return m.saveUnsaved(ctx, key, e)
}

// saveAllUnsaved is saveLate for all.
func (m *Manager) saveAllUnsaved(ctx context.Context) error {
	m.mu.Lock()
	entries := maps.Clone(m.entries)
	m.mu.Unlock()
	var errs []error
	for key, e := range entries {
		errs = append(errs, m.saveLate(ctx, key, e))
	}
	return errors.Join(errs...)
}
