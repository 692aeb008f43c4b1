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
	// ErrUnknownType is returned if this package has no Go type for an event type.
	ErrUnknownType = errors.New("unknown event type")
	// ErrMessage is returned for data that is not an EventSub message, or that lacks
	// a part which its kind requires.
	ErrMessage = wire.ErrNotMessage
	// ErrClosed is returned if a Mux was shut down and accepts no more notifications.
	ErrClosed = errors.New("eventsub: mux is closed")
	// ErrQueueFull is returned if a Mux had no room for a notification, or dropped it
	// to make room for others. The sender should send it again later.
	ErrQueueFull = errors.New("eventsub: event queue is full")
	// ErrInboxFull is returned by an [Inbox] that has no room for a notification. The
	// sender should send it again later.
	ErrInboxFull = errors.New("eventsub: inbox is full")
	// ErrNoWelcome is the error of a connection that was not opened in time, or on
	// which Twitch's welcome message did not arrive in time.
	ErrNoWelcome = connection.ErrNoWelcome
	// ErrSilent is the error of a connection that received no message for longer than
	// its keepalive time allows.
	ErrSilent = connection.ErrSilent
	// ErrReconnectURL is the error of a reconnect message with an address that is not
	// one of Twitch's. The address is not dialled.
	ErrReconnectURL = errors.New("reconnect address is not Twitch's")
	// ErrTooManySubscriptions is the error of a condition that has to wait because the
	// user's connections are full: Twitch allows three with 300 subscriptions each.
	// Conduits allow more.
	ErrTooManySubscriptions = reconcile.ErrTooMany
)

// A CloseError is the close frame with which Twitch ended an EventSub WebSocket.
type CloseError struct {
	Code   int // 4000–4007 are Twitch's own
	Reason string
}

func newCloseError(code int, reason string) error { return &CloseError{Code: code, Reason: reason} }

// Error returns the code and its meaning.
func (e *CloseError) Error() string {
	if meaning, ok := closeMeanings[e.Code]; ok {
		return fmt.Sprintf("closed by Twitch with %d: %s", e.Code, meaning)
	}
	return fmt.Sprintf("closed with %d: %q", e.Code, e.Reason)
}

// LogValue returns the code and the reason as attributes.
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

// A ConflictError is reported if Twitch refused a subscription because a live session
// of another program has the same one with this user's token. The other subscription is
// left alone and the attempt is repeated, unless [SessionOptions].TakeOver is set.
type ConflictError struct {
	Type         Type
	SessionID    string       // the session that has the subscription
	Subscription Subscription // the other program's subscription, as listed by Twitch
	Err          error        // the error that Twitch returned
}

// Error names the session that has the subscription.
func (e *ConflictError) Error() string {
	text := "session " + e.SessionID + " of another program has this subscription"
	if at := e.Subscription.CreatedAt; !at.IsZero() {
		text += " since " + at.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}

// Unwrap returns the error that Twitch returned.
func (e *ConflictError) Unwrap() error { return e.Err }

// LogValue returns the type, the session and the subscription as attributes.
func (e *ConflictError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", e.Type.String()), slog.String("session_id", e.SessionID),
		slog.String("subscription_id", e.Subscription.ID))
}

// A RevokedError is reported if Twitch ended a subscription. The subscription is not
// created again until [Session.Want] is called for its condition.
type RevokedError struct {
	Type         Type
	Reason       string // as Twitch names it: "authorization_revoked", "user_removed" …
	UserID       string // the user whose token the subscription used
	Subscription Subscription
}

// Error names the type and Twitch's reason.
func (e *RevokedError) Error() string {
	return fmt.Sprintf("eventsub: subscription to %s revoked: %s", e.Type, e.Reason)
}

// LogValue returns the type, reason, user and subscription as attributes.
func (e *RevokedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("type", e.Type.String()), slog.String("reason", e.Reason),
		slog.String("user_id", e.UserID), slog.String("subscription_id", e.Subscription.ID))
}

// A PanicError holds the value with which a handler panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the value of the panic, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// LogValue returns the value and the stack as attributes.
func (e *PanicError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("panic", fmt.Sprint(e.Value)), slog.String("stack", string(e.Stack)))
}
