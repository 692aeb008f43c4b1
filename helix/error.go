package helix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// The kinds of refusal, for [errors.Is].
var (
	ErrUnauthorized = errors.New("unauthorized") // 401: see [Error].TokenValid for what it is about
	ErrForbidden    = errors.New("forbidden")    // 403, or 401 with a valid token: the token's user may not do this
	ErrNotFound     = errors.New("not found")    // 404, or an answer without the one thing asked for
	ErrConflict     = errors.New("conflict")     // 409: it is so already, or another call is changing it
	ErrRateLimited  = errors.New("rate limited") // 429, or the wait for a point was longer than the deadline
)

// ErrUnknownOutcome means that a call may or may not have been carried out: it
// was sent, but no answer came, or one that leaves it open. Calls that have the
// effect once however often they are made were tried again before.
var ErrUnknownOutcome = errors.New("outcome unknown")

// An Error is a refusal by Twitch. Network failures are not an Error.
type Error struct {
	Endpoint *Endpoint
	Status   int       // HTTP status
	Message  string    // what Twitch said
	ResetAt  time.Time // of a 429: when the bucket is full again; may be zero
	Body     []byte    // the answer as it came, shortened to 64 KiB

	// TokenValid is set on a 401 that is not about the token: Twitch still accepts
	// it, but the user lacks a right that Message names, such as a scope, a role or a
	// verified phone number. Another login or a renewal does not help, unless it
	// grants more scopes. Such an error is [ErrForbidden] too. It stays false where
	// the token source is no [TokenValidator] and Message does not tell.
	TokenValid bool
}

// Error returns what was called, the status and Twitch's message.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "helix: %s: ", e.Endpoint.Name)
	if e.Status >= 300 {
		fmt.Fprintf(&b, "%d %s", e.Status, http.StatusText(e.Status))
		if e.Message != "" {
			b.WriteString(": ")
		}
	}
	b.WriteString(e.Message)
	if e.Status == http.StatusForbidden && len(e.Endpoint.Roles) > 0 {
		roles := make([]string, len(e.Endpoint.Roles))
		for i, r := range e.Endpoint.Roles {
			roles[i] = string(r)
		}
		fmt.Fprintf(&b, " (needs: %s)", strings.Join(roles, " or "))
	}
	if e.TokenValid {
		b.WriteString(" (the token itself is valid)")
	}
	return b.String()
}

// Is reports whether target is the sentinel for the status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized && e.TokenValid
	case ErrNotFound:
		return e.Status == http.StatusNotFound || e.Status < 300
	case ErrConflict:
		return e.Status == http.StatusConflict
	case ErrRateLimited:
		return e.Status == http.StatusTooManyRequests
	case ErrUnknownOutcome:
		return e.Status >= 500 && !repeatable(e.Endpoint)
	default:
		return false
	}
}

// LogValue returns the error's parts as attributes.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("endpoint", e.Endpoint.ID),
		slog.Int("status", e.Status),
		slog.String("message", e.Message),
	}
	if e.TokenValid {
		attrs = append(attrs, slog.Bool("token_valid", true))
	}
	if !e.ResetAt.IsZero() {
		attrs = append(attrs, slog.Time("reset_at", e.ResetAt))
	}
	return slog.GroupValue(attrs...)
}

// A ParamError means that Twitch would refuse a call's parameters. It was found
// before the call, which was not sent.
type ParamError struct {
	Endpoint *Endpoint
	Param    string // Twitch's name of the parameter; several are joined with ", "
	Rule     string // what it breaks: "is required"
}

// Error names the parameter and what it must be.
func (e *ParamError) Error() string {
	return fmt.Sprintf("helix: %s: %s %s", e.Endpoint.Name, e.Param, e.Rule)
}

// LogValue returns the error's parts as attributes.
func (e *ParamError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("endpoint", e.Endpoint.ID),
		slog.String("param", e.Param),
		slog.String("rule", e.Rule),
	)
}

const (
	maxErrorBody    = 64 << 10
	maxErrorMessage = 500
)

// newError reads an error out of an answer, which need not be JSON: what stands
// in front of the API answers in HTML.
func newError(e *Endpoint, status int, body []byte) *Error {
	err := &Error{Endpoint: e, Status: status, Body: append([]byte(nil), body[:min(len(body), maxErrorBody)]...)}
	var answer struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	switch {
	case len(body) == 0:
	case json.Unmarshal(body, &answer) != nil:
		err.Message = "the answer is not JSON"
	case answer.Message != "":
		err.Message = clean(answer.Message)
	case answer.Error != http.StatusText(status):
		err.Message = clean(answer.Error)
	}
	return err
}

// withoutToken takes the token out of an answer: errors are printed, and something in
// front of the API may repeat what it was asked.
func withoutToken(body []byte, token string) []byte {
	if token == "" || !bytes.Contains(body, []byte(token)) {
		return body
	}
	return bytes.ReplaceAll(body, []byte(token), []byte("[redacted]"))
}

// clean makes foreign text fit for one line of a log or terminal.
func clean(s string) string {
	if len(s) > maxErrorMessage {
		s = s[:maxErrorMessage] + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' ' // line breaks, escape sequences, marks that turn the line around
	}, strings.ToValidUTF8(s, ""))
}
