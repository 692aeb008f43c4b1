package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A User is somebody whose token a [Manager] has, without the token.
type User struct {
	ID          string
	Login       string
	Scopes      ScopeSet
	ExpiresAt   time.Time // of the access token, which is renewed; zero: unknown
	ValidatedAt time.Time
	Problem     string // why the user must log in again, "" while all is well
}

func userFrom(t Token) User {
	return User{
		ID: t.UserID, Login: t.Login, Scopes: t.Scopes,
		ExpiresAt: t.ExpiresAt, ValidatedAt: t.ValidatedAt, Problem: t.Problem,
	}
}

// AddCode finishes a login: it exchanges the code, asks whose token that is and
// stores it. redirectURI is the one the login was started with.
func (m *Manager) AddCode(ctx context.Context, code Secret, redirectURI string) (User, error) {
	t, err := m.client.ExchangeCode(ctx, code, redirectURI)
	if err != nil {
		return User{}, err
	}
	return m.Add(ctx, t)
}

var (
	errForeign = errors.New("the token belongs to another client")
	errAppUser = errors.New("this is an app token, not that of a user")
)

// Add asks Twitch whose token t is and stores it, in place of an older one of that
// user. A token that is over is renewed first, if it can be.
func (m *Manager) Add(ctx context.Context, t Token) (User, error) {
	id, err := m.identify(ctx, t.AccessToken)
	if errors.Is(err, ErrRevoked) && t.RefreshToken != "" {
		answer, refreshErr := m.client.Refresh(ctx, t.RefreshToken)
		if refreshErr != nil {
			return User{}, refreshErr
		}
		t = t.renewed(answer)
		id, err = m.identify(ctx, t.AccessToken)
	}
	switch {
	case err != nil:
		return User{}, err
	case id.ClientID != m.client.ClientID:
		return User{}, fmt.Errorf("oauth: add: %w, %s", errForeign, id.ClientID)
	case id.UserID == "":
		return User{}, fmt.Errorf("oauth: add: %w", errAppUser)
	}
	t = t.identified(id, time.Now())

	unlock, err := m.lock(ctx, t.UserID)
	if err != nil {
		return User{}, err
	}
	defer unlock()
	if err := m.store.Save(ctx, t.UserID, t); err != nil {
		return User{}, err
	}
	e := m.entry(t.UserID)
	e.forget() // with what was unsaved of the old token
	e.set(t)
	e.mu.Lock()
	e.count(nil)
	e.mu.Unlock()
	m.wakeUp()
	return userFrom(t), nil
}

// identify validates a token that is not stored yet. A refresh token that works once
// may hang on it, so it does not give up at the first hiccup.
func (m *Manager) identify(ctx context.Context, token Secret) (Identity, error) {
	backoff := retry.Backoff{Min: time.Second, Floor: 100 * time.Millisecond}
	for {
		id, err := m.client.Validate(ctx, token)
		if err == nil || !temporary(err) || backoff.Failures() == 2 {
			return id, err
		}
		if retry.Sleep(ctx, backoff.Next()) != nil {
			return id, err
		}
	}
}

// identified returns t with what Twitch said of it at now.
func (t Token) identified(id Identity, now time.Time) Token {
	t.ClientID, t.UserID, t.Login, t.Scopes = id.ClientID, id.UserID, id.Login, id.Scopes
	if !id.ExpiresAt.IsZero() {
		t.ExpiresAt = id.ExpiresAt
	}
	t.ValidatedAt, t.Problem, t.RefreshingSince = now, "", time.Time{}
	return t
}

// Remove forgets the user's token without telling Twitch.
func (m *Manager) Remove(ctx context.Context, userID string) error {
	key := keyOf(userID)
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	if err := m.store.Delete(ctx, key); err != nil {
		return err
	}
	m.entry(key).forget()
	return nil
}

// Logout makes the user's token worthless and forgets it. Where Twitch cannot be
// told, the token stays.
func (m *Manager) Logout(ctx context.Context, userID string) error {
	t, err := m.reload(ctx, keyOf(userID))
	if err != nil {
		return err
	}
	err = m.client.Revoke(ctx, t.AccessToken)
	if _, answered := errors.AsType[*Error](err); err != nil && (!answered || temporary(err)) {
		return err
	}
	return m.Remove(ctx, userID) // a token that Twitch calls invalid is gone already
}

// List returns all users with a token, by ID.
func (m *Manager) List(ctx context.Context) ([]User, error) {
	keys, err := m.store.List(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]User, 0, len(keys))
	for _, key := range keys {
		if key == AppKey {
			continue
		}
		t, err := m.store.Load(ctx, key)
		if errors.Is(err, ErrNoToken) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		users = append(users, userFrom(t))
	}
	return users, nil
}
