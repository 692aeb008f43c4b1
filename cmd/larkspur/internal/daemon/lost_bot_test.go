package daemon_test

import (
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// twoLogins is a store in which the bot has logged in, and ada too.
func twoLogins(t *testing.T, tw *emulator.Server) oauth.Store {
	t.Helper()
	scopes := []string{"chat:edit", "chat:read", "moderator:manage:banned_users", "moderator:read:followers"}
	store := storeOf(t, tw, "ada", scopes...)
	signedIn(t, tw, store, "larkbot", scopes...)
	return store
}

// A bot with an account of its own ends when that login is lost. It names the account,
// and does not restart as the channel's owner.
func TestLostBotDoesNotTalkAsTheOwner(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store := twoLogins(t, tw)
		r := start(t, tw, configure(t, tw, nil), store)
		r.up()
		r.saysUntil("in the channel ada as larkbot")
		tw.Disconnect("larkbot")
		tw.DropChat()
		for _, got := range []string{r.fails(), start(t, tw, configure(t, tw, nil), store).fails()} {
			for _, want := range []string{"no longer accepts the login of larkbot", "connectors.twitch.bot-code", "--account bot"} {
				if !strings.Contains(got, want) {
					t.Errorf("got %q, want it to say %q", got, want)
				}
			}
		}
		signedIn(t, tw, store, "larkbot", "chat:edit", "chat:read")
		again := start(t, tw, configure(t, tw, nil), store)
		again.up()
		again.saysUntil("in the channel ada as larkbot")
		again.down()
	})
}

// A running bot learns within seconds when another program finds out that its
// login is lost.
func TestLossFoundByAnotherProgram(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store := twoLogins(t, tw)
		r := start(t, tw, configure(t, tw, nil), store)
		r.up()
		time.Sleep(time.Second)
		tw.Disconnect("larkbot")
		stored, err := store.Load(t.Context(), tw.UserID("larkbot"))
		if err != nil {
			t.Fatal(err)
		}
		doctor := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient()})
		if token, err := doctor.Renew(t.Context(), stored.UserID, string(stored.AccessToken)); err == nil {
			t.Fatalf("got a token of %d characters, want none", len(token))
		}
		since := time.Now()
		if got := r.fails(); !strings.Contains(got, "no longer accepts the login of larkbot") {
			t.Errorf("got %q, want who must log in", got)
		}
		if took := time.Since(since); took > 10*time.Second {
			t.Errorf("the bot noticed after %v, want seconds", took)
		}
	})
}
