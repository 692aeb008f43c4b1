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
	if !needsLogin(err) || command == "" || strings.Contains(text, command) {
		return text
	}
	return text + "; run: " + command
}

// needsLogin reports whether a new login solves err.
func needsLogin(err error) bool {
	if _, scope := errors.AsType[*helix.ScopeError](err); scope {
		return true
	}
	var lost interface{ LoginRequired() bool }
	return errors.As(err, &lost) && lost.LoginRequired()
}
