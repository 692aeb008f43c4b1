package oauth_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A renewal that began for an older token may end with the very token that a caller who
// joined it calls stale. That caller must get a newer one.
func TestCallerThatJoinsAnOlderRenewalGetsANewerToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		first := f.token(ada)
		shared := saved(t, first)
		here := f.manager(t, slow{shared, time.Second}, oauth.Options{})
		elsewhere := f.manager(t, shared, oauth.Options{})
		second, err := elsewhere.Renew(t.Context(), "123", string(first.AccessToken))
		if err != nil {
			t.Fatal(err)
		}
		var calls sync.WaitGroup
		calls.Go(func() { // finds the second token in the store, after a second
			if token, err := here.Renew(t.Context(), "123", string(first.AccessToken)); err != nil || token != second {
				t.Errorf("the first caller got %q, %v, want what another process got", token, err)
			}
		})
		time.Sleep(500 * time.Millisecond)
		calls.Go(func() { // joins, and has seen Twitch refuse the second token
			token, err := here.Renew(t.Context(), "123", second)
			if err != nil || token == second || token == string(first.AccessToken) {
				t.Errorf("the caller that joined got %q, %v, want a third token", token, err)
			}
		})
		calls.Wait()
		if n := f.count("refresh_token"); n != 2 {
			t.Errorf("got %d refreshes, want 2", n)
		}
	})
}

// A token other than the stale one is not returned if it has expired as well.
func TestRenewalDoesNotReturnAnExpiredToken(t *testing.T) {
	for name, warm := range map[string]bool{"in memory": true, "in the store": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				stored := f.token(ada)
				m := f.manager(t, saved(t, stored), oauth.Options{})
				if warm {
					if _, err := m.Token(t.Context(), "123"); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(5 * time.Hour)
				if token, err := m.Renew(t.Context(), "123", "older"); err != nil || token == string(stored.AccessToken) {
					t.Errorf("got %q, %v, want a new token", token, err)
				}
			})
		})
	}
}

// The token that Twitch issued could not be stored. A caller with an even older stale
// token must get the issued one, once it is stored, not the one that it replaced.
func TestRenewalStoresWhatTheStoreDidNotTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		full := true
		store := failing{saved(t, old), func(n oauth.Token) bool { return full && n.AccessToken != old.AccessToken }}
		m := f.manager(t, store, oauth.Options{})
		if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err == nil {
			t.Error("got no error from a store that is full")
		}
		full = false
		time.Sleep(time.Minute)
		token, err := m.Renew(t.Context(), "123", "older")
		kept, loadErr := store.Load(t.Context(), "123")
		if err != nil || loadErr != nil || token == string(old.AccessToken) || token != string(kept.AccessToken) {
			t.Errorf("got %q, %v with %q stored, want the issued token", token, err, string(kept.AccessToken))
		}
	})
}

// Tokens that were stored without a client id are renewed.
func TestTokenOfAnUnnamedClientIsRenewed(t *testing.T) {
	f := newFake()
	stored := f.token(ada)
	stored.ClientID = ""
	m := f.manager(t, saved(t, stored), oauth.Options{})
	if token, err := m.Renew(t.Context(), "123", string(stored.AccessToken)); err != nil || token == string(stored.AccessToken) {
		t.Errorf("got %q, %v, want a new token", token, err)
	}
}
