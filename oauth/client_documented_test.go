package oauth_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The bodies that Twitch's documentation shows, where they are at hand.
func TestDocumentedAnswers(t *testing.T) {
	names, _ := filepath.Glob("../../shared/twitch/examples/oauth/*.json")
	if len(names) == 0 {
		t.Skip("Twitch's documented examples are not here")
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := newFake()
			f.body, f.status = string(body), 200
			kind, _, _ := strings.Cut(filepath.Base(name), ".")
			if strings.Contains(name, ".error.") {
				f.status = 400
			}
			c := f.protocol()
			switch kind {
			case "token":
				var token oauth.Token
				token, err = c.Refresh(t.Context(), "r")
				if err == nil && (token.AccessToken == "" || token.ExpiresAt.IsZero()) {
					t.Errorf("got %+v, want token and expiry", token)
				}
			case "validate":
				var id oauth.Identity
				id, err = c.Validate(t.Context(), "a")
				if err == nil && (id.UserID == "" || len(id.Scopes) == 0) {
					t.Errorf("got %+v, want user and scopes", id)
				}
			case "device":
				var d *oauth.Device
				d, err = c.StartDevice(t.Context(), nil)
				if err == nil && d.UserCode == "" {
					t.Errorf("got %+v, want a user code", d)
				}
			case "revoke":
				err = c.Revoke(t.Context(), "a")
			default:
				t.Fatalf("no test for %s", name)
			}
			refusal, refused := errors.AsType[*oauth.Error](err)
			if refused != (f.status == 400) || refused && refusal.Description == "" || !refused && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}
