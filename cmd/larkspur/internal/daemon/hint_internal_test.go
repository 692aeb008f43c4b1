package daemon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The library's errors do not name this program; the daemon adds the command to type.
func TestWarningsNameTheLoginCommand(t *testing.T) {
	const command = "larkspur login --config bot.yaml"
	scopes := fmt.Errorf("subscribe: %w", &helix.ScopeError{Endpoint: &helix.Endpoint{Name: "Create"}, UserID: "7", Missing: helix.Scopes{{"bits:read"}}})
	for _, tc := range []struct {
		text string
		err  error
		want string
	}{
		{"no events", scopes, "no events; run: " + command},
		{"no events", fmt.Errorf("token: %w", &oauth.LoginError{UserID: "7"}), "no events; run: " + command},
		{"no events", errors.New("no route to host"), "no events"},
		{"no events", nil, "no events"},
		{"run: " + command, scopes, "run: " + command},
	} {
		if got := withHint(tc.text, tc.err, command); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}
