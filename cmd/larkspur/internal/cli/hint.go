package cli

import (
	"errors"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// hint returns the command that solves err, "" where none is known or err names one.
// The library does not know this program, so its errors name only the missing scopes.
func hint(err error) string {
	if strings.Contains(err.Error(), "larkspur ") {
		return ""
	}
	if missing, ok := errors.AsType[*helix.ScopeError](err); ok {
		return "larkspur login --add-scopes " + strings.Join(missing.Missing.Minimal(), ",")
	}
	if lost, ok := errors.AsType[*oauth.LoginError](err); ok && lost.UserID != "" && lost.URL == "" {
		if len(lost.Scopes) > 0 {
			return "larkspur login --scopes " + strings.Join(lost.Scopes, ",")
		}
		return "larkspur login"
	}
	return ""
}
