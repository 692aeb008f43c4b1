package daemon

import (
	"context"
	"log/slog"
	"slices"
)

// announced are the library's log records that the announcer also reports, because the
// library calls the daemon back for them. The operator must not read them twice.
var announced = []string{
	"chat not joined", "chat disconnected", "chat handler does not return", // irc.Options.OnState
	"not subscribed", "eventsub connection", // eventsub.SessionOptions.OnState
	"eventsub subscriptions",                            // eventsub.WebhookOptions.OnState
	"events were missed", "events may have been missed", // eventsub.Gap
	"subscription revoked", // eventsub.SessionOptions.OnRevoked
	"login needed",         // oauth.Options.OnNeedsLogin
}

// A onceHandler drops the records that are announced.
type onceHandler struct{ slog.Handler }

// logOnce returns a logger for the library's parts.
func logOnce(log *slog.Logger) *slog.Logger { return slog.New(onceHandler{log.Handler()}) }

// Handle implements [slog.Handler].
func (h onceHandler) Handle(ctx context.Context, r slog.Record) error {
	if slices.Contains(announced, r.Message) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (h onceHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return onceHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (h onceHandler) WithGroup(name string) slog.Handler {
	return onceHandler{h.Handler.WithGroup(name)}
}
