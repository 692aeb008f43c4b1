package api_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// specField is a field of an answer as Twitch documents it.
type specField struct {
	Name        string
	Type        string
	Optional    bool
	Nullable    bool
	Enum        []any
	AcceptTypes []string
	Fields      []specField
	Items       json.RawMessage // a specField, or the name of a type
	Values      json.RawMessage
}

// documented returns the answers of all endpoints, by id.
func documented(t *testing.T) map[string]specField {
	t.Helper()
	raw, err := os.ReadFile("../../../spec/helix.json")
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Endpoints []struct {
			ID       string
			Response *struct {
				ContentType string
				Fields      []specField
			}
		}
	}
	if err := json.Unmarshal(raw, &spec); err != nil {
		t.Fatal(err)
	}
	answers := map[string]specField{}
	for _, e := range spec.Endpoints {
		if e.Response != nil && strings.Contains(e.Response.ContentType, "json") {
			answers[e.ID] = specField{Type: "object", Fields: e.Response.Fields}
		}
	}
	return answers
}

// TestAnswersAreDocumented compares the answer to every good call with Twitch's
// documentation: fields, types, and which may be null or missing.
func TestAnswersAreDocumented(t *testing.T) {
	answers := documented(t)
	for _, row := range good {
		want, ok := answers[row.endpoint]
		if !ok {
			continue
		}
		t.Run(row.endpoint, func(t *testing.T) {
			d := newDesk(t, 800)
			d.prepare(row.endpoint)
			got := d.call(d.tokenFor(row.as, endpoint(t, row.endpoint)), d.fill(row.request))
			var body any
			if err := json.Unmarshal([]byte(got.raw), &body); err != nil {
				t.Fatalf("got %s: %v", got.raw, err)
			}
			compareShape(t, "answer", want, body)
		})
	}
}

func compareShape(t *testing.T, at string, want specField, got any) {
	t.Helper()
	is := "null"
	switch v := got.(type) {
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case float64:
		is = "number"
		if v == float64(int(v)) {
			is = "integer"
		}
	case []any:
		is = "array"
	case map[string]any:
		is = "object"
	}
	switch {
	case is == "null" && want.Nullable, slices.Contains(want.AcceptTypes, is), want.Type == "number" && is == "integer", want.Type == "map" && is == "object":
	case want.Type != is:
		t.Errorf("%s: got %v, want a %s", at, got, want.Type)
	}
	switch v := got.(type) {
	case string:
		if len(want.Enum) > 0 && !slices.Contains(want.Enum, got) {
			t.Errorf("%s: got %q, want one of %v", at, v, want.Enum)
		}
	case []any:
		item := specField{}
		if json.Unmarshal(want.Items, &item) != nil {
			_ = json.Unmarshal(want.Items, &item.Type)
		}
		for _, element := range v {
			compareShape(t, at+"[]", item, element)
		}
	case map[string]any:
		if want.Type == "map" {
			item := specField{}
			if json.Unmarshal(want.Values, &item) != nil {
				_ = json.Unmarshal(want.Values, &item.Type)
			}
			for name, value := range v {
				compareShape(t, at+"."+name, item, value)
			}
			return
		}
		compareFields(t, at, want.Fields, v)
	}
}

func compareFields(t *testing.T, at string, want []specField, got map[string]any) {
	t.Helper()
	for _, f := range want {
		value, ok := got[f.Name]
		switch {
		case ok:
			compareShape(t, at+"."+f.Name, f, value)
		case !f.Optional:
			t.Errorf("%s.%s is missing", at, f.Name)
		}
	}
	for name := range got {
		if !slices.ContainsFunc(want, func(f specField) bool { return f.Name == name }) {
			t.Errorf("%s.%s is not documented", at, name)
		}
	}
}
