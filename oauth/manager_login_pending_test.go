package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// wantAda checks that ada's login is complete and is the only one in the store.
func wantAda(t *testing.T, f *fake, store oauth.Store) oauth.Token {
	t.Helper()
	if keys, err := store.List(t.Context()); err != nil || len(keys) != 1 || keys[0] != "123" {
		t.Fatalf("got keys %v, %v, want ada's alone", keys, err)
	}
	token, err := store.Load(t.Context(), "123")
	if err != nil || token.Login != "ada" || token.UserID != "123" || token.Problem != "" || token.ValidatedAt.IsZero() {
		t.Errorf("got %+v, %v, want ada's", token, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, alive := f.refresh[string(token.RefreshToken)]; !alive {
		t.Error("got a refresh token that is used up")
	}
	return token
}

func away(f *fake, is bool) { f.set(func(f *fake) { f.away = is }) }

// Twitch issues a token for the code but does not respond to its validation.
func TestLoginIsKeptWhileTwitchIsAway(t *testing.T) {
	tests := map[string]func(t *testing.T, m *oauth.Manager, add func() (oauth.User, error)){
		"tried again": func(t *testing.T, _ *oauth.Manager, add func() (oauth.User, error)) {
			if u, err := add(); err != nil || u.ID != "123" {
				t.Errorf("got %v, %v, want ada", u, err)
			}
		},
		"finished by hand": func(t *testing.T, m *oauth.Manager, _ func() (oauth.User, error)) {
			if users, err := m.FinishLogins(t.Context()); err != nil || len(users) != 1 || users[0].Login != "ada" {
				t.Errorf("got %v, %v, want ada", users, err)
			}
		},
		"finished by Run": func(t *testing.T, m *oauth.Manager, _ func() (oauth.User, error)) {
			running(t, m)
			synctest.Wait()
		},
	}
	for name, finish := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.codes["code-canary"] = ada
				store := oauth.NewMemoryStore()
				m := f.manager(t, store, oauth.Options{})
				add := func() (oauth.User, error) { return m.AddCode(t.Context(), "code-canary", "http://localhost") }
				away(f, true)
				for range 2 {
					_, err := add()
					if !errors.Is(err, oauth.ErrUnfinished) || !strings.Contains(err.Error(), "busy") {
						t.Fatalf("got %v, want ErrUnfinished and why", err)
					}
					wantNoCanary(t, err.Error(), "the error")
				}
				if users, err := m.List(t.Context()); err != nil || len(users) != 0 {
					t.Errorf("got %v, %v, want no user yet", users, err)
				}
				if users, err := m.FinishLogins(t.Context()); !errors.Is(err, oauth.ErrUnfinished) || len(users) != 0 {
					t.Errorf("got %v, %v, want no user while Twitch is unreachable", users, err)
				}
				away(f, false)
				finish(t, f.manager(t, store, oauth.Options{}), add) // of another process
				wantAda(t, f, store)
				if n := f.count("authorization_code"); n != 1 {
					t.Errorf("got the code used %d times, want once", n)
				}
			})
		})
	}
}

// Run tries again every minute, as long as it takes.
func TestRunFinishesLoginsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := oauth.NewMemoryStore()
		m := f.manager(t, store, oauth.Options{})
		away(f, true)
		running(t, m)
		token := f.token(ada)
		if _, err := m.Add(t.Context(), token); !errors.Is(err, oauth.ErrUnfinished) {
			t.Fatalf("got %v, want ErrUnfinished", err)
		}
		time.Sleep(5 * time.Hour) // meanwhile the access token expires
		away(f, false)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if kept := wantAda(t, f, store); kept.AccessToken == token.AccessToken {
			t.Error("got the token whose time is over, want a renewed one")
		}
	})
}

// dying is a store of a process that dies before its nth write.
type dying struct {
	*oauth.MemoryStore
	writes *int
}

var errDied = errors.New("died")

func (s dying) Save(ctx context.Context, key string, t oauth.Token) error {
	if *s.writes--; *s.writes < 0 {
		return errDied
	}
	return s.MemoryStore.Save(ctx, key, t)
}

func (s dying) Delete(ctx context.Context, key string) error {
	if *s.writes--; *s.writes < 0 {
		return errDied
	}
	return s.MemoryStore.Delete(ctx, key)
}

// If a process dies after Twitch's response is on the disk, the next one has the login.
func TestLoginSurvivesAKilledProcess(t *testing.T) {
	for _, expired := range []bool{false, true} {
		for writes := 1; writes < 7; writes++ {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				store := oauth.NewMemoryStore()
				old := f.token(ada)
				if expired {
					f.set(func(f *fake) { delete(f.access, string(old.AccessToken)) }) // it has to be renewed first
				}
				left := writes
				_, first := f.manager(t, dying{store, &left}, oauth.Options{}).Add(t.Context(), old)
				next := f.manager(t, store, oauth.Options{})
				_, err := next.FinishLogins(t.Context())
				if refreshed := expired && writes == 2; refreshed {
					// The second write is the intent, the third the answer: this is the window that no client can close.
					if !errors.Is(err, oauth.ErrRevoked) {
						t.Errorf("got %v, want an error that the response was lost", err)
					}
					return
				}
				if err != nil {
					t.Errorf("got %v after death before write %d (%v), want a login", err, writes+1, first)
				}
				wantAda(t, f, store)
			})
		}
	}
}

// leaving responds to a refresh and is unreachable afterwards.
type leaving struct{ *fake }

func (l leaving) RoundTrip(r *http.Request) (*http.Response, error) {
	before := l.count("refresh_token")
	res, err := l.fake.RoundTrip(r)
	if l.count("refresh_token") > before {
		away(l.fake, true)
	}
	return res, err
}

// An import had to be renewed, which used up the refresh token in the old file, and then
// Twitch is unreachable.
func TestRenewedImportIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		f.set(func(f *fake) { delete(f.access, string(old.AccessToken)) })
		store := oauth.NewMemoryStore()
		m := oauth.NewManager("client", "", store, oauth.Options{HTTPClient: &http.Client{Transport: leaving{f}}})
		if _, err := m.Add(t.Context(), old); !errors.Is(err, oauth.ErrUnfinished) {
			t.Fatalf("got %v, want ErrUnfinished", err)
		}
		away(f, false)
		// A repeated import is the same login.
		if u, err := f.manager(t, store, oauth.Options{}).Add(t.Context(), old); err != nil || u.Login != "ada" {
			t.Errorf("got %v, %v, want ada", u, err)
		}
		wantAda(t, f, store)
		if n := f.count("refresh_token"); n != 1 {
			t.Errorf("got %d refreshes, want 1", n)
		}
	})
}

// A login that was moved to its place, renewed, and found again as unfinished must not
// bring its used-up refresh token back. Neither must a login older than the current one.
func TestFinishedLoginIsNotFinishedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := oauth.NewMemoryStore()
		writes := 2 // not enough for the cleanup
		if _, err := f.manager(t, dying{store, &writes}, oauth.Options{}).Add(t.Context(), f.token(ada)); err != nil {
			t.Fatal(err)
		}
		if keys, _ := store.List(t.Context()); len(keys) != 2 {
			t.Fatalf("got %v, want the login in both places", keys)
		}
		m := f.manager(t, store, oauth.Options{})
		token, err := m.Token(t.Context(), "123")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		renewed, err := m.Renew(t.Context(), "123", token)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.manager(t, store, oauth.Options{}).FinishLogins(t.Context()); err != nil {
			t.Fatal(err)
		}
		if kept := wantAda(t, f, store); string(kept.AccessToken) != renewed {
			t.Error("got the older token back")
		}

		// Unfinished, and then she logs in again, with more.
		away(f, true)
		if _, err := m.Add(t.Context(), f.token(ada)); !errors.Is(err, oauth.ErrUnfinished) {
			t.Fatalf("got %v, want ErrUnfinished", err)
		}
		away(f, false)
		time.Sleep(time.Minute)
		more := ada
		more.scopes = []string{"bits:read", "chat:read"}
		if _, err := m.Add(t.Context(), f.token(more)); err != nil {
			t.Fatal(err)
		}
		if _, err := m.FinishLogins(t.Context()); err != nil {
			t.Fatal(err)
		}
		if kept := wantAda(t, f, store); !kept.Scopes.Contains("bits:read") {
			t.Errorf("got %v, want what she granted last", kept.Scopes)
		}
	})
}

func TestUselessUnfinishedLoginsAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := oauth.NewMemoryStore()
		m := f.manager(t, store, oauth.Options{})
		away(f, true)
		for _, token := range []oauth.Token{f.token(ada), {AccessToken: "dead-canary"}, {RefreshToken: "dead-canary"}} {
			if _, err := m.Add(t.Context(), token); err == nil {
				t.Errorf("got no error for %v", token)
			}
		}
		if _, err := m.Add(t.Context(), oauth.Token{AccessToken: "canary\r\nX: y"}); err == nil || errors.Is(err, oauth.ErrUnfinished) {
			t.Errorf("got %v, want a refusal at once", err)
		}
		f.revoke("123")
		away(f, false)
		other := oauth.NewManager("other", "", store, oauth.Options{HTTPClient: f.client()})
		if users, err := other.FinishLogins(t.Context()); err != nil || len(users) != 0 {
			t.Errorf("got %v, %v, want another client's logins left alone", users, err)
		}
		if keys, _ := store.List(t.Context()); len(keys) != 3 {
			t.Errorf("got %v, want three kept", keys)
		}
		if _, err := m.FinishLogins(t.Context()); !errors.Is(err, oauth.ErrRevoked) || errors.Is(err, oauth.ErrUnfinished) {
			t.Errorf("got %v, want it refused for good", err)
		}
		if keys, _ := store.List(t.Context()); len(keys) != 0 {
			t.Errorf("got %v, want nothing left to try again", keys)
		}
	})
}

// If the caller's context ends, the exchanged token is still stored.
func TestAddCodeGoesOnWithoutItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.codes["code-canary"] = ada
		f.delay = 3 * time.Second
		store := oauth.NewMemoryStore()
		m := f.manager(t, store, oauth.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.AddCode(ctx, "code-canary", "http://localhost"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the caller's deadline", err)
		}
		if err := m.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := f.manager(t, store, oauth.Options{}).FinishLogins(t.Context()); err != nil {
			t.Error(err)
		}
		wantAda(t, f, store)
		if _, err := m.AddCode(ctx, "code-canary", "http://localhost"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v of one who is gone, want nothing begun", err)
		}
	})
}

// A machine without a battery for its clock begins in the past. A login that is made
// then seems older than the one that it replaces, which Twitch has refused.
func TestLoginFromThePastReplacesALostOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.codes["code-canary"] = ada
		store := oauth.NewMemoryStore()
		lost := f.token(ada)
		f.revoke(ada.userID)
		lost.Problem, lost.AddedAt = "refused", time.Now().Add(24*365*time.Hour)
		if err := store.Save(t.Context(), ada.userID, lost); err != nil {
			t.Fatal(err)
		}
		m := f.manager(t, store, oauth.Options{})
		away(f, true)
		if _, err := m.AddCode(t.Context(), "code-canary", "http://localhost"); !errors.Is(err, oauth.ErrUnfinished) {
			t.Fatalf("got %v, want %v", err, oauth.ErrUnfinished)
		}
		away(f, false)
		if _, err := m.FinishLogins(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantAda(t, f, store)
	})
}
