package oauth_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestScopesFromURL(t *testing.T) {
	c := &oauth.Client{ClientID: "client"}
	asked := oauth.NewScopeSet("chat:read", "chat:edit")
	tests := []struct{ address, want string }{
		{c.AuthorizeURL(oauth.Authorization{RedirectURI: "http://localhost/cb?scope=bits:read", Scopes: asked, State: "s"}), "chat:edit chat:read"},
		{"http://localhost:4343/oauth/callback?code=canary&scope=chat%3Aread+chat%3Aedit&state=canary", "chat:edit chat:read"},
		{"http://localhost/#access_token=canary&scope=chat%3Aread&token_type=bearer", "chat:read"},
		{"https://bot.example/oauth?scopes=chat:read+chat:edit&force_verify=true", "chat:edit chat:read"},
		{"https://bot.example/oauth?scopes=chat:read,chat:edit", "chat:edit chat:read"},
		{"https://bot.example/oauth?scopes=chat:read&scopes=chat:edit&scope=bits:read", "bits:read chat:edit chat:read"},
		{" scopes=chat:read%20chat:edit\n", "chat:edit chat:read"},
		{"https://id.twitch.tv/oauth2/authorize?scope=", ""},
	}
	for _, tt := range tests {
		got, err := oauth.ScopesFromURL(tt.address)
		if err != nil || got == nil || got.String() != tt.want {
			t.Errorf("%s: got %v, %v, want %q", tt.address, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "https://twitch.tv/", "https://twitch.tv/?code=canary", "?scope=%zzcanary", "?scope=" + strings.Repeat("canary", 1e5)} {
		if got, err := oauth.ScopesFromURL(bad); err == nil {
			t.Errorf("got %v, want an error", got)
		} else {
			wantNoCanary(t, err.Error(), "the error")
		}
	}
}

func TestScopesInURL(t *testing.T) {
	set := oauth.NewScopeSet("chat:read", "chat:edit")
	if got, want := set.QueryEscape(), "chat%3Aedit+chat%3Aread"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := oauth.ScopeSet(nil).QueryEscape(); got != "" {
		t.Errorf("got %q of no scopes, want nothing", got)
	}
}

// JSON keeps the difference between unknown scopes and no scopes.
func TestScopesAsJSON(t *testing.T) {
	for want, set := range map[string]oauth.ScopeSet{
		`null`: nil, `[]`: {}, `["chat:edit","chat:read"]`: oauth.NewScopeSet("chat:read", "chat:edit"),
	} {
		data, err := json.Marshal(set)
		if err != nil || string(data) != want {
			t.Errorf("got %s, %v, want %s", data, err, want)
		}
		var back oauth.ScopeSet
		if err := json.Unmarshal(data, &back); err != nil || !slices.Equal(back, set) || (back == nil) != (set == nil) {
			t.Errorf("got %#v, %v back from %s", back, err, data)
		}
	}
}

func FuzzScopesFromURL(f *testing.F) {
	f.Add("https://id.twitch.tv/oauth2/authorize?scope=chat%3Aread+chat%3Aedit&state=x")
	f.Add("http://localhost/#access_token=a&scope=chat:read")
	f.Add("scopes=%zz")
	f.Fuzz(func(t *testing.T, address string) {
		set, err := oauth.ScopesFromURL(address)
		if err != nil {
			if len(address) > 8 && strings.Contains(err.Error(), address) {
				t.Errorf("got %v, want nothing of the address in it", err)
			}
			return
		}
		again, err := oauth.ScopesFromURL("?scope=" + set.QueryEscape())
		if err != nil || !slices.Equal(again, set) {
			t.Errorf("got %q, %v, want %q", again, err, set)
		}
	})
}
