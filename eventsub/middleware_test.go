package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestLogContainsOutcomeWithoutBody(t *testing.T) {
	var log strings.Builder
	m := NewMux()
	m.Use(Log(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	fail := true
	On(m, func(context.Context, *note) error {
		if fail {
			return errors.New("no luck")
		}
		return nil
	})
	dispatch(t, m, aNote("m1", "1", "private words"))
	drain(t, m)
	fail = false
	dispatch(t, m, aNote("m2", "1", "private words"))
	drain(t, m)
	got := log.String()
	for _, want := range []string{`level=ERROR msg="event handler" type="test.note v1" message_id=m1`, "no luck", "level=DEBUG msg=event"} {
		if !strings.Contains(got, want) {
			t.Errorf("log lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "private") {
		t.Errorf("log shows the body:\n%s", got)
	}
}
