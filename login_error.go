package larkspur

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A LoginError is returned by [Account.LogIn] and [Account.Run] if the account has no
// login that Twitch accepts, and only a new login helps.
type LoginError struct {
	Login  string         // login name of the account; "" if it is not known
	Scopes oauth.ScopeSet // to request
	URL    string         // Twitch's page where the user agrees and gets a code; "" without AccountOptions.RedirectURI
	Err    error          // why the stored login, or the one in the options, does not work; nil if there is none
}

// Error names the account and the reason, and says what to do next.
func (e *LoginError) Error() string {
	who := e.Login
	if who == "" {
		who = "the account"
	}
	reason := "there is no login in the store or the options"
	if e.Err != nil {
		reason = strings.TrimPrefix(e.Err.Error(), "oauth: ")
	}
	if lost, ok := errors.AsType[*oauth.LoginError](e.Err); ok {
		reason = lost.Reason
	}
	text := fmt.Sprintf("larkspur: %s must log in: %s; ", who, reason)
	if e.URL == "" {
		return text + "set AccountOptions.OnDevice, or Code with RedirectURI" + e.scopes()
	}
	return text + "open " + e.URL + " and set AccountOptions.Code to the code in the address to which Twitch sends the browser"
}

func (e *LoginError) scopes() string {
	if len(e.Scopes) == 0 {
		return ""
	}
	return ", with the scopes " + e.Scopes.String()
}

// Unwrap returns Err.
func (e *LoginError) Unwrap() error { return e.Err }

// LoginRequired returns true. It distinguishes a lost login from a temporary failure,
// as that method of [oauth.LoginError] does.
func (e *LoginError) LoginRequired() bool { return true }

// LogValue returns the parts of e.
func (e *LoginError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("login", e.Login), slog.String("scopes", e.Scopes.String()),
		slog.String("url", e.URL), slog.Any("error", e.Err))
}

// loginRequired reports whether only a new login of a user helps against err.
func loginRequired(err error) bool {
	var lost interface{ LoginRequired() bool }
	return errors.As(err, &lost) && lost.LoginRequired()
}

// temporary reports whether what failed may succeed later.
func temporary(err error) bool {
	if loginRequired(err) {
		return false
	}
	if refusal, ok := errors.AsType[*oauth.Error](err); ok {
		return refusal.Temporary()
	}
	if refusal, ok := errors.AsType[*helix.Error](err); ok {
		return refusal.Status >= http.StatusInternalServerError || refusal.Status == http.StatusTooManyRequests
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, oauth.ErrUnfinished) || errors.Is(err, io.ErrUnexpectedEOF)
}
