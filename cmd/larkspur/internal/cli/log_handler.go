package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// A stableHandler gives attributes of JSON logs one type each, whatever value they
// have: an error is its text, a duration a number of seconds. An error that logs
// itself as an object is a text too, so that a column of a log store stays one type.
type stableHandler struct{ slog.Handler }

// newJSONHandler writes one JSON object per record.
func newJSONHandler(w io.Writer, level slog.Leveler) slog.Handler {
	return stableHandler{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})}
}

// Handle implements [slog.Handler].
func (h stableHandler) Handle(ctx context.Context, r slog.Record) error {
	stable := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		stable.AddAttrs(stableAttr(a))
		return true
	})
	return h.Handler.Handle(ctx, stable)
}

// WithAttrs implements [slog.Handler].
func (h stableHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return stableHandler{h.Handler.WithAttrs(stableAttrs(attrs))}
}

// WithGroup implements [slog.Handler].
func (h stableHandler) WithGroup(name string) slog.Handler {
	return stableHandler{h.Handler.WithGroup(name)}
}

func stableAttrs(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = stableAttr(a)
	}
	return out
}

func stableAttr(a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok { // before it is resolved into an object
		return slog.String(a.Key, errorText(err))
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindDuration:
		return slog.Float64(a.Key, v.Duration().Seconds())
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(stableAttrs(v.Group())...)}
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, errorText(err))
		}
		return slog.Attr{Key: a.Key, Value: v}
	default:
		return slog.Attr{Key: a.Key, Value: v}
	}
}

// errorText returns the text of an error; one that panics, such as a nil pointer, does
// not end the program because of a log line.
func errorText(err error) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("panic in the error of type %T: %v", err, p)
		}
	}()
	return err.Error()
}
