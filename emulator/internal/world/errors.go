package world

import (
	"fmt"
	"log/slog"
	"net/http"
)

// An Error is a refusal of Twitch: Helix answers with its status and message.
type Error struct {
	Status  int
	Message string
}

func (e *Error) Error() string { return e.Message }

// LogValue shows status and message.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("status", e.Status), slog.String("message", e.Message))
}

// refuse is called in more than a hundred places, and in line it is large.
//
//go:noinline
func refuse(status int, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) *Error {
	return refuse(http.StatusBadRequest, format, args...)
}

// A DropError says why a chat message was not sent: Helix answers 200 with a
// drop_reason, IRC sends a NOTICE with Code as its msg-id.
type DropError struct {
	Code string // like msg_duplicate
	Text string // the text that the sender gets

	Silent bool // over IRC the sender gets nothing
}

func (e *DropError) Error() string { return e.Code + ": " + e.Text }

// LogValue shows the code.
func (e *DropError) LogValue() slog.Value { return slog.GroupValue(slog.String("code", e.Code)) }

func drop(code, format string, args ...any) *DropError {
	return &DropError{Code: code, Text: fmt.Sprintf(format, args...)}
}
