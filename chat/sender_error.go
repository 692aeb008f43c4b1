package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Errors of a [Sender], for errors.Is.
var (
	// ErrEmpty means that nothing is left of a text after cleaning.
	ErrEmpty = errors.New("chat: nothing to send")
	// ErrTooLong means that a text has more than [MaxLength] characters, with what
	// Outgoing.Action adds, and Outgoing.Split is not set.
	ErrTooLong = errors.New("chat: text has more than 500 characters")
	// ErrQueueFull means that SenderOptions.Queue messages wait already. Nothing was sent.
	ErrQueueFull = errors.New("chat: too many messages wait to be sent")
	// ErrExpired means that a message could not be sent in time. Nothing was sent.
	ErrExpired = errors.New("chat: message not sent in time; a late answer is worse than none")
	// ErrUnknownOutcome means that no answer came, because the connection was lost for
	// example: Twitch may have shown the message or not.
	ErrUnknownOutcome = errors.New("chat: no answer from Twitch; the message may have been shown")
	// ErrNotReady is returned by a [Carrier] that cannot send at the moment. Nothing was
	// sent; the [Sender] keeps the message until it expires.
	ErrNotReady = errors.New("chat: not connected to the channel")
)

// A DroppedError means that Twitch took a message and did not show it.
type DroppedError struct {
	Code string // "msg_duplicate", "followers_only_mode" …; Twitch publishes no list
	Text string // Twitch's explanation
}

// Error returns Twitch's reason.
func (e *DroppedError) Error() string {
	return fmt.Sprintf("chat: message dropped (%s): %s", e.Code, e.Text)
}

// LogValue implements [slog.LogValuer].
func (e *DroppedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", e.Code), slog.String("text", e.Text))
}

// The codes of a [DroppedError] that the Sender reacts to.
const (
	codeDuplicate = "msg_duplicate"
	codeRateLimit = "msg_ratelimit"
)

func isDropped(err error, code string) bool {
	dropped, ok := errors.AsType[*DroppedError](err)
	return ok && dropped.Code == code
}

// interrupted is the error of a call whose context ended before anything was sent.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("chat: send: %w", context.Cause(ctx))
}
