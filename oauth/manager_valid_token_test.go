package oauth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// loginRequired is the interface by which a package that does not import oauth recognizes
// its errors.
func loginRequired(err error) bool {
	var required interface{ LoginRequired() bool }
	return errors.As(err, &required) && required.LoginRequired()
}

// wantStored fails unless the user's token is stored as it was and has no problem.
func wantStored(t *testing.T, store oauth.Store, want oauth.Token) {
	t.Helper()
	got, err := store.Load(t.Context(), want.UserID)
	if err != nil || got.Problem != "" || got.AccessToken != want.AccessToken || got.RefreshToken != want.RefreshToken {
		t.Errorf("got %+v, %v, want the token as it was", got, err)
	}
}

// An API responds with 401 to a user without some permission. A token without a refresh
// token must not be given up because of this.
func TestLoginWithoutRefreshTokenSurvivesAnUnrelatedRefusal(t *testing.T) {
	f := newFake()
	only := f.token(ada)
	only.RefreshToken = ""
	store := saved(t, only)
	m := f.manager(t, store, oauth.Options{OnRevoked: func(e *oauth.LoginError) { t.Errorf("got %v, want no lost login", e) }})
	if valid, err := m.ValidToken(t.Context(), "123", string(only.AccessToken)); !valid || err != nil {
		t.Errorf("got %v, %v, want a valid token", valid, err)
	}
	if _, err := m.Renew(t.Context(), "123", string(only.AccessToken)); err == nil || loginRequired(err) {
		t.Errorf("got %v, want an error that asks for no login", err)
	}
	if token, err := m.Token(t.Context(), "123"); err != nil || token != string(only.AccessToken) {
		t.Errorf("got %v, want the token to serve on", err)
	}
	_ = m.Close(t.Context()) // waits for the hooks
	wantStored(t, store, only)
}

func TestLoginWithoutRefreshTokenIsLostWhenTwitchRefusesIt(t *testing.T) {
	f := newFake()
	only := f.token(ada)
	only.RefreshToken = ""
	m := f.manager(t, saved(t, only), oauth.Options{})
	f.revoke("123")
	if valid, err := m.ValidToken(t.Context(), "123", string(only.AccessToken)); valid || err != nil {
		t.Errorf("got %v, %v, want an invalid token", valid, err)
	}
	if _, err := m.Renew(t.Context(), "123", string(only.AccessToken)); !errors.Is(err, oauth.ErrRevoked) || !loginRequired(err) {
		t.Errorf("got %v, want %v", err, oauth.ErrRevoked)
	}
}

// If Twitch is unreachable, the token is kept.
func TestNetworkErrorIsNoRefusal(t *testing.T) {
	for name, spoil := range map[string]func(f *fake){
		"no network": func(f *fake) { f.down = true },
		"503":        func(f *fake) { f.status, f.body = 503, "busy" },
		"429":        func(f *fake) { f.status, f.body = 429, "slow down" },
	} {
		for kind, refresh := range map[string]bool{"with a refresh token": true, "without one": false} {
			t.Run(name+" "+kind, func(t *testing.T) {
				f := newFake()
				stored := f.token(ada)
				if !refresh {
					stored.RefreshToken = ""
				}
				store := saved(t, stored)
				m := f.manager(t, store, oauth.Options{})
				f.set(spoil)
				_, err := m.Renew(t.Context(), "123", string(stored.AccessToken))
				if err == nil || errors.Is(err, oauth.ErrRevoked) || loginRequired(err) {
					t.Errorf("renewal: got %v, want an error that asks for no login", err)
				}
				valid, err := m.ValidToken(t.Context(), "123", string(stored.AccessToken))
				if valid || err == nil || loginRequired(err) {
					t.Errorf("validation: got %v, %v, want an error that asks for no login", valid, err)
				}
				wantStored(t, store, stored)
			})
		}
	}
}

// According to the local clock a token may have expired while Twitch still accepts it.
func TestTokenIsUsedAsLongAsTwitchAcceptsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		only := f.token(ada)
		only.RefreshToken, only.ExpiresAt = "", time.Now().Add(-time.Hour)
		m := f.manager(t, saved(t, only), oauth.Options{})
		for range 3 {
			if token, err := m.Token(t.Context(), "123"); err != nil || token != string(only.AccessToken) {
				t.Errorf("got %v, want the token that Twitch still accepts", err)
			}
		}
		if n := f.count("/validate"); n != 1 {
			t.Errorf("got %d validations, want 1", n)
		}
	})
}

func TestValidTokenAsksOnceForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.slow = time.Second
		stored := f.token(ada)
		m := f.manager(t, saved(t, stored), oauth.Options{})
		var calls sync.WaitGroup
		for range 50 {
			calls.Go(func() {
				if valid, err := m.ValidToken(t.Context(), "123", string(stored.AccessToken)); !valid || err != nil {
					t.Errorf("got %v, %v, want a valid token", valid, err)
				}
			})
		}
		calls.Wait()
		if n := f.count("/validate"); n != 1 {
			t.Errorf("got %d validations, want 1", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := m.ValidToken(ctx, "123", string(stored.AccessToken)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		_ = m.Close(t.Context())
	})
}

func TestValidTokenDoesNotAskAboutOldTokens(t *testing.T) {
	f := newFake()
	m := f.manager(t, saved(t, f.token(ada)), oauth.Options{})
	for userID, token := range map[string]string{"123": "older", "42": "of a user who is not stored"} {
		if valid, err := m.ValidToken(t.Context(), userID, token); valid || err != nil || f.count("/validate") != 0 {
			t.Errorf("user %s: got %v, %v after %d validations, want false without asking", userID, valid, err, f.count("/validate"))
		}
	}
}

// Twitch may refuse every token that it issues. Calls must not turn into a loop of
// renewals then.
func TestTokensRefusedAtOnceAreNotRenewedInALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		m := f.manager(t, saved(t, f.token(ada)), oauth.Options{})
		start := time.Now()
		for time.Since(start) < time.Minute {
			token, err := m.Token(t.Context(), "123")
			if err != nil {
				t.Fatal(err)
			}
			f.set(func(f *fake) { delete(f.access, token) })
			if valid, err := m.ValidToken(t.Context(), "123", token); valid || err != nil {
				t.Errorf("got %v, %v, want an invalid token", valid, err)
			}
			_, _ = m.Renew(t.Context(), "123", token)
			time.Sleep(100 * time.Millisecond)
		}
		if n := f.count("refresh_token"); n < 3 || n > 12 {
			t.Errorf("got %d renewals in a minute of 600 calls, want a few", n)
		}
	})
}
