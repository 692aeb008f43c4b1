package cli

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"
)

// The forms of a log.
const (
	logText = "text"
	logJSON = "json"
)

// A logFlags says how a command logs.
type logFlags struct {
	level  string // debug, info, warn or error
	format string // logText or logJSON; empty: text on a terminal, else JSON
}

// form returns the form that is meant.
func (f logFlags) form(p Process) string {
	switch {
	case f.format != "":
		return f.format
	case isTerminal(p.Stderr):
		return logText
	}
	return logJSON
}

// newLogger returns a logger that writes to standard error.
func newLogger(p Process, f logFlags) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(f.level)); err != nil {
		return nil, usageError{fmt.Errorf("unknown log level %q; want debug, info, warn or error", f.level)}
	}
	switch f.form(p) {
	case logText:
		color := isTerminal(p.Stderr) && wantColor(p)
		return slog.New(tint.NewTextHandler(p.Stderr, &tint.Options{Level: l, TimeFormat: time.TimeOnly, NoColor: !color})), nil
	case logJSON:
		return slog.New(newJSONHandler(p.Stderr, l)), nil
	default:
		return nil, usageError{fmt.Errorf("unknown log format %q; want text or json", f.format)}
	}
}
