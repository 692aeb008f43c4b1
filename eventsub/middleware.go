package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Log returns middleware that logs every notification to logger: at Debug, or at Error
// with the joined errors of its handlers. Bodies are never logged.
func Log(logger *slog.Logger) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, n Notification) error {
			start := time.Now()
			err := next(ctx, n)
			attrs := append(n.attrs(), slog.Duration("took", time.Since(start)))
			if err != nil {
				logger.LogAttrs(ctx, slog.LevelError, "event handler", append(attrs, failed(err)...)...)
			} else {
				logger.LogAttrs(ctx, slog.LevelDebug, "event", attrs...)
			}
			return err
		}
	}
}

// failed returns log attributes for err. The errors of handlers are joined, so the
// stack of a panic is added here; otherwise it would not be logged.
func failed(err error) []slog.Attr {
	attrs := []slog.Attr{slog.Any("error", err)}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}

func (n Notification) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("type", n.Type.String()), slog.String("message_id", n.Meta.MessageID)}
	if lane := n.lane(); lane != "" {
		attrs = append(attrs, slog.String("broadcaster_id", lane))
	}
	if n.Meta.Late {
		attrs = append(attrs, slog.Bool("late", true))
	}
	return attrs
}
