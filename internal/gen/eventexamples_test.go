package gen

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
)

type eventExample struct {
	File, Type, Version, Kind string
	KnownMismatch             string
}

// TestDocumentedEvents decodes every event in Twitch's documentation into its generated
// type, encodes it again and checks that all values are still there.
func TestDocumentedEvents(t *testing.T) {
	for _, ex := range readExamples[eventExample](t, "eventsub") {
		t.Run(ex.File, func(t *testing.T) {
			if ex.KnownMismatch != "" {
				t.Skipf("the documentation contradicts itself: %s", ex.KnownMismatch)
			}
			raw, err := os.ReadFile(filepath.Join(examplesDir, "eventsub", ex.File))
			if err != nil {
				t.Fatal(err)
			}
			info, ok := eventsub.Lookup(eventsub.Type{Name: ex.Type, Version: ex.Version})
			if !ok {
				t.Fatalf("%s v%s is not generated", ex.Type, ex.Version)
			}
			if ex.Kind == "subscribe" {
				checkCondition(t, raw, info)
				return
			}
			checkPayload(t, raw, info)
		})
	}
}

func checkPayload(t *testing.T, raw []byte, info eventsub.Info) {
	t.Helper()
	var body struct {
		Event  json.RawMessage
		Events []json.RawMessage
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	if body.Event != nil {
		body.Events = append(body.Events, body.Event)
	}
	if len(body.Events) == 0 {
		t.Fatal("no event in the example")
	}
	for _, event := range body.Events {
		payload := info.New()
		if err := json.Unmarshal(event, payload); err != nil {
			t.Fatal(err)
		}
		if got := payload.Type(); got != info.Type {
			t.Errorf("got type %v, want %v", got, info.Type)
		}
		if payload.SemanticKey() == info.New().SemanticKey() {
			t.Errorf("got the key of an empty payload, %q", payload.SemanticKey())
		}
		again, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "event", decoded(t, again), decoded(t, event))
	}
}

// checkCondition compares the fields of a documented condition with those of info.
func checkCondition(t *testing.T, raw []byte, info eventsub.Info) {
	t.Helper()
	var body struct{ Condition map[string]string }
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	for name := range body.Condition {
		if !slices.ContainsFunc(info.Condition, func(f eventsub.ConditionField) bool { return f.Name == name }) {
			t.Errorf("the condition has a field %s that is not generated", name)
		}
	}
}
