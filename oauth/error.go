package oauth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// The kinds of failure a caller treats differently.
var (
	// ErrNoToken: nothing is stored for this user, who must log in.
	ErrNoToken = errors.New("oauth: no token")
	// ErrRevoked: Twitch refused the token for good, the user must log in again.
	ErrRevoked = errors.New("oauth: token refused by Twitch")
	// ErrPending: the user has not finished the device login yet.
	ErrPending = errors.New("oauth: authorization pending")
	// ErrSlowDown: polled too often, wait five seconds longer each time.
	ErrSlowDown = errors.New("oauth: polling too fast")
	// ErrDeviceExpired: the device login took too long, or its code is used up.
	ErrDeviceExpired = errors.New("oauth: device code expired or used")
)

// An Error is a request that Twitch refused.
type Error struct {
	Op          string // the request: "refresh", "validate" …
	Status      int    // of HTTP; 0 where the refusal came in a redirect
	Code        string // short name of the error where there is one: "access_denied"
	Description string // Twitch's text
}

// Error returns the request and Twitch's text.
func (e *Error) Error() string {
	text := e.Description
	if text == "" {
		text = e.Code
	}
	if text == "" {
		text = http.StatusText(e.Status)
	}
	if e.Status != 0 {
		text = fmt.Sprintf("%s (status %d)", text, e.Status)
	}
	if e.textIs("invalid client") || e.textIs("invalid client secret") || e.textIs("missing client secret") {
		text += "; compare client id and secret with those at https://dev.twitch.tv/console/apps"
	}
	return fmt.Sprintf("oauth: %s: %s", e.Op, text)
}

// Is reports whether e is of the kind target: one of this package's sentinels.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrPending:
		return e.textIs("authorization_pending")
	case ErrSlowDown:
		return e.textIs("slow_down")
	case ErrDeviceExpired:
		return e.Op == opDevice && (e.textIs("invalid device code") || e.textIs("expired_token"))
	case ErrRevoked:
		return e.refused()
	}
	return false
}

// refused reports whether the token itself was refused, not the client or the
// form of the request.
func (e *Error) refused() bool {
	switch e.Op {
	case opRefresh:
		// Twitch documents 400 "Invalid refresh token" and 401 with any text. A 400
		// with another text is a fault of the client's configuration.
		return e.Status == http.StatusUnauthorized ||
			e.Status == http.StatusBadRequest && (e.textIs("invalid refresh token") || e.textIs("invalid_grant"))
	case opValidate:
		return e.Status == http.StatusUnauthorized
	}
	return false
}

// textIs compares Twitch's text without regard to case, because Twitch is not consistent.
func (e *Error) textIs(text string) bool {
	return strings.EqualFold(e.Description, text) || strings.EqualFold(e.Code, text)
}

// Temporary reports whether a later retry may succeed.
func (e *Error) Temporary() bool {
	return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout
}

// LoginRequired reports whether Twitch refused the token itself for good, so that only
// a new login helps.
func (e *Error) LoginRequired() bool { return e.refused() }

// LogValue returns the parts of e.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("op", e.Op),
		slog.Int("status", e.Status),
		slog.String("code", e.Code),
		slog.String("description", e.Description),
	)
}

// A LoginError is returned if a user must log in before the call can succeed. It is
// [ErrNoToken] or [ErrRevoked]. Every other error of a [Manager] means that the network,
// Twitch or the store failed; the token may still be valid, and the next call may succeed.
type LoginError struct {
	UserID string   // empty: the app
	Login  string   // empty if it is unknown
	Scopes ScopeSet // of the lost token; nil if there was none
	Reason string
	URL    string // where the user can log in; empty without [Options.LoginURL]
	kind   error
}

// Error returns which user must log in and why, and the URL if there is one.
func (e *LoginError) Error() string {
	who := "user " + e.UserID
	switch {
	case e.UserID == "":
		who = "the app"
	case e.Login != "":
		who = e.Login + " (" + e.UserID + ")"
	}
	text := fmt.Sprintf("oauth: %s must log in: %s", who, e.Reason)
	switch {
	case e.UserID == "":
		text += "; check the client id and the client secret"
	case e.URL != "":
		text += "; open " + e.URL
	}
	return text
}

// LoginRequired returns true. A package that does not import this one can use the method
// to distinguish a lost token from a temporary failure.
func (e *LoginError) LoginRequired() bool { return true }

// Unwrap returns [ErrNoToken] or [ErrRevoked].
func (e *LoginError) Unwrap() error { return e.kind }

// LogValue returns the parts of e.
func (e *LoginError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("user_id", e.UserID),
		slog.String("login", e.Login),
		slog.String("reason", e.Reason),
		slog.String("scopes", e.Scopes.String()),
	)
}
