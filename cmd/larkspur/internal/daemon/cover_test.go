package daemon_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// If a stored login no longer has all needed scopes, the bot uses a new code. If the code
// was used before, the bot prints the command that logs in, and works as far as it can.
func TestMissingScopesAreReportedWithTheCommand(t *testing.T) {
	bubble(t, "new code", func(t *testing.T, tw *emulator.Server) {
		store := storeOf(t, tw, "ada", "chat:read", "chat:edit")
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), store)
		r.up()
		if said := r.said(); strings.Contains(said, "has not granted") {
			t.Errorf("got %q, want the code to be used", said)
		}
		tw.Follow("ada", "grace")
		tw.WantChat(t, "ada", "Thank you grace")
		r.down()
	})
	for name, code := range map[string]string{"used code": "anycode1234", "no code": ""} {
		bubble(t, name, func(t *testing.T, tw *emulator.Server) {
			store := storeOf(t, tw, "ada", "chat:read", "chat:edit")
			r := start(t, tw, configure(t, tw, map[string]string{"CODE": code}), store)
			r.up()
			r.saysUntil("ada has not granted moderator:manage:banned_users moderator:read:followers")
			r.saysUntil("run: larkspur login --config bot.yaml")
			if refused := strings.Contains(r.said(), "its code in the configuration is not accepted"); refused != (code != "") {
				t.Errorf("got %q, want a word about the code: %v", r.said(), code != "")
			}
			tw.Say("ada", "grace", "!hello")
			tw.WantChat(t, "ada", "Hello grace")
			r.down()
			r.hides("anycode1234", tw.ClientSecret())
		})
	}
	bubble(t, "the channel has not logged in", func(t *testing.T, tw *emulator.Server) {
		cfg := configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")})
		store := storeOf(t, tw, "larkbot", configure(t, tw, nil).Scopes().All()...)
		r := start(t, tw, cfg, store)
		r.up()
		if _, err := store.Load(t.Context(), tw.UserID("ada")); err == nil && len(cfg.Scopes().Broadcaster) == 0 {
			t.Error("the channel's code was used, want it left alone: nothing is needed of the channel")
		}
		r.down()
	})
}

// storeOf returns a store with the login of a user.
func storeOf(t *testing.T, tw *emulator.Server, login string, scopes ...string) oauth.Store {
	t.Helper()
	store := oauth.NewMemoryStore()
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient()})
	code := tw.AuthorizationCode(login, "http://localhost", scopes...)
	if _, err := tokens.AddCode(t.Context(), oauth.Secret(code), "http://localhost"); err != nil {
		t.Fatal(err)
	}
	return store
}
