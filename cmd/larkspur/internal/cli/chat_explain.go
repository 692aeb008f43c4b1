package cli

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

// explain turns an error into a sentence, and on a second line the command that solves it.
func (c *conversation) explain(err error) string {
	if missing, ok := errors.AsType[*helix.ScopeError](err); ok {
		who := c.account.api.name(missing.UserID)
		if missing.UserID != c.account.user.ID {
			return fmt.Sprintf("this needs the login of %s, with %s", who, scopeText(missing.Missing))
		}
		return fmt.Sprintf("%s has not granted %s; to grant it, run:\n%s", who, scopeText(missing.Missing), c.account.grant(c.f, missing.Missing.Minimal()...))
	}
	if missing, ok := errors.AsType[*helix.TokenError](err); ok && errors.Is(err, oauth.ErrNoToken) {
		return fmt.Sprintf("only the broadcaster may do this; %s has not logged in here", c.account.api.name(missing.UserID))
	}
	if c.account.api != nil && isLoggedOut(err) {
		return loggedOut(c.account.user.Login) + "; to log in again, run:\n" + c.account.login(c.f)
	}
	if wrong, ok := errors.AsType[*helix.ParamError](err); ok {
		return strings.ReplaceAll(wrong.Param, "_", " ") + " " + wrong.Rule
	}
	if refused, ok := errors.AsType[*helix.Error](err); ok {
		return fmt.Sprintf("Twitch refused it (%d): %s", refused.Status, strings.TrimRight(cut(refused.Message, maxText), "."))
	}
	if errors.Is(err, chat.ErrTooLong) {
		return "a message has at most 500 characters"
	}
	return bare(err)
}

// bare returns the text of an error without the names of packages before it.
func bare(err error) string {
	text := err.Error()
	for _, prefix := range []string{"irc: ", "chat: ", "oauth: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.TrimRight(text, ".")
}

// isLoggedOut reports whether an error means that Twitch accepts no token of the account.
func isLoggedOut(err error) bool {
	if _, lost := errors.AsType[*oauth.LoginError](err); lost {
		return true
	}
	if _, lost := errors.AsType[*irc.LoginError](err); lost {
		return true
	}
	refused, ok := errors.AsType[*helix.Error](err)
	return ok && refused.Status == http.StatusUnauthorized
}

// loggedOut says that an account must log in again.
func loggedOut(login string) string {
	return "Twitch no longer accepts the login of " + login + ": it was revoked, or the password changed"
}

// login returns the command that logs the account in again, with the scopes that it had.
func (a *chatAccount) login(f *chatFlags) string {
	return f.app.command("larkspur login --user " + a.user.Login + " --scopes " + strings.Join(a.user.Scopes, ","))
}
