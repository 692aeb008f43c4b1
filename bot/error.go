package bot

import (
	"errors"
	"fmt"
	"log/slog"
)

// A UserError is an error whose text is for the chatter. [Sorry] makes one.
type UserError struct {
	Text string
}

func (e *UserError) Error() string { return "bot: " + e.Text }

// LogValue implements [slog.LogValuer].
func (e *UserError) LogValue() slog.Value { return slog.GroupValue(slog.String("text", e.Text)) }

// Sorry makes an error that is told to the chatter: "who should I shout out?".
func Sorry(format string, args ...any) error {
	return &UserError{Text: fmt.Sprintf(format, args...)}
}

func asUserError(err error) (*UserError, bool) { return errors.AsType[*UserError](err) }

// A DroppedError means that Twitch took a message but did not show it.
type DroppedError struct {
	Code string // Twitch's code; an open set
	Text string
}

func (e *DroppedError) Error() string {
	return fmt.Sprintf("bot: message dropped: %s (%s)", e.Text, e.Code)
}

// LogValue implements [slog.LogValuer].
func (e *DroppedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", e.Code), slog.String("text", e.Text))
}
