package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A User describes a stored login of a [Manager], without its token.
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

// AddCode finishes a login: it exchanges the code, validates the token and stores it
// under its user. redirectURI is the one the login was started with.
//
// The code works once, but AddCode may be called again with it after [ErrUnfinished],
// also in another process: the first call has stored the token that Twitch issued.
func (m *Manager) AddCode(ctx context.Context, code Secret, redirectURI string) (User, error) {
	return m.add(ctx, newKey(code), func(ctx context.Context) (Token, error) {
		return m.client.ExchangeCode(ctx, code, redirectURI)
	})
}

// Add validates t and stores it under its user, replacing an older token of that
// user. An expired token is renewed first, if it can be. The fields of t that name its
// user are ignored.
//
// t is stored before it is validated, but not returned by Token yet: if Twitch cannot
// validate it now, the error is [ErrUnfinished], and the login is finished later. Add
// continues in the background if ctx ends; [Manager.Close] waits for it.
func (m *Manager) Add(ctx context.Context, t Token) (User, error) {
	if t.AccessToken != "" && !tokenLike(string(t.AccessToken)) {
		return User{}, fmt.Errorf("oauth: add: %w", errNoSuch)
	}
	return m.add(ctx, newKey(t.AccessToken, t.RefreshToken), func(context.Context) (Token, error) { return t, nil })
}

// List returns all users with a token, ordered by ID. Logins that are not finished
// ([ErrUnfinished]) are left out, because their users are not known yet.
func (m *Manager) List(ctx context.Context) ([]User, error) {
	keys, err := m.store.List(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]User, 0, len(keys))
	for _, key := range keys {
		if key == AppKey || isNew(key) {
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
