package daemon

import (
	"errors"
	"regexp"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill"
)

// An ActionError is why an action of a skill failed, in words for the operator. Its error
// text, which logs have, is that of the cause.
type ActionError struct {
	Reason  string // names accounts by their login, and neither the library nor the step
	Command string // solves it when typed; empty if no command does
	cause   error
}

// Error implements error.
func (f *ActionError) Error() string { return f.cause.Error() }

// Unwrap returns the cause.
func (f *ActionError) Unwrap() error { return f.cause }

// explained returns r with an [ActionError] as its error if it has an error. login is the
// command that logs in the accounts.
func explained(r skill.Report, who accounts, login string) skill.Report {
	if r.Err == nil {
		return r
	}
	f := &ActionError{Reason: where.ReplaceAllString(r.Err.Error(), ""), cause: r.Err}
	if scope, ok := errors.AsType[*helix.ScopeError](r.Err); ok {
		f.Reason = who.nameOf(scope.UserID) + " has not granted " + scope.Missing.String()
	}
	if needsLogin(r.Err) {
		f.Command = login
	}
	r.Err = f
	return r
}

// where matches what a skill and the library put before an error: the step of the
// skill, and the endpoint.
var where = regexp.MustCompile(`^(do\[\d+\]: )?(chat: |helix: ([A-Z][^:]*: )?)?`)

// nameOf returns the login of a user, or the ID of one that is neither account.
func (a accounts) nameOf(userID string) string {
	for _, known := range []account{a.bot, a.broadcaster} {
		if known.ID == userID {
			return known.Login
		}
	}
	return "user " + userID
}
