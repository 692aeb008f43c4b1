package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// how a login is finished.
type how int

const (
	patient how = 1 << iota // try again where Twitch is away for a moment
	newest                  // there can be no newer login of this user
)

// finish finds out whose token t is, which is stored under the key of a new login, and
// gives it its place. The key's lock is held.
func (m *Manager) finish(ctx context.Context, key string, t Token, h how) (User, error) {
	tries := 1
	if h&patient != 0 {
		tries = 3
	}
	id, err := m.identify(ctx, t.AccessToken, tries)
	if errors.Is(err, ErrRevoked) && t.RefreshToken != "" {
		if u, ok, err := m.settledAs(ctx, t, h); err != nil {
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
		m.dropNew(ctx, key) // it is of no use here
		return User{}, err
	}
	u, err := m.settle(ctx, t, id, h)
	if err != nil {
		return User{}, fmt.Errorf("%w: %w", ErrUnfinished, err)
	}
	m.dropNew(ctx, key)
	return u, nil
}

// settledAs returns who has t already, after a crash before its first record was
// dropped: the refresh token is theirs then, and not to be used here.
func (m *Manager) settledAs(ctx context.Context, t Token, h how) (u User, ok bool, err error) {
	if h&newest != 0 {
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

// identify validates a token that has not got its place yet, as often as tries says.
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
func (m *Manager) settle(ctx context.Context, t Token, id Identity, h how) (User, error) {
	t = t.identified(id, time.Now())
	lockCtx, cancel := within(ctx, lockTime)
	defer cancel()
	unlock, err := m.lock(lockCtx, t.UserID)
	if err != nil {
		return User{}, err
	}
	defer unlock()
	if h&newest == 0 {
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

// dropNew forgets a login that is finished, or never can be. Where that does not work,
// it is found and dropped later.
func (m *Manager) dropNew(ctx context.Context, key string) {
	if err := m.drop(ctx, key); err != nil {
		m.log.WarnContext(ctx, "finished login not tidied up, will try again", "error", err)
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
