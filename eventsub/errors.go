package eventsub

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

var (
	// ErrUnknownType says that this package has no Go type for an event type.
	ErrUnknownType = errors.New("unknown event type")
	// ErrMessage says that a text is no message of EventSub, or lacks what its kind
	// is about.
	ErrMessage = wire.ErrNotMessage
	// ErrClosed says that a Mux was shut down and takes no more notifications.
	ErrClosed = errors.New("eventsub: mux is closed")
	// ErrNoWelcome says that a connection was not opened, or not welcomed by Twitch, in time.
	ErrNoWelcome = connection.ErrNoWelcome
	// ErrSilent says that a connection brought no message for longer than its keepalive
	// time allows.
	ErrSilent = connection.ErrSilent
	// ErrReconnectURL says that Twitch's reconnect message named an address that
	// is not Twitch's, which is not dialled.
	ErrReconnectURL = errors.New("reconnect address is not Twitch's")
	// ErrTooManySubscriptions says that a condition has to wait because the user's
	// connections are full: Twitch allows three with 300 subscriptions each. Conduits
	// carry more.
	ErrTooManySubscriptions = reconcile.ErrTooMany
)

// CloseError says why Twitch closed an EventSub WebSocket.
type CloseError struct {
	Code   int // 4000–4007 are Twitch's own
	Reason string
}

func newCloseError(code int, reason string) error { return &CloseError{Code: code, Reason: reason} }

// Error says the code and what it means.
func (e *CloseError) Error() string {
	if meaning, ok := closeMeanings[e.Code]; ok {
		return fmt.Sprintf("closed by Twitch with %d: %s", e.Code, meaning)
	}
	return fmt.Sprintf("closed with %d: %q", e.Code, e.Reason)
}

// LogValue gives logs the code as an attribute.
func (e *CloseError) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("code", e.Code), slog.String("reason", e.Reason))
}

var closeMeanings = map[int]string{
	connection.CodeInternal:     "internal server error",
	connection.CodeInbound:      "the client sent something, which EventSub forbids",
	connection.CodePingPong:     "the client did not answer a ping",
	connection.CodeUnused:       "no subscription was made in time",
	connection.CodeGraceExpired: "the client did not reconnect in time",
	connection.CodeTimeout:      "network timeout",
	connection.CodeNetwork:      "network error",
	connection.CodeBadReconnect: "invalid reconnect address",
}

// ConflictError says that a subscription was refused because a live session of another
// program has the same with this user's token. It is left alone and the attempt
// repeated, unless [SessionOptions].TakeOver is set.
type ConflictError struct {
	Type         Type
	SessionID    string       // of the session that has it
	Subscription Subscription // as Twitch lists it
	Err          error        // Twitch's refusal
}

// Error names the session that has it.
func (e *ConflictError) Error() string {
	text := "session " + e.SessionID + " of another program has this subscription"
	if at := e.Subscription.CreatedAt; !at.IsZero() {
		text += " since " + at.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}

// Unwrap returns Twitch's refusal.
func (e *ConflictError) Unwrap() error { return e.Err }

// LogValue gives logs the type and the session as attributes.
func (e *ConflictError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", e.Type.String()), slog.String("session_id", e.SessionID),
		slog.String("subscription_id", e.Subscription.ID))
}

// RevokedError says that Twitch ended a subscription. It is not made again until
// it is wanted again.
type RevokedError struct {
	Type         Type
	Reason       string // Twitch's word: "authorization_revoked", "user_removed" …
	UserID       string // whose token the subscription used
	Subscription Subscription
}

// Error names the type and Twitch's reason.
func (e *RevokedError) Error() string {
	return fmt.Sprintf("eventsub: subscription to %s revoked: %s", e.Type, e.Reason)
}

// LogValue gives logs the type, reason and user as attributes.
func (e *RevokedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", e.Type.String()), slog.String("reason", e.Reason),
		slog.String("user_id", e.UserID), slog.String("subscription_id", e.Subscription.ID))
}

// PanicError is what a handler panicked with.
type PanicError struct {
	Value any
	Stack []byte
}

// Error says what the handler panicked with, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// LogValue gives logs the stack as an attribute.
func (e *PanicError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("panic", fmt.Sprint(e.Value)), slog.String("stack", string(e.Stack)))
}
