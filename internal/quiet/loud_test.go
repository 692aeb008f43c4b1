//go:build canary

package quiet

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// shy hides itself from slog only.
type shy struct{ token string }

func (shy) LogValue() slog.Value { return slog.StringValue("hidden") }

// silent is an error whose text does not contain the error it wraps.
type silent struct{ inner error }

func (silent) Error() string   { return "silent" }
func (s silent) Unwrap() error { return s.inner }

func TestLoudLoggerShowsHiddenValues(t *testing.T) {
	inner := fmt.Errorf("inner %s", Mark)
	for name, log := range map[string]func(*slog.Logger){
		"a message":            func(l *slog.Logger) { l.Debug(Mark) },
		"text":                 func(l *slog.Logger) { l.Debug("x", "v", Mark) },
		"a type that hides":    func(l *slog.Logger) { l.Debug("x", "v", shy{Mark}) },
		"a struct":             func(l *slog.Logger) { l.Debug("x", "v", struct{ T any }{shy{Mark}}) },
		"an attribute":         func(l *slog.Logger) { l.With("v", shy{Mark}).Debug("x") },
		"an attribute of few":  func(l *slog.Logger) { l.WithGroup("g").With(slog.Group("h", "v", shy{Mark})).Debug("x") },
		"a group":              func(l *slog.Logger) { l.Debug("x", slog.Group("g", "v", shy{Mark})) },
		"an error":             func(l *slog.Logger) { l.Debug("x", "v", inner) },
		"an error within":      func(l *slog.Logger) { l.Debug("x", "v", silent{inner}) },
		"an error within some": func(l *slog.Logger) { l.Debug("x", "v", errors.Join(silent{silent{inner}})) },
	} {
		var out bytes.Buffer
		log(slog.New(newLoud(&out, nil)))
		if !strings.Contains(out.String(), Mark) {
			t.Errorf("%s: the mark is not in %q", name, out.String())
		}
	}
}

func TestLoudLoggerKeepsTheGivenLogger(t *testing.T) {
	var all, given bytes.Buffer
	log := slog.New(newLoud(&all, slog.NewTextHandler(&given, nil)))
	if Or(log) != log {
		t.Error("a loud logger was made louder")
	}
	log.Debug("unwanted")
	log.WithGroup("g").With("a", 1).Info("wanted", "b", 2)
	if text := given.String(); strings.Contains(text, "unwanted") || !strings.Contains(text, "msg=wanted g.a=1 g.b=2") || strings.Count(text, "\n") != 1 {
		t.Errorf("the given logger got %q, want what it wants", text)
	}
	if text := all.String(); !strings.Contains(text, "msg=unwanted") || !strings.Contains(text, `"g":{"a":1,"b":2}`) {
		t.Errorf("got %q, want both, also as JSON", text)
	}
}

// internal/canary must find this output in every run. Otherwise it checks nothing.
func TestLoudLogger(t *testing.T) {
	Or(nil).Debug("on purpose", "v", shy{Mark + "ForTheLogger"})
	Or(slog.New(slog.DiscardHandler)).Debug("on purpose", "v", Mark+"ForTheLogger")
}
