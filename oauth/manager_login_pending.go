package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// newPrefix is the prefix of the keys of unfinished logins: Twitch has issued a token, but
// its user is not known yet.
const newPrefix = "new-"

// newKey returns the key of an unfinished login. It is derived from the login's code or
// token, so that a retry finds the record of the first try.
func newKey(secrets ...Secret) string {
	var all []byte
	for _, s := range secrets {
		all = append(append(all, s...), 0)
	}
	sum := sha256.Sum256(all)
	return newPrefix + hex.EncodeToString(sum[:10])
}

func isNew(key string) bool { return strings.HasPrefix(key, newPrefix) }

// ErrUnfinished is returned if Twitch has issued a token, but it could not be validated or
// could not be stored under its user. The token is kept. The login is finished by
// [Manager.Run], by [Manager.FinishLogins], or by another call of [Manager.Add] or
// [Manager.AddCode] with the same argument.
var ErrUnfinished = errors.New("oauth: the login is kept, but not finished")

// What is no login of ours.
var (
	errForeign = errors.New("the token belongs to another client")
	errAppUser = errors.New("this is an app token, not that of a user")
	errNoSuch  = errors.New("the access token holds characters that no token has")
)

// add stores the result of get under key, and then under its user. It continues an earlier
// call that stored a token under key.
func (m *Manager) add(ctx context.Context, key string, get func(context.Context) (Token, error)) (User, error) {
	return m.detached(ctx, func(work context.Context) (User, error) {
		lockCtx, cancel := context.WithTimeout(ctx, lockTime)
		defer cancel()
		unlock, err := m.lock(lockCtx, key)
		if err != nil {
			return User{}, err
		}
		defer unlock()
		t, err := m.begun(work, key)
		if !errors.Is(err, ErrNoToken) {
			if err != nil {
				return User{}, err
			}
			return m.finish(ctx, key, t, retryTwitch)
		}
		askCtx, cancel := within(work, askTime)
		defer cancel()
		if t, err = get(askCtx); err != nil {
			return User{}, err
		}
		t.UserID, t.Login, t.Problem, t.RefreshingSince = "", "", "", time.Time{}
		t.AddedAt = time.Now()
		if t.ClientID == "" {
			t.ClientID = m.client.ClientID // others leave it alone
		}
		if err := m.keepNew(work, key, t); err != nil {
			return User{}, err
		}
		return m.finish(ctx, key, t, retryTwitch|isNewest) // t is stored: the caller need not wait
	})
}

// detached returns the result of f, or ctx's error if ctx ends first; f then continues, and
// Close waits for it.
func (m *Manager) detached(ctx context.Context, f func(context.Context) (User, error)) (User, error) {
	if err := ctx.Err(); err != nil {
		return User{}, fmt.Errorf("oauth: add: %w", err)
	}
	work := context.WithoutCancel(ctx)
	var u User
	var err error
	done := make(chan struct{})
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return f(work) // Close does not wait for new flights
	}
	m.flights.Go(func() {
		defer close(done)
		u, err = f(work)
	})
	m.mu.Unlock()
	select {
	case <-done:
		return u, err
	case <-ctx.Done():
		return User{}, fmt.Errorf("oauth: add: %w", ctx.Err())
	}
}

// begun returns the token that an earlier try stored under key, or [ErrNoToken].
func (m *Manager) begun(ctx context.Context, key string) (Token, error) {
	if err := m.saveUnsaved(ctx, key, m.entry(key)); err != nil {
		return Token{}, err
	}
	ctx, cancel := within(ctx, saveTime)
	defer cancel()
	return m.store.Load(ctx, key)
}

// keepNew stores t under key. If the store cannot take it, it stays in memory for
// the next try.
func (m *Manager) keepNew(ctx context.Context, key string, t Token) error {
	e := m.entry(key)
	e.mu.Lock()
	e.unsaved = &t
	e.mu.Unlock()
	return m.storeUnsaved(ctx, key, e)
}

// FinishLogins finishes what [Manager.Add] or [Manager.AddCode] could not
// ([ErrUnfinished]), and returns whose logins these were. [Manager.Run] does so by
// itself; this is for programs that end before it would. What cannot be finished now is
// in the error and is kept, unless Twitch has refused it for good.
func (m *Manager) FinishLogins(ctx context.Context) ([]User, error) {
	keys, err := m.store.List(ctx)
	if err != nil {
		return nil, err
	}
	var users []User
	var errs []error
	for _, key := range keys {
		if !isNew(key) {
			continue
		}
		u, err := m.finishOne(ctx, key)
		switch {
		case err != nil:
			errs = append(errs, err)
		case u.ID != "":
			users = append(users, u)
		}
	}
	return users, errors.Join(errs...)
}

// finishOne finishes the login under key. If another process is doing that or has done
// it, the user is empty.
func (m *Manager) finishOne(ctx context.Context, key string) (User, error) {
	lockCtx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	unlock, err := m.lock(lockCtx, key)
	if err != nil {
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			return User{}, nil
		}
		return User{}, err
	}
	defer unlock()
	t, err := m.begun(ctx, key)
	if errors.Is(err, ErrNoToken) || err == nil && t.ClientID != "" && t.ClientID != m.client.ClientID {
		return User{}, nil // it has been finished, or only another client can
	}
	if err != nil {
		return User{}, err
	}
	u, err := m.finish(ctx, key, t, 0)
	if err == nil {
		m.log.InfoContext(ctx, "login finished that was kept", "user_id", u.ID, "login", u.Login)
	}
	return u, err
}
