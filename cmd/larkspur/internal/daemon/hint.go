package daemon

import (
	"errors"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
)

// withHint returns text, which describes err, and appends the login command if err needs
// a new login. Errors of the library do not name the command, because the library does
// not know this program.
func withHint(text string, err error, command string) string {
	var lost interface{ LoginRequired() bool }
	_, scope := errors.AsType[*helix.ScopeError](err)
	needsLogin := errors.As(err, &lost) && lost.LoginRequired()
	if !scope && !needsLogin {
		return text
	}
	if command == "" || strings.Contains(text, command) {
		return text
	}
	return text + "; run: " + command
}
