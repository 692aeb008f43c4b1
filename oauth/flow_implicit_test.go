package oauth_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestParseFragment(t *testing.T) {
	const fragment = "access_token=access-canary&scope=chat%3Aread+chat%3Aedit&state=s&token_type=bearer&id_token=a.b.c"
	for _, address := range []string{
		"https://localhost/#" + fragment, "http://localhost:3000/cb?x=1#" + fragment, "#" + fragment, " " + fragment + "\n",
		"https://localhost/#/" + fragment,
	} {
		token, err := oauth.ParseFragment(address, "s")
		if err != nil {
			t.Errorf("%s: got %v, want none", address, err)
			continue
		}
		if token.AccessToken != "access-canary" || token.Scopes.String() != "chat:edit chat:read" || token.IDToken != "a.b.c" {
			t.Errorf("%s: got %+v, want the token with two scopes", address, token)
		}
	}
	token, err := oauth.ParseFragment("access_token=a&state=s&expires_in=60", "s")
	if err != nil || token.Scopes != nil || time.Until(token.ExpiresAt) < 50*time.Second {
		t.Errorf("got %+v, %v, want an expiry and no scopes", token, err)
	}
}

func TestParseFragmentRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ address, want string }{
		"wrong state":     {"https://localhost/#access_token=canary&state=x", "not started here"},
		"no state":        {"https://localhost/#access_token=canary", "not started here"},
		"no token":        {"https://localhost/#state=s", "holds no token"},
		"half an address": {"https://localhost/?state=s", "holds no token"},
		"a second line":   {"#access_token=canary%0d%0aPART&state=s", "holds no token"},
		"bad escape":      {"#access_token=canary%zz&state=s", "cannot be read"},
		"oversized":       {"#access_token=" + strings.Repeat("c", 1<<20), "cannot be read"},
	} {
		_, err := oauth.ParseFragment(tt.address, "s")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
		if err != nil {
			wantNoCanary(t, err.Error(), name)
		}
	}
	// A refusal is in the query, not in the fragment. Browsers may add a "#" to it.
	_, err := oauth.ParseFragment("https://localhost/?error=access_denied&error_description=The+user+denied&state=s#", "s")
	refusal, refused := errors.AsType[*oauth.Error](err)
	if !refused || refusal.Code != "access_denied" {
		t.Errorf("got %v, want access_denied", err)
	}
}

func TestAuthorizeURLForOtherLogins(t *testing.T) {
	c := oauth.Client{ClientID: "client"}
	for _, tt := range []struct {
		a    oauth.Authorization
		want map[string]string
	}{
		{oauth.Authorization{Nonce: "n", Claims: []string{"email"}}, map[string]string{"response_type": "code", "nonce": "", "claims": ""}},
		{oauth.Authorization{Implicit: true}, map[string]string{"response_type": "token"}},
		{
			oauth.Authorization{Implicit: true, Scopes: oauth.NewScopeSet(oauth.ScopeOpenid), Nonce: "n"},
			map[string]string{"response_type": "token id_token", "nonce": "n", "claims": ""},
		},
		{
			oauth.Authorization{Scopes: oauth.NewScopeSet(oauth.ScopeOpenid), Claims: []string{"picture", "email"}},
			map[string]string{"response_type": "code", "claims": `{"id_token":{"email":null,"picture":null}}`},
		},
	} {
		address, err := url.Parse(c.AuthorizeURL(tt.a))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range tt.want {
			if got := address.Query().Get(name); got != want {
				t.Errorf("%s: got %q, want %q in %s", name, got, want, address)
			}
		}
	}
}

func FuzzFragment(f *testing.F) {
	f.Add("https://localhost/#access_token=abc&scope=a+b&state=s&expires_in=5", "s")
	f.Add("?error=access_denied&state=s#", "s")
	f.Add("#id_token=a.b.c&access_token=x", "")
	f.Add("https://localhost/#access_token=access-canary%zz&state=state-canary", "s")
	f.Fuzz(func(t *testing.T, address, state string) {
		token, err := oauth.ParseFragment(address, state)
		if err != nil {
			if !strings.Contains(address, "error") { // the address itself contains an error
				wantNoCanary(t, err.Error(), "an error")
			}
			return
		}
		for _, s := range []oauth.Secret{token.AccessToken, token.IDToken} {
			if strings.ContainsAny(string(s), "\r\n \x00") {
				t.Errorf("got %q", string(s))
			}
		}
		if token.AccessToken == "" || token.ExpiresAt.Before(time.Now().Add(-time.Minute)) && !token.ExpiresAt.IsZero() {
			t.Errorf("got %+v", token)
		}
	})
}
