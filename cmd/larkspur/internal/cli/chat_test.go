package cli_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// storeLogin stores a token of a user, as a login does.
func storeLogin(t *testing.T, tw *emulator.Server, state, login string, scopes ...string) {
	t.Helper()
	store, err := oauth.OpenFileStore(state + "/tokens.json") // the first command imports it
	if err != nil {
		t.Fatal(err)
	}
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL()})
	if _, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(tw.UserToken(login, scopes...))}); err != nil {
		t.Fatal(err)
	}
}

// said reports whether a user wrote a text.
func said(tw *emulator.Server, channel, user, text string) func() bool {
	return func() bool {
		for _, m := range tw.Chat(channel) {
			if m.User == user && m.Text == text {
				return true
			}
		}
		return false
	}
}
