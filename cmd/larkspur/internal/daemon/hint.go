package daemon

import (
	"errors"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
)

// withHint returns text, which tells of err, with the command that logs in, if that is
// what err asks for. The library does not know this program, so its errors do not name
// the command.
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
