package oauth

import (
	"context"
	"errors"
	"time"
)

// refresh exchanges the refresh token of t. The key's lock is held.
func (m *Manager) refresh(ctx context.Context, key string, e *entry, t Token) (renewal, error) {
	interrupted := t.RefreshingSince
	t.RefreshingSince = time.Now()
	if err := m.save(ctx, key, t); err != nil {
		return renewal{}, err
	}
	askCtx, cancel := within(ctx, askTime)
	defer cancel()
	answer, err := m.client.Refresh(askCtx, t.RefreshToken)
	switch refusal, answered := errors.AsType[*Error](err); {
	case err == nil:
		return m.keep(ctx, key, e, t, t.renewed(answer))
	case errors.Is(err, ErrRevoked):
		return m.refused(ctx, key, t, interrupted)
	case answered && !refusal.Temporary():
		// Twitch did nothing: the client id or secret is wrong. The token stays as it was.
		return renewal{}, errors.Join(err, m.takeBack(ctx, key, t, interrupted))
	default:
		m.log.WarnContext(ctx, "token not renewed, will try again", "user_id", t.UserID, "error", err)
		return renewal{}, err
	}
}

// takeBack removes the mark of a renewal that did not take place from the stored t,
// unless a program that does not use our locks has stored another token there.
func (m *Manager) takeBack(ctx context.Context, key string, t Token, interrupted time.Time) error {
	loadCtx, cancel := within(ctx, saveTime)
	defer cancel()
	now, err := m.reload(loadCtx, key)
	if err != nil || now.AccessToken != t.AccessToken {
		return err
	}
	now.RefreshingSince = interrupted
	return m.save(ctx, key, now)
}

var errReplaced = errors.New("oauth: refresh: another program has replaced the token meanwhile")

// refused is called when Twitch has refused the refresh token of t. A program
// that does not use our locks may have renewed it; otherwise the user must log in.
func (m *Manager) refused(ctx context.Context, key string, t Token, interrupted time.Time) (renewal, error) {
	loadCtx, cancel := within(ctx, saveTime)
	defer cancel()
	now, err := m.reload(loadCtx, key)
	switch {
	case err != nil:
		return renewal{}, err // nothing is lost as long as that is not known
	case now.AccessToken != t.AccessToken && now.usable(time.Now()):
		return renewal{token: now}, nil
	case now.AccessToken != t.AccessToken:
		return renewal{}, errReplaced // the next renewal takes the new one
	}
	reason := "Twitch refused to renew the token: it was revoked, or the password changed"
	if !interrupted.IsZero() {
		reason = "Twitch refused to renew the token; a renewal begun at " + interrupted.UTC().Format(time.DateTime) +
			" UTC got no answer that we could keep"
	}
	return m.giveUp(ctx, key, t, reason)
}

// giveUp stores that the user must log in and returns it as an error.
func (m *Manager) giveUp(ctx context.Context, key string, t Token, reason string) (renewal, error) {
	t.Problem, t.RefreshingSince = reason, time.Time{}
	m.entry(key).set(t)
	err := m.loginError(t)
	if saveErr := m.save(ctx, key, t); saveErr != nil {
		m.log.ErrorContext(ctx, "lost login not stored", "user_id", t.UserID, "error", saveErr)
	}
	m.log.ErrorContext(ctx, "login needed", "error", err)
	return renewal{lost: err}, err
}

func (m *Manager) loginError(t Token) *LoginError {
	e := &LoginError{UserID: t.UserID, Login: t.Login, Scopes: t.Scopes, Reason: t.Problem, kind: ErrRevoked}
	e.URL = m.loginURL(e)
	return e
}

// save stores t, though ctx may have ended: what it holds is nowhere else.
func (m *Manager) save(ctx context.Context, key string, t Token) error {
	ctx, cancel := within(ctx, saveTime)
	defer cancel()
	return m.store.Save(ctx, key, t)
}
