//go:build canary

package quiet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// loud writes each record in every format that a program may choose: as text, as JSON,
// and its values as fmt prints them. The last shows secrets in types that hide them from
// slog only.
type loud struct {
	handlers []slog.Handler
	given    slog.Handler // gets the records that it is enabled for; may be nil
	out      io.Writer
}

func newLoud(out io.Writer, given slog.Handler) *loud {
	all := &slog.HandlerOptions{Level: slog.LevelDebug}
	return &loud{out: out, given: given, handlers: []slog.Handler{slog.NewTextHandler(out, all), slog.NewJSONHandler(out, all)}}
}

func (l *loud) Enabled(context.Context, slog.Level) bool { return true }

func (l *loud) Handle(ctx context.Context, r slog.Record) error {
	var err error
	for _, h := range l.handlers {
		err = errors.Join(err, h.Handle(ctx, r.Clone()))
	}
	var b strings.Builder
	r.Attrs(func(a slog.Attr) bool {
		inDepth(&b, a)
		return true
	})
	l.write(b.String())
	if l.given != nil && l.given.Enabled(ctx, r.Level) {
		err = errors.Join(err, l.given.Handle(ctx, r))
	}
	return err
}

func (l *loud) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	for _, a := range attrs {
		inDepth(&b, a)
	}
	l.write(b.String())
	return l.with(func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs) })
}

func (l *loud) WithGroup(name string) slog.Handler {
	return l.with(func(h slog.Handler) slog.Handler { return h.WithGroup(name) })
}

func (l *loud) with(more func(slog.Handler) slog.Handler) *loud {
	m := &loud{out: l.out}
	for _, h := range l.handlers {
		m.handlers = append(m.handlers, more(h))
	}
	if l.given != nil {
		m.given = more(l.given)
	}
	return m
}

// write writes lines with one call, so that other output does not appear between them.
func (l *loud) write(lines string) {
	if lines != "" {
		_, _ = io.WriteString(l.out, lines)
	}
}

// inDepth writes a value of a non-basic type as fmt prints it, and the values it wraps.
func inDepth(b *strings.Builder, a slog.Attr) {
	switch a.Value.Kind() {
	case slog.KindAny, slog.KindLogValuer:
	case slog.KindGroup:
		for _, in := range a.Value.Group() {
			inDepth(b, in)
		}
		return
	default:
		return // the handlers have already written it
	}
	value := a.Value.Any()
	fmt.Fprintf(b, "in depth: %s %T %q %q\n", a.Key, value, fmt.Sprintf("%+v", value), fmt.Sprintf("%#v", value))
	switch wrapping := value.(type) {
	case interface{ Unwrap() error }:
		if inner := wrapping.Unwrap(); inner != nil {
			inDepth(b, slog.Any(a.Key, inner))
		}
	case interface{ Unwrap() []error }:
		for _, inner := range wrapping.Unwrap() {
			inDepth(b, slog.Any(a.Key, inner))
		}
	}
}
