package payload_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Random events of every type survive the client: it decodes them without leaving a field
// out, and what it encodes again has every value. LARKSPUR_LONG makes it 100 times as many.
func TestRandomEventsSurviveTheClient(t *testing.T) {
	seeds := uint64(50)
	if os.Getenv("LARKSPUR_LONG") != "" {
		seeds = 5000
	}
	for _, info := range eventsub.Types() {
		t.Run(info.Type.Name+"."+info.Type.Version, func(t *testing.T) {
			schema, ok := payload.Lookup(info.Type)
			if !ok {
				t.Fatal("got no schema")
			}
			for seed := range seeds {
				raw, err := json.Marshal(schema.Random(seed))
				if err != nil {
					t.Fatal(err)
				}
				contains(t, "event", decoded(t, throughClient(t, info.Type, raw)), decoded(t, raw))
				if t.Failed() {
					t.Fatalf("seed %d: %s", seed, raw)
				}
			}
		})
	}
}

// throughClient decodes an event as a client does, and encodes it again.
func throughClient(t *testing.T, of eventsub.Type, raw []byte) (again []byte) {
	t.Helper()
	mux := eventsub.NewMux()
	mux.OnAny(func(_ context.Context, n eventsub.Notification) error {
		p, err := n.Payload()
		if err == nil && p.Type() != of {
			t.Errorf("got type %v, want %v", p.Type(), of)
		}
		if err == nil {
			again, err = json.Marshal(p)
		}
		return err
	})
	if err := mux.Dispatch(t.Context(), eventsub.Notification{Type: of, Event: raw}); err != nil {
		t.Fatal(err)
	}
	if err := mux.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := mux.Stats(); got.Unread != 0 || got.Errors != 0 {
		t.Fatalf("got %d fields that could not be read and %d errors in %s", got.Unread, got.Errors, raw)
	}
	return again
}

// The same seed gives the same event, another seed another one.
func TestRandomIsReproducible(t *testing.T) {
	schema, _ := payload.Lookup(eventsub.ChannelFollow{}.Type())
	texts := [3]string{}
	for i, seed := range []uint64{1, 1, 2} {
		raw, err := json.Marshal(schema.Random(seed))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(raw)
	}
	if texts[0] != texts[1] || texts[0] == texts[2] {
		t.Errorf("got %q", texts)
	}
}
