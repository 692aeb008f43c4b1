package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// running runs m for the test's time.
func running(t *testing.T, m *oauth.Manager) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got %v, want none at the end of ctx", err)
		}
	})
}

func TestRunValidatesEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := oauth.NewMemoryStore()
		for i := range 10 {
			id := fmt.Sprint(100 + i)
			if err := store.Save(t.Context(), id, f.token(grant{userID: id, login: "user" + id})); err != nil {
				t.Fatal(err)
			}
		}
		running(t, f.manager(t, store, oauth.Options{}))
		synctest.Wait()
		if n := f.count("/validate"); n != 10 {
			t.Fatalf("got %d validations at start, want 10", n)
		}
		for i := range 6 { // spread: not all at the full hour
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			if n, want := f.count("/validate"), 10+10*(i+1)/6; n != want {
				t.Errorf("got %d validations after %d min, want %d", n, 10*(i+1), want)
			}
		}
		time.Sleep(23 * time.Hour)
		synctest.Wait()
		if n := f.count("/validate"); n < 10*24 || n > 10*25 {
			t.Errorf("got %d validations in a day, want about 250", n)
		}
		kept, err := store.Load(t.Context(), "105")
		if err != nil || time.Since(kept.ValidatedAt) > time.Hour {
			t.Errorf("got validated at %v, %v, want less than an hour ago", kept.ValidatedAt, err)
		}
	})
}

func TestRunFindsARevokedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		lost := make(chan *oauth.LoginError, 10)
		m := f.manager(t, saved(t, f.token(ada)), oauth.Options{OnRevoked: func(e *oauth.LoginError) { lost <- e }})
		running(t, m)
		synctest.Wait()
		f.revoke("123")
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if len(lost) != 1 {
			t.Fatalf("got %d calls of OnRevoked, want 1", len(lost))
		}
		if e := <-lost; e.UserID != "123" || !errors.Is(e, oauth.ErrRevoked) {
			t.Errorf("got %v, want ada's", e)
		}
		if n := f.count("refresh_token"); n != 1 {
			t.Errorf("got %d refreshes, want 1", n)
		}
	})
}

func TestRunRenewsWhatEndedEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		refreshed := make(chan string, 10)
		m := f.manager(t, saved(t, old), oauth.Options{OnRefreshed: func(id string) { refreshed <- id }})
		f.set(func(f *fake) { delete(f.access, string(old.AccessToken)) })
		running(t, m)
		synctest.Wait()
		if token, err := m.Token(t.Context(), "123"); err != nil || token == string(old.AccessToken) {
			t.Errorf("got %v, %v, want a renewed token", token, err)
		}
		if len(refreshed) != 1 || <-refreshed != "123" {
			t.Error("want one call of OnRefreshed for ada")
		}
	})
}

func TestRunSurvivesTheNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		old := f.token(ada)
		f.down = true
		m := f.manager(t, saved(t, old), oauth.Options{})
		running(t, m)
		time.Sleep(90 * time.Second)
		if token, err := m.Token(t.Context(), "123"); err != nil || token != string(old.AccessToken) {
			t.Errorf("got %v, %v, want the token kept", token, err)
		}
		f.set(func(f *fake) { f.down = false })
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := f.count("/validate"); n != 1 {
			t.Errorf("got %d validations once the network is back, want 1", n)
		}
	})
}

func TestRunNoticesNewUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := oauth.NewMemoryStore()
		m := f.manager(t, store, oauth.Options{})
		running(t, m)
		synctest.Wait()
		before := f.count("/validate")
		if _, err := m.Add(t.Context(), f.token(ada)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if n, want := f.count("/validate"), before+2; n != want {
			t.Errorf("got %d validations, want %d: one by Add, and one by Run, which Add wakes", n, want)
		}
		// As if by another process.
		grace := grant{userID: "456", login: "grace"}
		if err := store.Save(t.Context(), "456", f.token(grace)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if kept, _ := store.Load(t.Context(), "456"); kept.ValidatedAt.IsZero() {
			t.Error("got a user of another process not validated within ten minutes")
		}
	})
}

func TestRunNoticesAForeignToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		store := oauth.NewMemoryStore()
		if err := store.Save(t.Context(), "999", f.token(ada)); err != nil {
			t.Fatal(err)
		}
		lost := make(chan *oauth.LoginError, 10)
		m := f.manager(t, store, oauth.Options{OnRevoked: func(e *oauth.LoginError) { lost <- e }})
		running(t, m)
		synctest.Wait()
		if len(lost) != 1 {
			t.Fatalf("got %d calls of OnRevoked, want 1", len(lost))
		}
		if _, err := m.Token(t.Context(), "999"); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v, want ErrRevoked: a token of another user is not used", err)
		}
	})
}

// While the renewal cannot be repeated, the token is still validated.
func TestRunValidatesInTheMiddleOfARenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		old.RefreshingSince, old.RefreshToken = time.Now().Add(-time.Hour), "refresh-canary"
		store := saved(t, old)
		// A wrong secret: the response contains nothing about the refresh token.
		m := oauth.NewManager("client", "wrong", store, oauth.Options{HTTPClient: &http.Client{Transport: wrongSecret{f}}})
		running(t, m)
		time.Sleep(time.Minute)
		if kept, err := store.Load(t.Context(), "123"); err != nil || kept.ValidatedAt.IsZero() || kept.RefreshingSince.IsZero() || kept.Problem != "" {
			t.Errorf("got %+v, %v, want it validated, and the renewal not forgotten", kept, err)
		}
		if n := f.count("/validate"); n != 1 {
			t.Errorf("got %d validations, want 1", n)
		}
	})
}

// wrongSecret refuses every client secret.
type wrongSecret struct{ *fake }

func (w wrongSecret) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/token") {
		rec := httptest.NewRecorder()
		refuse(rec, 403, "invalid client secret")
		return rec.Result(), nil
	}
	return w.fake.RoundTrip(r)
}

// A renewal that a dead process began is repeated at the start. If the refresh token is
// lost, this is found then and not in the middle of a stream.
func TestRunTakesUpAnInterruptedRenewal(t *testing.T) {
	for _, lost := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake()
			old := f.token(ada)
			old.RefreshingSince = time.Now().Add(-time.Hour)
			if lost {
				f.set(func(f *fake) { clear(f.refresh) }) // Twitch's response was never stored
			}
			told := make(chan *oauth.LoginError, 10)
			store := saved(t, old)
			m := f.manager(t, store, oauth.Options{OnRevoked: func(e *oauth.LoginError) { told <- e }})
			running(t, m)
			synctest.Wait()
			kept, err := store.Load(t.Context(), "123")
			if err != nil || !kept.RefreshingSince.IsZero() {
				t.Errorf("got %+v, %v, want the renewal ended", kept, err)
			}
			if !lost && (kept.AccessToken == old.AccessToken || kept.ValidatedAt.IsZero()) {
				t.Errorf("got %+v, want a renewed and validated token", kept)
			}
			if lost != (len(told) == 1) {
				t.Errorf("got %d calls at start, lost is %v", len(told), lost)
			}
			if n := f.count("refresh_token"); n != 1 {
				t.Errorf("got %d refreshes, want 1", n)
			}
		})
	}
}
