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

// Error returns the text with the package in front, for logs.
func (e *UserError) Error() string { return "bot: " + e.Text }

// LogValue implements [slog.LogValuer].
func (e *UserError) LogValue() slog.Value { return slog.GroupValue(slog.String("text", e.Text)) }

// Sorry returns an error whose text is the reply to the chatter: "who should I shout
// out?". A command or a check that returns it did its job; nothing is logged.
func Sorry(format string, args ...any) error {
	return &UserError{Text: fmt.Sprintf(format, args...)}
}

func asUserError(err error) (*UserError, bool) { return errors.AsType[*UserError](err) }
