package daemon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill"
)

// Operators read logins and reasons, not steps, packages and user IDs.
func TestFailureNamesTheLoginAndTheCommand(t *testing.T) {
	who := accounts{broadcaster: account{"1", "ada"}, bot: account{"2", "larkbot"}}
	missing := &helix.ScopeError{
		Endpoint: &helix.Endpoint{Name: "Ban User"}, UserID: "1",
		Missing: helix.Scopes{{"moderator:manage:banned_users"}},
	}
	for _, tc := range []struct {
		err           error
		want, command string
	}{
		{fmt.Errorf("do[0]: %w", missing), "ada has not granted moderator:manage:banned_users", "larkspur login"},
		{
			fmt.Errorf("do[12]: %w", &helix.Error{Endpoint: &helix.Endpoint{Name: "Ban User"}, Status: 400, Message: "the user is banned"}),
			"400 Bad Request: the user is banned", "",
		},
		{errors.New("when: no such thing"), "when: no such thing", ""},
	} {
		f, ok := errors.AsType[*ActionError](explained(skill.Report{Err: tc.err}, who, "larkspur login").Err)
		if !ok || f.Reason != tc.want || f.Command != tc.command {
			t.Errorf("%v: got %+v, want %q and %q", tc.err, f, tc.want, tc.command)
		}
		if !errors.Is(f, tc.err) || f.Error() != tc.err.Error() {
			t.Errorf("got %q, want the cause's text", f.Error())
		}
	}
	if got := explained(skill.Report{}, who, "").Err; got != nil {
		t.Errorf("got %v for a success", got)
	}
}
