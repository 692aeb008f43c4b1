package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The library's errors do not name this program; the program adds the command to type.
func TestHintNamesTheCommand(t *testing.T) {
	scopes := &helix.ScopeError{Endpoint: &helix.Endpoint{Name: "Get Polls"}, UserID: "7", Missing: helix.Scopes{{"channel:read:polls", "channel:manage:polls"}}}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("polls: %w", scopes), "larkspur login --add-scopes channel:read:polls"},
		{fmt.Errorf("ada: %w", &oauth.LoginError{UserID: "7", Scopes: oauth.ParseScopes("chat:read chat:edit")}), "larkspur login --scopes chat:edit,chat:read"},
		{&oauth.LoginError{UserID: "7"}, "larkspur login"},
		{&oauth.LoginError{UserID: "7", URL: "https://bot.example/oauth"}, ""},
		{&oauth.LoginError{}, ""}, // the application's own token
		{errors.New("no route to host"), ""},
		{fmt.Errorf("run: larkspur login --config a.yaml: %w", scopes), ""},
	} {
		if got := hint(tc.err); got != tc.want {
			t.Errorf("%v: got %q, want %q", tc.err, got, tc.want)
		}
	}
}
