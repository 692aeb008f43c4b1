package payload_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Whatever is assigned, the result is an event or an error that names the field.
func FuzzAssign(f *testing.F) {
	for i, text := range []string{
		"event.user_name=Grace", "choices[0].title=x", "choices.1.votes=-1", "choices[2].title=more", "choices=[]", "message.fragments[0].text=\x00",
		"reply.parent_user_id=1", "action=warn", "terms=[\"a\"]", "outcomes[99999999999999999999].id=1", "ends_at=null", "..=", "event.=1", "[0]=1", "unraid=x",
	} {
		f.Add(uint8(i*5), text) //nolint:gosec // small
	}
	types := eventsub.Types()
	f.Fuzz(func(t *testing.T, of uint8, text string) {
		schema, _ := payload.Lookup(types[int(of)%len(types)].Type)
		a, err := payload.ParseAssignment(text)
		if err != nil {
			return
		}
		event, err := schema.Plausible(people, []payload.Assignment{a}, 1)
		if err != nil {
			if !strings.Contains(err.Error(), "event") {
				t.Errorf("got %v, want it to name the field", err)
			}
			return
		}
		if raw, err := json.Marshal(event); err != nil || !json.Valid(raw) {
			t.Errorf("got %s %v", raw, err)
		}
		schema.Keys(event, "client")
	})
}
