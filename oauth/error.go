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
	// ErrPending: the person has not finished the device login yet.
	ErrPending = errors.New("oauth: authorization pending")
	// ErrSlowDown: polled too often, wait five seconds longer each time.
	ErrSlowDown = errors.New("oauth: polling too fast")
	// ErrDeviceExpired: the device login took too long, or its code is used up.
	ErrDeviceExpired = errors.New("oauth: device code expired or used")
)

// An Error is Twitch's answer that it will not do what was asked.
type Error struct {
	Op          string // what was asked: "refresh", "validate" …
	Status      int    // of HTTP; 0 where the refusal came in a redirect
	Code        string // short name of the error where there is one: "access_denied"
	Description string // Twitch's words
}

// Error returns Twitch's words with what was asked.
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
	if e.says("invalid client") || e.says("invalid client secret") || e.says("missing client secret") {
		text += "; compare client id and secret with those at https://dev.twitch.tv/console/apps"
	}
	return fmt.Sprintf("oauth: %s: %s", e.Op, text)
}

// Is reports whether e is of the kind target: one of this package's sentinels.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrPending:
		return e.says("authorization_pending")
	case ErrSlowDown:
		return e.says("slow_down")
	case ErrDeviceExpired:
		return e.Op == opDevice && (e.says("invalid device code") || e.says("expired_token"))
	case ErrRevoked:
		return e.refused()
	}
	return false
}

// refused reports whether the token itself was refused, not the client or the way of asking.
func (e *Error) refused() bool {
	switch e.Op {
	case opRefresh:
		// Twitch documents 400 "Invalid refresh token" and 401 with any text. A 400
		// with another text is a fault of the client's configuration.
		return e.Status == http.StatusUnauthorized ||
			e.Status == http.StatusBadRequest && (e.says("invalid refresh token") || e.says("invalid_grant"))
	case opValidate:
		return e.Status == http.StatusUnauthorized
	}
	return false
}

// says compares without regard to case: Twitch is not consistent.
func (e *Error) says(text string) bool {
	return strings.EqualFold(e.Description, text) || strings.EqualFold(e.Code, text)
}

// Temporary reports whether asking again later may help.
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

// A LoginError says that a user must log in before work can go on. It is [ErrNoToken]
// or [ErrRevoked]. Every other error of a [Manager] says nothing about the token: the
// network, Twitch or the store failed, and the next call may succeed.
type LoginError struct {
	UserID string   // empty: the app
	Login  string   // empty where it is not known
	Scopes ScopeSet // what the lost token was granted; nil where there was none
	Reason string
	URL    string // where the user can log in, if [Options.LoginURL] says so
	kind   error
}

// Error says who must log in and why, and where if there is a URL.
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

// LoginRequired returns true. A package that does not know this one can look for the
// method to tell a token that is lost from one that could not be asked about.
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
