package oauth_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A login with OpenID Connect on the emulator. Its signatures are a separate
// implementation, so an error in one of the two makes this test fail.
func TestOpenIDOnTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.ApproveAs("ada"))
		browser := *tw.HTTPClient()
		c := &oauth.Client{
			ClientID: tw.ClientID(), ClientSecret: oauth.Secret(tw.ClientSecret()),
			HTTPClient: tw.HTTPClient(), BaseURL: tw.OAuthURL(),
		}
		const redirect = "http://localhost:3000/cb"
		state, nonce := oauth.NewState(), oauth.NewState()
		a := oauth.Authorization{
			RedirectURI: redirect, Scopes: oauth.NewScopeSet(oauth.ScopeOpenid, oauth.ScopeUserReadEmail),
			State: state, Nonce: nonce, Claims: []string{"email", "preferred_username"},
		}
		back := sentTo(t, &browser, c.AuthorizeURL(a))
		code, err := oauth.ParseRedirect(back, state)
		if err != nil {
			t.Fatal(err)
		}
		token, err := c.ExchangeCode(t.Context(), code, redirect)
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.VerifyIDToken(t.Context(), token.IDToken, nonce)
		if err != nil {
			t.Fatal(err)
		}
		if id.UserID != tw.UserID("ada") || id.ClientID != tw.ClientID() || id.Nonce != nonce {
			t.Errorf("got %+v, want ada's for this client and login", id)
		}
		if _, err := c.VerifyIDToken(t.Context(), token.IDToken, oauth.NewState()); err == nil {
			t.Error("got no error for another login's nonce")
		}

		a.Implicit = true
		token, err = oauth.ParseFragment(sentTo(t, &browser, c.AuthorizeURL(a)), state)
		if err != nil {
			t.Fatal(err)
		}
		if id, err = c.VerifyIDToken(t.Context(), token.IDToken, nonce); err != nil || id.UserID != tw.UserID("ada") {
			t.Errorf("got %+v, %v from the fragment, want ada's", id, err)
		}
		if who, err := c.Validate(t.Context(), token.AccessToken); err != nil || who.Login != "ada" {
			t.Errorf("got %v, %v, want ada", who, err)
		}
	})
}

// sentTo opens an address and returns the one that the browser is sent to.
func sentTo(t *testing.T, browser *http.Client, address string) string {
	t.Helper()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back := res.Header.Get("Location")
	if back == "" {
		t.Fatalf("got %v, want to be sent back", res.Status)
	}
	return back
}
