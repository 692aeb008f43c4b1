package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/helix"
)

// An attribute has the same JSON type in all lines: a log store that has seen an object
// refuses a string.
func TestAttributesOfJSONLogsHaveOneType(t *testing.T) {
	endpoint, _ := helix.EndpointByID("ban-user")
	structured := &helix.Error{Endpoint: endpoint, Status: 403, Message: "forbidden"} // logs itself as an object
	if _, ok := any(structured).(slog.LogValuer); !ok {
		t.Fatal("a helix.Error does not log itself any more")
	}
	var out bytes.Buffer
	log := slog.New(newJSONHandler(&out, slog.LevelInfo)).With("took", 1500*time.Millisecond, "error", structured).WithGroup("g")
	log.Info("m", "plain", errors.New("broken"), "structured", structured,
		slog.Group("inner", "wait", time.Minute, "error", structured),
		"report", skillReport{Skill: "s", Err: structured, Duration: 20 * time.Millisecond}, "n", 7, "nil", (*helix.Error)(nil))
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "time")
	text := structured.Error()
	want := map[string]any{
		"level": "INFO", "msg": "m", "took": 1.5, "error": text,
		"g": map[string]any{
			"plain": "broken", "structured": text, "n": 7.0, "nil": "panic in the error of type *helix.Error: runtime error: invalid memory address or nil pointer dereference",
			"inner":  map[string]any{"wait": 60.0, "error": text},
			"report": map[string]any{"skill": "s", "trigger": "", "outcome": "", "duration": 0.02, "error": text},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}
