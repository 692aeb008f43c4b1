package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Every verb says what it does, its fields exist, and its example has the required ones.
func TestVerbsAreDescribed(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	_, help := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/")
	names := map[string]bool{}
	for _, v := range emulator.Verbs() {
		if names[v.Name] || !strings.HasSuffix(v.Text, ".") || strings.ToUpper(v.Text[:1]) != v.Text[:1] {
			t.Errorf("%s: got %q, want a sentence, once", v.Name, v.Text)
		}
		names[v.Name] = true
		if !strings.Contains(help, v.Method+" /larkspur/"+v.Name) || !strings.Contains(help, v.Text) {
			t.Errorf("%s is missing in GET /larkspur/", v.Name)
		}
		for _, f := range v.Fields {
			if !slices.Contains([]string{"text", "number", "boolean", "list", "JSON"}, f.Type) {
				t.Errorf("%s: field %s: got type %q", v.Name, f.Name, f.Type)
			}
			if f.Required && !strings.Contains(" "+v.Example, " "+f.Name+"=") {
				t.Errorf("%s: got example %q, want it to have %s", v.Name, v.Example, f.Name)
			}
		}
		if v.Method != http.MethodGet {
			continue
		}
		if status, body := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+v.Name); status != http.StatusOK {
			t.Errorf("%s: got %d %s", v.Name, status, body)
		}
	}
	if len(names) < 80 {
		t.Errorf("got %d verbs, want all", len(names))
	}
}

func TestControlSaysWhatIsMissing(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	for _, row := range []struct {
		verb, body string
		status     int
		want       string
	}{
		{"follow", `{"broadcaster":"ada"}`, 400, "follow needs user; it takes broadcaster, user"},
		{"say", `{"broadcaster":"ada","user":"grace"}`, 400, "say needs text; it takes broadcaster, user, text, message_id (optional)"},
		{"follow", `{"broadcaster":"ada","user":"grace","viewers":3}`, 400, `follow has no field "viewers"`},
		{"heal", `{"user":"ada"}`, 400, "it takes none"},
		{"fellow", `{}`, 404, "GET /larkspur/ lists what there is"},
	} {
		if got := controlled(t, tw, row.verb, row.body, row.status); !strings.Contains(got["error"].(string), row.want) {
			t.Errorf("%s: got %v, want %q", row.verb, got, row.want)
		}
	}
	if _, list := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/subscriptions"); !strings.Contains(list, `"subscriptions":[]`) {
		t.Errorf("got %s", list)
	}
}
