package oauth_test

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A link on any web page can send a browser through a login without scopes, and Twitch
// does not ask users again who have agreed before. This must not remove scopes.
func TestHandlerLinkDoesNotRemoveScopes(t *testing.T) {
	less := grant{userID: ada.userID, login: ada.login}
	tests := []struct {
		name, query string
		before      func(s *site, t oauth.Token) oauth.Token
		scopes      string
	}{
		{"good token", "?scopes=", nil, "chat:edit chat:read"},
		{"the person was asked", "?scopes=&force_verify=true", nil, ""},
		{"token that Twitch has refused", "?scopes=", func(_ *site, t oauth.Token) oauth.Token {
			t.Problem = "refused"
			return t
		}, ""},
		{"token that is revoked, not yet noticed", "?scopes=", func(s *site, t oauth.Token) oauth.Token {
			s.twitch.revoke(ada.userID)
			return t
		}, ""},
		{"token that is over and can be renewed", "?scopes=", func(s *site, t oauth.Token) oauth.Token {
			s.twitch.set(func(f *fake) { delete(f.access, string(t.AccessToken)) })
			t.ExpiresAt = time.Now().Add(-time.Hour)
			return t
		}, "chat:edit chat:read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, "https://bot.example/oauth/callback", oauth.HandlerOptions{})
			old := s.twitch.token(ada)
			if test.before != nil {
				old = test.before(s, old)
			}
			if err := s.store.Save(t.Context(), ada.userID, old); err != nil {
				t.Fatal(err)
			}
			state := s.begin(test.query)
			s.want(s.get(callback+"code="+s.code(less)+"&state="+state), 200, "Thank you, ada")
			users, err := s.tokens.List(t.Context())
			if err != nil || len(users) != 1 || users[0].Scopes.String() != test.scopes {
				t.Errorf("got %+v, %v, want the scopes %q", users, err, test.scopes)
			}
			if _, err := s.tokens.Token(t.Context(), ada.userID); err != nil {
				t.Error(err)
			}
		})
	}
}
