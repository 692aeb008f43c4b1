package oauth_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// saved returns a store that holds token.
func saved(t *testing.T, token oauth.Token) *oauth.MemoryStore {
	t.Helper()
	store := oauth.NewMemoryStore()
	if err := store.Save(t.Context(), token.UserID, token); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestAddCodeStoresAndServes(t *testing.T) {
	f := newFake()
	f.codes["code-canary"] = ada
	store := oauth.NewMemoryStore()
	m := f.manager(t, store, oauth.Options{})
	user, err := m.AddCode(t.Context(), "code-canary", "http://localhost")
	if err != nil {
		t.Fatal(err)
	}
	if user.ID != "123" || user.Login != "ada" || user.Scopes.String() != "chat:edit chat:read" {
		t.Errorf("got %+v, want ada", user)
	}
	token, err := m.Token(t.Context(), "123")
	if err != nil || !strings.HasPrefix(token, "access-canary") {
		t.Errorf("got %q, %v, want a token", token, err)
	}
	scopes, known := m.Scopes(t.Context(), "123")
	if !known || len(scopes) != 2 {
		t.Errorf("got %v, %v, want two scopes", scopes, known)
	}
	if _, err := m.AddCode(t.Context(), "code-canary", "http://localhost"); err == nil {
		t.Error("got no error for a code used twice")
	}
	users, err := m.List(t.Context())
	if err != nil || len(users) != 1 || users[0].Login != "ada" {
		t.Errorf("got %v, %v, want ada", users, err)
	}
}

func TestRenewOncePerManyGoroutinesAndManagers(t *testing.T) {
	for name, open := range map[string]func() oauth.Store{
		"memory": func() oauth.Store { return oauth.NewMemoryStore() },
		"file": func() oauth.Store {
			store, err := oauth.OpenFileStore(filepath.Join(t.TempDir(), "tokens.json"))
			if err != nil {
				t.Fatal(err)
			}
			return store
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			old := f.token(ada)
			store := open()
			if err := store.Save(t.Context(), "123", old); err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			var mu sync.Mutex
			got := map[string]int{}
			for range 4 { // like four processes
				m := f.manager(t, store, oauth.Options{})
				for range 50 {
					wg.Go(func() {
						token, err := m.Renew(t.Context(), "123", string(old.AccessToken))
						if err != nil {
							t.Error(err)
						}
						mu.Lock()
						got[token]++
						mu.Unlock()
					})
				}
			}
			wg.Wait()
			if n := f.count("refresh_token"); n != 1 {
				t.Errorf("got %d refreshes, want 1", n)
			}
			if len(got) != 1 || got[string(old.AccessToken)] > 0 {
				t.Errorf("got %d different tokens, want one new one", len(got))
			}
		})
	}
}

func TestExpiredTokenIsRenewedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		m := f.manager(t, saved(t, old), oauth.Options{})
		time.Sleep(3 * time.Hour)
		if token, err := m.Token(t.Context(), "123"); err != nil || token != string(old.AccessToken) {
			t.Errorf("got %v, %v, want the old token while it is good", token, err)
		}
		fresh, err := m.FreshToken(t.Context(), "123", 2*time.Hour)
		if err != nil || fresh == string(old.AccessToken) {
			t.Errorf("got %v, %v, want a fresher token", fresh, err)
		}
		time.Sleep(5 * time.Hour)
		if token, err := m.Token(t.Context(), "123"); err != nil || token == fresh {
			t.Errorf("got %v, %v, want a renewed token", token, err)
		}
		if n := f.count("refresh_token"); n != 2 {
			t.Errorf("got %d refreshes, want 2", n)
		}
	})
}

func TestRefusedTokenNeedsLogin(t *testing.T) {
	f := newFake()
	old := f.token(ada)
	store := saved(t, old)
	var lost []*oauth.LoginError
	m := f.manager(t, store, oauth.Options{OnRevoked: func(e *oauth.LoginError) { lost = append(lost, e) }})
	f.revoke("123")
	_, err := m.Renew(t.Context(), "123", string(old.AccessToken))
	if !errors.Is(err, oauth.ErrRevoked) {
		t.Fatalf("got %v, want ErrRevoked", err)
	}
	for _, want := range []string{"ada (123)", "must log in", "refused"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "larkspur ") {
		t.Errorf("got %q, want no command of a program in an error of a library", err)
	}
	for range 5 {
		if _, err := m.Token(t.Context(), "123"); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v, want ErrRevoked", err)
		}
		if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v, want ErrRevoked", err)
		}
	}
	if n := f.count("refresh_token"); n != 1 {
		t.Errorf("got %d refreshes, want 1", n)
	}
	restarted := f.manager(t, store, oauth.Options{})
	if _, err := restarted.Renew(t.Context(), "123", string(old.AccessToken)); !errors.Is(err, oauth.ErrRevoked) {
		t.Errorf("got %v, want ErrRevoked after a restart", err)
	}
	if n := f.count("refresh_token"); n != 1 {
		t.Errorf("got %d refreshes after a restart, want 1", n)
	}
	_ = m.Close(t.Context()) // waits for the hook
	if len(lost) != 1 {
		t.Errorf("got %d calls of OnRevoked, want 1", len(lost))
	}

	// A login through another process is noticed.
	again := f.token(ada)
	if err := store.Save(t.Context(), "123", again); err != nil {
		t.Fatal(err)
	}
	if token, err := m.Token(t.Context(), "123"); err != nil || token != string(again.AccessToken) {
		t.Errorf("got %v, %v, want the new token", token, err)
	}
}

func TestNetworkErrorKeepsTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		m := f.manager(t, saved(t, old), oauth.Options{})
		f.set(func(f *fake) { f.down = true })
		for range 100 {
			if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err == nil || errors.Is(err, oauth.ErrRevoked) {
				t.Fatalf("got %v, want a network error", err)
			}
		}
		f.set(func(f *fake) { f.down = false })
		time.Sleep(time.Minute)
		if token, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err != nil || token == "" {
			t.Errorf("got %v, want a token once the network is back", err)
		}
	})
}

func TestFailingRenewalsAreSpacedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		m := f.manager(t, saved(t, old), oauth.Options{})
		f.set(func(f *fake) { f.status, f.body = 503, "<html>busy</html>" })
		for range 600 { // ten minutes of calls
			_, _ = m.Renew(t.Context(), "123", string(old.AccessToken))
			time.Sleep(time.Second)
		}
		if n := f.count("refresh_token"); n < 5 || n > 60 {
			t.Errorf("got %d refreshes in ten minutes, want some and not many", n)
		}
	})
}

func TestWrongSecretIsNotTheUsersFault(t *testing.T) {
	f := newFake()
	old := f.token(ada)
	store := saved(t, old)
	m := f.manager(t, store, oauth.Options{})
	f.set(func(f *fake) { f.status, f.body = 403, `{"status":403,"message":"invalid client secret"}` })
	_, err := m.Renew(t.Context(), "123", string(old.AccessToken))
	if err == nil || errors.Is(err, oauth.ErrRevoked) || !strings.Contains(err.Error(), "dev.twitch.tv/console") {
		t.Errorf("got %v, want an error about the client secret", err)
	}
	kept, err := store.Load(t.Context(), "123")
	if err != nil || kept.Problem != "" || kept.RefreshToken != old.RefreshToken || !kept.RefreshingSince.IsZero() {
		t.Errorf("got %+v, %v, want the token as it was", kept, err)
	}
}

func TestRenewalGoesOnWithoutItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.delay = 3 * time.Second
		old := f.token(ada)
		store := saved(t, old)
		m := f.manager(t, store, oauth.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.Renew(ctx, "123", string(old.AccessToken)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the caller's deadline", err)
		}
		if err := m.Close(t.Context()); err != nil {
			t.Error(err)
		}
		kept, err := store.Load(t.Context(), "123")
		if err != nil || kept.AccessToken == old.AccessToken {
			t.Error("got the old token in the store, want the new one although its caller left")
		}
	})
}

// failing is a store that cannot store some tokens.
type failing struct {
	*oauth.MemoryStore
	fail func(oauth.Token) bool
}

func (s failing) Save(ctx context.Context, key string, t oauth.Token) error {
	if s.fail(t) {
		return errors.New("disk full")
	}
	return s.MemoryStore.Save(ctx, key, t)
}

func TestTokenIsOnlyHandedOutWhenStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		full := true
		store := failing{saved(t, old), func(n oauth.Token) bool { return full && n.AccessToken != old.AccessToken }}
		m := f.manager(t, store, oauth.Options{})
		if token, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err == nil || token != "" {
			t.Errorf("got %q, %v, want an error while it cannot be stored", token, err)
		}
		full = false
		time.Sleep(time.Minute)
		token, err := m.Renew(t.Context(), "123", string(old.AccessToken))
		if err != nil || token == string(old.AccessToken) {
			t.Errorf("got %q, %v, want the token that was got before", token, err)
		}
		if n := f.count("refresh_token"); n != 1 {
			t.Errorf("got %d refreshes, want 1: the one-time token must not be used twice", n)
		}
	})
}

func TestAppToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := oauth.NewMemoryStore()
		m := f.manager(t, store, oauth.Options{})
		first, err := m.Token(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := m.Token(t.Context(), ""); again != first {
			t.Errorf("got %q, want the app token kept", again)
		}
		if other, _ := f.manager(t, store, oauth.Options{}).Token(t.Context(), ""); other != first {
			t.Errorf("got %q, want the app token of the store", other)
		}
		renewed, err := m.Renew(t.Context(), "", first)
		if err != nil || renewed == first {
			t.Errorf("got %q, %v, want another app token", renewed, err)
		}
		time.Sleep(5 * time.Hour)
		if last, err := m.Token(t.Context(), ""); err != nil || last == renewed {
			t.Errorf("got %q, %v, want another app token after its time", last, err)
		}
	})
}

// An implicit login has no refresh token: its token is used until it expires.
func TestTokenThatCannotBeRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		only := f.token(ada)
		only.RefreshToken = ""
		m := f.manager(t, saved(t, only), oauth.Options{})
		if token, err := m.FreshToken(t.Context(), "123", 10*time.Hour); err != nil || token != string(only.AccessToken) {
			t.Errorf("got %v, want the only token", err)
		}
		time.Sleep(5 * time.Hour)
		if _, err := m.Token(t.Context(), "123"); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v, want ErrRevoked after its time", err)
		}
		if n := f.count("refresh_token"); n != 0 {
			t.Errorf("got %d refreshes, want none", n)
		}
	})
}

func TestInterruptedRenewalIsReported(t *testing.T) {
	f := newFake()
	old := f.token(ada)
	old.RefreshingSince = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC) // a process died then
	f.revoke("123")                                                    // after Twitch had responded
	m := f.manager(t, saved(t, old), oauth.Options{})
	_, err := m.Renew(t.Context(), "123", string(old.AccessToken))
	if !errors.Is(err, oauth.ErrRevoked) || !strings.Contains(err.Error(), "2026-08-01 12:00:00") {
		t.Errorf("got %v, want ErrRevoked that names the interrupted renewal", err)
	}
}

func TestClosedManagerRenewsNothing(t *testing.T) {
	f := newFake()
	old := f.token(ada)
	m := f.manager(t, saved(t, old), oauth.Options{})
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err == nil || f.count("refresh_token") != 0 {
		t.Errorf("got %v, want an error and no refresh", err)
	}
	if token, err := m.Token(t.Context(), "123"); err != nil || token != string(old.AccessToken) {
		t.Errorf("got %v, want the token while it is good", err)
	}
}

func TestUnknownUser(t *testing.T) {
	f := newFake()
	m := f.manager(t, oauth.NewMemoryStore(), oauth.Options{})
	if _, err := m.Token(t.Context(), "42"); !errors.Is(err, oauth.ErrNoToken) || !strings.Contains(err.Error(), "user 42") {
		t.Errorf("got %v, want ErrNoToken for user 42", err)
	}
	if _, known := m.Scopes(t.Context(), "42"); known {
		t.Error("got known scopes of an unknown user")
	}
	public := oauth.NewManager("client", "", oauth.NewMemoryStore(), oauth.Options{HTTPClient: f.client()})
	if _, err := public.Token(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "client secret") {
		t.Errorf("got %v, want an error about the client secret", err)
	}
}

func TestAddRenewsAnExpiredImport(t *testing.T) {
	f := newFake()
	old := f.token(ada)
	f.set(func(f *fake) { delete(f.access, string(old.AccessToken)) })
	m := f.manager(t, oauth.NewMemoryStore(), oauth.Options{})
	if user, err := m.Add(t.Context(), oauth.Token{AccessToken: old.AccessToken, RefreshToken: old.RefreshToken}); err != nil || user.ID != "123" {
		t.Errorf("got %v, %v, want ada", user, err)
	}
	if err := m.Logout(t.Context(), "123"); err != nil {
		t.Error(err)
	}
	if _, err := m.Token(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("got %v, want ErrNoToken after logout", err)
	}
}

func TestManagerNeedsAStore(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, "NewMemoryStore") {
			t.Errorf("got %q, want a panic that says what to do", text)
		}
	}()
	oauth.NewManager("client", "", nil, oauth.Options{})
}
