package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// newest reports whether the token that was issued last is still valid.
func (f *fake) newest(old oauth.Token) (alive bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token := range f.access {
		if token != string(old.AccessToken) {
			return true
		}
	}
	return false
}

// A renewal that is under way leaves no live token behind.
func TestLogoutDuringARenewal(t *testing.T) {
	for name, logouts := range map[string]func(m, other *oauth.Manager) *oauth.Manager{
		"in this process": func(m, _ *oauth.Manager) *oauth.Manager { return m },
		"in another one":  func(_, other *oauth.Manager) *oauth.Manager { return other },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.delay = 3 * time.Second
				old := f.token(ada)
				store := saved(t, old)
				m, other := f.manager(t, store, oauth.Options{}), f.manager(t, store, oauth.Options{})
				go func() { _, _ = m.Renew(t.Context(), "123", string(old.AccessToken)) }()
				time.Sleep(time.Second) // Twitch is about to answer
				if err := logouts(m, other).Logout(t.Context(), "123"); err != nil {
					t.Fatal(err)
				}
				if err := m.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				if f.newest(old) {
					t.Error("got a renewed token alive after the logout")
				}
				if _, err := store.Load(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
					t.Errorf("got %v, want nothing stored", err)
				}
				if _, err := logouts(m, other).Token(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
					t.Errorf("got %v, want ErrNoToken", err)
				}
			})
		})
	}
}

// A token that Twitch issued but that could not be stored is revoked as well.
func TestLogoutOfAnUnsavedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		store := failing{saved(t, old), func(n oauth.Token) bool { return n.AccessToken != old.AccessToken }}
		m := f.manager(t, store, oauth.Options{})
		if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err == nil {
			t.Fatal("got no error from a full disk")
		}
		if err := m.Logout(t.Context(), "123"); err != nil {
			t.Fatal(err)
		}
		f.set(func(f *fake) {
			if len(f.access) > 0 {
				t.Errorf("got %d tokens alive after the logout, want none", len(f.access))
			}
		})
	})
}

func TestLogoutWithoutTwitchKeepsTheToken(t *testing.T) {
	f := newFake()
	store := saved(t, f.token(ada))
	m := f.manager(t, store, oauth.Options{})
	f.set(func(f *fake) { f.down = true })
	if err := m.Logout(t.Context(), "123"); err == nil {
		t.Error("got no error while Twitch is away")
	}
	if _, err := store.Load(t.Context(), "123"); err != nil {
		t.Errorf("got %v, want the token kept", err)
	}
	f.set(func(f *fake) { f.down = false })
	f.revoke("123")
	if err := m.Logout(t.Context(), "123"); err != nil { // it is worthless already
		t.Error(err)
	}
}

// impatient cancels the caller's context when Twitch has revoked the token.
type impatient struct {
	*fake
	leave context.CancelFunc
}

func (i impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := i.fake.RoundTrip(r)
	if i.count("/revoke") > 0 {
		i.leave()
	}
	return res, err
}

// A revoked token is deleted even if the caller no longer waits.
func TestLogoutIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := slow{saved(t, f.token(ada)), time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		m := oauth.NewManager("client", "", store, oauth.Options{HTTPClient: &http.Client{Transport: impatient{f, cancel}}})
		if err := m.Logout(ctx, "123"); err != nil {
			t.Error(err)
		}
		if _, err := store.Load(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
			t.Errorf("got %v, want ErrNoToken", err)
		}
	})
}

// A user whom one process removed is no longer served by another process.
func TestRemovedElsewhereIsNotServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := oauth.NewMemoryStore()
		if err := store.Save(t.Context(), "123", f.token(ada)); err != nil {
			t.Fatal(err)
		}
		here, there := f.manager(t, store, oauth.Options{}), f.manager(t, store, oauth.Options{})
		running(t, here)
		if _, err := here.Token(t.Context(), "123"); err != nil {
			t.Fatal(err)
		}
		if removed, err := there.Remove(t.Context(), "123"); err != nil || !removed {
			t.Fatalf("got %v, %v, want it removed", removed, err)
		}
		if removed, err := there.Remove(t.Context(), "123"); err != nil || removed {
			t.Errorf("again: got %v, %v, want nothing to remove", removed, err)
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if _, err := here.Token(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
			t.Errorf("got %v, want %v", err, oauth.ErrNoToken)
		}
	})
}
