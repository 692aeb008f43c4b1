package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A finishMode is a set of options for finishing a login.
type finishMode int

const (
	retryTwitch finishMode = 1 << iota // retry if Twitch is briefly unreachable
	isNewest                           // there can be no newer login of this user
)

// finish validates t, which is stored under the key of a new login, and stores it under
// its user. The caller holds the key's lock.
func (m *Manager) finish(ctx context.Context, key string, t Token, mode finishMode) (User, error) {
	tries := 1
	if mode&retryTwitch != 0 {
		tries = 3
	}
	id, err := m.identify(ctx, t.AccessToken, tries)
	if errors.Is(err, ErrRevoked) && t.RefreshToken != "" {
		if u, ok, err := m.settledAs(ctx, t, mode); err != nil {
			return User{}, fmt.Errorf("%w: %w", ErrUnfinished, err)
		} else if ok {
			m.dropNew(ctx, key)
			return u, nil
		}
		if t, err = m.refreshNew(ctx, key, t); err == nil {
			id, err = m.identify(ctx, t.AccessToken, tries)
		}
	}
	switch {
	case errors.Is(err, ErrRevoked):
	case err != nil:
		return User{}, fmt.Errorf("%w: %w", ErrUnfinished, err)
	case id.ClientID != m.client.ClientID:
		err = fmt.Errorf("oauth: add: %w, %s", errForeign, id.ClientID)
	case id.UserID == "":
		err = fmt.Errorf("oauth: add: %w", errAppUser)
	}
	if err != nil {
		m.dropNew(ctx, key) // this client cannot use it
		return User{}, err
	}
	u, err := m.settle(ctx, t, id, mode)
	if err != nil {
		return User{}, fmt.Errorf("%w: %w", ErrUnfinished, err)
	}
	m.dropNew(ctx, key)
	return u, nil
}

// settledAs returns the user who already has t, after a crash before its first record was
// dropped: the refresh token is theirs then, and not to be used here.
func (m *Manager) settledAs(ctx context.Context, t Token, mode finishMode) (u User, ok bool, err error) {
	if mode&isNewest != 0 {
		return User{}, false, nil
	}
	keys, err := m.store.List(ctx)
	if err != nil {
		return User{}, false, err
	}
	for _, key := range keys {
		if key == AppKey || isNew(key) {
			continue
		}
		now, err := m.store.Load(ctx, key)
		if err != nil && !errors.Is(err, ErrNoToken) {
			return User{}, false, err
		}
		if err == nil && (now.RefreshToken == t.RefreshToken || now.AddedAt.Equal(t.AddedAt)) {
			return userFrom(now), true, nil
		}
	}
	return User{}, false, nil
}

// identify validates a token whose user is not known yet, with a number of tries.
func (m *Manager) identify(ctx context.Context, token Secret, tries int) (Identity, error) {
	backoff := retry.Backoff{Min: time.Second, Floor: 100 * time.Millisecond}
	for {
		askCtx, cancel := context.WithTimeout(ctx, askTime)
		id, err := m.client.Validate(askCtx, token)
		cancel()
		if err == nil || !temporary(err) || backoff.Failures() >= tries-1 {
			return id, err
		}
		if retry.Sleep(ctx, backoff.Next()) != nil {
			return id, err
		}
	}
}

// refreshNew renews a token whose user is not known yet.
func (m *Manager) refreshNew(ctx context.Context, key string, t Token) (Token, error) {
	interrupted := t.RefreshingSince
	t.RefreshingSince = time.Now()
	if err := m.save(ctx, key, t); err != nil {
		return t, err
	}
	askCtx, cancel := within(ctx, askTime)
	defer cancel()
	answer, err := m.client.Refresh(askCtx, t.RefreshToken)
	if err == nil {
		t = t.renewed(answer)
		return t, m.keepNew(ctx, key, t)
	}
	if refusal, answered := errors.AsType[*Error](err); answered && !refusal.Temporary() {
		t.RefreshingSince = interrupted // Twitch did nothing
		return t, errors.Join(err, m.save(ctx, key, t))
	}
	return t, err
}

// settle stores t as the token of the user whom id names.
func (m *Manager) settle(ctx context.Context, t Token, id Identity, mode finishMode) (User, error) {
	t = t.identified(id, time.Now())
	lockCtx, cancel := within(ctx, lockTime)
	defer cancel()
	unlock, err := m.lock(lockCtx, t.UserID)
	if err != nil {
		return User{}, err
	}
	defer unlock()
	if mode&isNewest == 0 {
		// It may have been settled before and renewed since, or the user has logged in
		// again. Then its refresh token may be worthless, and the one in place is not,
		// unless Twitch has refused that: a clock that was wrong is no reason to keep it.
		loadCtx, cancel := within(ctx, saveTime)
		defer cancel()
		now, err := m.store.Load(loadCtx, t.UserID)
		if err != nil && !errors.Is(err, ErrNoToken) {
			return User{}, err
		}
		lost := now.Problem != "" && !t.AddedAt.Equal(now.AddedAt)
		if err == nil && !t.AddedAt.After(now.AddedAt) && !lost {
			return userFrom(now), nil
		}
	}
	if err := m.save(ctx, t.UserID, t); err != nil {
		return User{}, err
	}
	e := m.entry(t.UserID)
	e.forget() // with what was unsaved of the old token
	e.set(t)
	e.solved()
	e.mu.Lock()
	e.count(nil)
	e.mu.Unlock()
	m.wakeUp()
	return userFrom(t), nil
}

// dropNew deletes the record of a login that is finished or cannot be finished. If that
// fails, Run finds and deletes it later.
func (m *Manager) dropNew(ctx context.Context, key string) {
	if err := m.drop(ctx, key); err != nil {
		m.log.WarnContext(ctx, "finished login not tidied up, will try again", "error", err)
	}
}

// identified returns t with the result of its validation at now.
func (t Token) identified(id Identity, now time.Time) Token {
	t.ClientID, t.UserID, t.Login, t.Scopes = id.ClientID, id.UserID, id.Login, id.Scopes
	if !id.ExpiresAt.IsZero() {
		t.ExpiresAt = id.ExpiresAt
	}
	t.ValidatedAt, t.Problem, t.RefreshingSince = now, "", time.Time{}
	return t
}
