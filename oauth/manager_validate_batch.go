package oauth

import (
	"context"
	"maps"
	"slices"
	"time"
)

// sight is a validation that found a token valid and unchanged.
type sight struct {
	token Secret
	at    time.Time
}

// sawAgain notes that Twitch called t good, if that is all there is to note and the
// store can update many tokens at once. Writing a file with thousands of users once for
// each validation would take longer than the hour between two of them.
func (m *Manager) sawAgain(key string, t Token, id Identity) bool {
	if _, can := m.store.(Updater); !can || !t.is(id) || id.UserID != userOf(key) || id.ClientID != m.client.ClientID {
		return false
	}
	now := time.Now()
	e := m.entry(key)
	e.mu.Lock()
	if e.known && e.token.AccessToken == t.AccessToken {
		e.token.ValidatedAt = now
	}
	e.mu.Unlock()
	e.solved()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[key] = sight{t.AccessToken, now}
	return true
}

// is reports whether t agrees with id.
func (t Token) is(id Identity) bool {
	const apart = time.Minute // Twitch counts in seconds, from when it answered
	sameEnd := t.ExpiresAt.IsZero() == id.ExpiresAt.IsZero() && t.ExpiresAt.Sub(id.ExpiresAt).Abs() < apart
	return sameEnd && t.ClientID == id.ClientID && t.UserID == id.UserID && t.Login == id.Login &&
		t.Scopes != nil && slices.Equal(t.Scopes, id.Scopes)
}

// storeSeenInTime stores what was noted, if it is time, and returns when to come again.
func (m *Manager) storeSeenInTime(ctx context.Context) (wait time.Duration) {
	m.mu.Lock()
	since, n := time.Since(m.seenStored), len(m.seen)
	m.mu.Unlock()
	if n == 0 {
		return lookEvery
	}
	if since < storeEvery {
		return storeEvery - since
	}
	m.storeSeen(ctx)
	return lookEvery
}

// storeSeen stores what was noted, in one write. If that fails, the next
// validation records the same again.
func (m *Manager) storeSeen(ctx context.Context) {
	m.mu.Lock()
	seen := m.seen
	m.seen, m.seenStored = map[string]sight{}, time.Now()
	m.mu.Unlock()
	store, can := m.store.(Updater)
	if !can || len(seen) == 0 {
		return
	}
	ctx, cancel := within(ctx, saveTime)
	defer cancel()
	err := store.Update(ctx, slices.Sorted(maps.Keys(seen)), func(key string, t Token) (Token, bool) {
		s := seen[key]
		if t.AccessToken != s.token || !s.at.After(t.ValidatedAt) {
			return t, false // it was replaced meanwhile
		}
		t.ValidatedAt = s.at
		return t, true
	})
	if err != nil {
		m.log.WarnContext(ctx, "validations not stored", "error", err)
	}
}
