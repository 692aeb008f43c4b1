package oauth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// An entry is the state of one user in memory.
type entry struct {
	renewing chan struct{} // full while the token under this key is changed in this process

	mu      sync.Mutex
	token   Token         // guarded by mu; as stored
	known   bool          // guarded by mu; token holds
	flight  *flight       // guarded by mu; nil: no renewal is under way
	unsaved *Token        // guarded by mu; renewed, but the store refused it
	old     Secret        // guarded by mu; the access token that unsaved takes the place of
	backoff retry.Backoff // guarded by mu
	failure error         // guarded by mu; of the last renewal
	retryAt time.Time     // guarded by mu; no renewal before
	told    string        // guarded by mu; the Problem that was reported to OnNeedsLogin

	check     *tokenCheck // guarded by mu; nil: no validation for ValidToken is under way
	refused   Secret      // guarded by mu; the last token that ValidToken found to be refused
	renewedAt time.Time   // guarded by mu; when Twitch last issued a token
}

// keyOf returns the key in the store of the user's token.
func keyOf(userID string) string {
	if userID == "" {
		return AppKey
	}
	return userID
}

func userOf(key string) string {
	if key == AppKey {
		return ""
	}
	return key
}

// entry returns what is in memory under key.
func (m *Manager) entry(key string) *entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[key]
	if !ok {
		e = &entry{
			renewing: make(chan struct{}, 1),
			backoff:  retry.Backoff{Min: time.Second, Max: time.Minute, Floor: time.Second},
		}
		m.entries[key] = e
	}
	return e
}

// current returns the token under key, from memory if it is usable. Otherwise it is read
// again, because the user may have logged in through another process.
func (m *Manager) current(ctx context.Context, key string) (Token, error) {
	e := m.entry(key)
	e.mu.Lock()
	t, known := e.token, e.known
	e.mu.Unlock()
	if known && t.Problem == "" {
		return t, nil
	}
	return m.reload(ctx, key)
}

// reload reads the token under key from the store into memory.
func (m *Manager) reload(ctx context.Context, key string) (Token, error) {
	e := m.entry(key)
	t, err := m.store.Load(ctx, key)
	if errors.Is(err, ErrNoToken) {
		e.forget()
		none := &LoginError{UserID: userOf(key), Reason: "there is no token", kind: ErrNoToken}
		none.URL = m.loginURL(none)
		return Token{}, none
	}
	if err != nil {
		return Token{}, err
	}
	if t.UserID == "" {
		t.UserID = userOf(key)
	}
	e.set(t)
	return t, nil
}

func (e *entry) set(t Token) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.token, e.known = t, true
}

func (e *entry) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.token, e.known, e.unsaved = Token{}, false, nil
}

// forgetOthers drops the users whose keys are not in keys, which lists the whole store:
// another process has removed them.
func (m *Manager) forgetOthers(keys []string) {
	m.mu.Lock()
	entries := maps.Clone(m.entries)
	m.mu.Unlock()
	for _, key := range keys {
		delete(entries, key)
	}
	for _, e := range entries {
		e.mu.Lock()
		e.token, e.known = Token{}, false // what is unsaved stays
		e.mu.Unlock()
	}
}

// freshFor is how long Twitch must accept a token that it has issued. If it refuses one
// earlier, the next renewals are spaced out like failed ones.
const freshFor = 5 * time.Minute

var errRefusedAtOnce = errors.New("oauth: refresh: Twitch refuses tokens soon after it has issued them")

// landed records the result of a renewal of stale. e.mu is held.
func (e *entry) landed(f *flight, stale Secret) {
	if f.err != nil || !f.refreshed {
		e.count(f.err)
		return
	}
	now := time.Now()
	if stale != "" && stale == e.refused && now.Sub(e.renewedAt) < freshFor {
		e.count(errRefusedAtOnce)
	} else {
		e.count(nil)
	}
	e.renewedAt = now
}

// count keeps a failing renewal from being tried at every call. e.mu is held.
func (e *entry) count(err error) {
	if err == nil {
		e.backoff.Reset()
		e.failure, e.retryAt = nil, time.Time{}
		return
	}
	e.failure, e.retryAt = err, time.Now().Add(e.backoff.Next())
}

// lock waits for the exclusive right to change the token under key, in all processes.
func (m *Manager) lock(ctx context.Context, key string) (unlock func(), err error) {
	e := m.entry(key)
	select {
	case e.renewing <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("oauth: lock: %w", ctx.Err())
	}
	shared, ok := m.store.(Locker)
	if !ok {
		return func() { <-e.renewing }, nil
	}
	free, err := shared.Lock(ctx, key)
	if err != nil {
		<-e.renewing
		return nil, fmt.Errorf("oauth: lock: %w", err)
	}
	return func() {
		free()
		<-e.renewing
	}, nil
}
