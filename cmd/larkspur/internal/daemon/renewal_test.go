package daemon_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A wire passes requests on, counts refusals, and can delay renewals.
type wire struct {
	tw   *emulator.Server
	hold time.Duration // delay of the responses to renewals

	mu       sync.Mutex
	refused  []string // guarded by mu; paths that were answered 401
	renewals int      // guarded by mu; that were sent
}

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.tw.HTTPClient().Transport.RoundTrip(r)
	w.mu.Lock()
	if err == nil && res.StatusCode == http.StatusUnauthorized {
		w.refused = append(w.refused, r.URL.Path)
	}
	hold := w.hold
	if strings.HasSuffix(r.URL.Path, "/token") {
		w.renewals++
	} else {
		hold = 0
	}
	w.mu.Unlock()
	time.Sleep(hold)
	return res, err
}

func (w *wire) count() (renewals int, refused []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.renewals, append([]string(nil), w.refused...)
}

func (w *wire) options(store oauth.Store) daemon.Options {
	return daemon.Options{Addresses: addresses(w.tw), Tokens: store, HTTPClient: &http.Client{Transport: w}, Dial: w.tw.DialContext}
}

// signedIn stores the login of a user who granted scopes; if none are given, all that
// the bot needs.
func signedIn(t *testing.T, tw *emulator.Server, store oauth.Store, login string, scopes ...string) {
	t.Helper()
	if scopes == nil {
		scopes = configure(t, tw, nil).Scopes().All()
	}
	code := tw.AuthorizationCode(login, "http://localhost", scopes...)
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.OAuthURL()})
	if _, err := tokens.AddCode(t.Context(), oauth.Secret(code), "http://localhost"); err != nil {
		t.Fatal(err)
	}
}

// If a connection is lost shortly before its token expires, the bot reconnects with a new
// token: neither chat nor EventSub refuses it.
func TestReconnectsWithFreshTokens(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store, w := oauth.NewMemoryStore(), &wire{tw: tw}
		signedIn(t, tw, store, "ada")
		r := startWith(t, configure(t, tw, nil), w.options(store))
		r.up()
		token, err := store.Load(t.Context(), tw.UserID("ada"))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(token.ExpiresAt.Add(-20 * time.Second)))
		before, _ := w.count()
		tw.DropEventSub()
		r.until("the renewal", func() bool { n, _ := w.count(); return n == before+1 })
		if !time.Now().Before(token.ExpiresAt) {
			t.Error("the token was over before it was renewed")
		}
		r.saysUntil("token renewed")
		tw.DropChat()
		time.Sleep(time.Minute)
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		tw.Follow("ada", "grace")
		tw.WantChat(t, "ada", "Thank you grace")
		if n, refused := w.count(); n != before+1 || len(refused) > 0 {
			t.Errorf("got %d renewals and 401 for %q, want one and none", n-before, refused)
		}
		r.hides(string(token.AccessToken), string(token.RefreshToken))
		r.down()
	})
}

// Ctrl-C during a renewal: the bot stores the new token before it ends, even if Twitch
// takes long to respond.
func TestStopDuringRenewal(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store, w := oauth.NewMemoryStore(), &wire{tw: tw}
		signedIn(t, tw, store, "ada")
		r := startWith(t, configure(t, tw, nil), w.options(store))
		r.up()
		id := tw.UserID("ada")
		token, err := store.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := w.count()
		w.mu.Lock()
		w.hold = 10 * time.Second
		w.mu.Unlock()
		tw.ExpireToken(string(token.AccessToken))
		tw.Say("ada", "spammer", "spam") // the ban needs a good token
		r.until("the renewal", func() bool { n, _ := w.count(); return n > before })
		r.stop()
		<-r.ended
		renewed, err := store.Load(t.Context(), id)
		if err != nil || renewed.AccessToken == token.AccessToken || !renewed.RefreshingSince.IsZero() {
			t.Errorf("got the old token or an open renewal, want the new one stored: %v", err)
		}
		if said := r.said(); !strings.Contains(said, "it is finished first") {
			t.Errorf("the reason why it does not end was not reported:\n%s", said)
		}
	})
}
