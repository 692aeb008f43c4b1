package oauth_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// Each user who must log in is reported once, even if an earlier process found it out.
func TestRunReportsUsersWhoMustLogIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := saved(t, f.token(ada))
		lost := f.token(grant{userID: "456", login: "grace"})
		lost.Problem = "found out yesterday"
		if err := store.Save(t.Context(), "456", lost); err != nil {
			t.Fatal(err)
		}
		told := make(chan *oauth.LoginError, 100)
		var revoked, refreshed atomic.Int32
		m := f.manager(t, store, oauth.Options{
			OnNeedsLogin: func(e *oauth.LoginError) { told <- e },
			OnRevoked:    func(*oauth.LoginError) { revoked.Add(1) },
			OnRefreshed:  func(string) { refreshed.Add(1) },
			LoginURL: func(userID string, scopes oauth.ScopeSet) string {
				return "https://bot.example/oauth?user_id=" + userID + "&scopes=" + scopes.String()
			},
		})
		running(t, m)
		synctest.Wait()
		if len(told) != 1 {
			t.Fatalf("got %d calls at start, want 1", len(told))
		}
		if e := <-told; e.UserID != "456" || e.Reason != "found out yesterday" || !strings.Contains(e.Error(), "open https://bot.example/oauth?user_id=456") {
			t.Errorf("got %v, want grace and where to log in", e)
		}
		f.revoke("123")
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		if len(told) != 1 || revoked.Load() != 1 {
			t.Errorf("got %d calls and %d revoked after ada disconnected, want 1 and 1", len(told), revoked.Load())
		}
		if e := <-told; e.UserID != "123" || !strings.Contains(e.URL, "scopes=chat:edit chat:read") {
			t.Errorf("got %v, want ada and what she had granted", e)
		}

		// The user logs in and disconnects again: this is reported again.
		if _, err := m.Add(t.Context(), f.token(ada)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		f.revoke("123")
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if len(told) != 1 {
			t.Errorf("got %d calls the second time, want 1", len(told))
		}
		if _, err := m.Token(t.Context(), "789"); !errors.Is(err, oauth.ErrNoToken) || !strings.Contains(err.Error(), "user_id=789") {
			t.Errorf("got %v for a stranger, want where to log in", err)
		}
	})
}

// A few workers validate thousands of users within the available time.
func TestRunValidatesThousands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		f.slow = time.Second // of every answer
		store := oauth.NewMemoryStore()
		const users = 1000
		for i := range users {
			id := fmt.Sprint(100_000 + i)
			if err := store.Save(t.Context(), id, f.token(grant{userID: id, login: "user" + id})); err != nil {
				t.Fatal(err)
			}
		}
		running(t, f.manager(t, store, oauth.Options{}))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := f.count("/validate"); n < users {
			t.Errorf("got %d validations in ten minutes, want %d", n, users)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if n := f.count("/validate"); n < 2*users || n > 4*users {
			t.Errorf("got %d validations in two hours, want two or three for each of %d", n, users)
		}
		if n := f.most; n > 8 {
			t.Errorf("got %d requests at a time, want at most 8", n)
		}
	})
}
