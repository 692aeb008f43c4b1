//go:build !canary

package quiet

import (
	"log/slog"
	"testing"
)

func TestQuiet(t *testing.T) {
	if Mark != "" {
		t.Errorf("got the mark %q, want none: secrets are as random as they can be", Mark)
	}
	if Or(nil).Enabled(t.Context(), slog.LevelError) {
		t.Error("the default logger writes")
	}
	if given := slog.New(slog.DiscardHandler); Or(given) != given {
		t.Error("a logger that was given is not used")
	}
}
