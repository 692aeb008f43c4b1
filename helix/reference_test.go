package helix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every answer in Twitch's reference is read, and nothing in it is lost.
func TestTwitchsExamples(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "twitch", "examples", "helix")
	index, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Skipf("Twitch's examples are not here: %v", err)
	}
	var examples []struct {
		Endpoint     string
		ResponseFile string
	}
	if err := json.Unmarshal(index, &examples); err != nil {
		t.Fatal(err)
	}
	all, s := everyMethod(t)
	byID := map[string]method{}
	for _, m := range all {
		byID[m.endpoint.ID] = m
	}
	for _, example := range examples {
		if filepath.Ext(example.ResponseFile) != ".json" || strings.Contains(example.ResponseFile, ".error.") {
			continue
		}
		t.Run(example.ResponseFile, func(t *testing.T) {
			m, ok := byID[example.Endpoint]
			if !ok {
				t.Fatalf("got no method of %s", example.Endpoint)
			}
			if s.body, err = os.ReadFile(filepath.Join(dir, example.ResponseFile)); err != nil {
				t.Fatal(err)
			}
			got, err := m.do(t, m.least())
			if errors.Is(err, ErrNotFound) && bytes.Contains(s.body, []byte(`"data": []`)) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got == nil {
				return // only the status counts
			}
			encoded, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			var have, want any
			if err := errors.Join(json.Unmarshal(encoded, &have), json.Unmarshal(s.body, &want)); err != nil {
				t.Fatal(err)
			}
			var lost []string
			for _, candidate := range shapes(want) {
				if lost = missing("", candidate, have); len(lost) == 0 {
					return
				}
			}
			t.Errorf("got %s\nlost: %s", encoded, strings.Join(lost, "; "))
		})
	}
}

// shapes returns what of an answer a method may return, likeliest last.
func shapes(answer any) []any {
	object, ok := answer.(map[string]any)
	if !ok {
		return []any{answer}
	}
	delete(object, "pagination") // a Page does not write its cursor
	out := []any{answer, object["data"]}
	if data, ok := object["data"].([]any); ok && len(data) > 0 {
		out = append(out, data[0])
	}
	slices.Reverse(out)
	return out
}

// missing lists what of want is not in have.
func missing(path string, want, have any) []string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := have.(map[string]any)
		if !ok {
			return []string{path + " is no object"}
		}
		var out []string
		for key, value := range want {
			got, ok := object[key]
			if !ok { // encoding/json does not mind the case when it reads
				got, ok = object[strings.ToLower(key)]
			}
			if !ok && empty(value) {
				continue
			}
			if !ok {
				out = append(out, path+"."+key)
				continue
			}
			out = append(out, missing(path+"."+key, value, got)...)
		}
		return out
	case []any:
		list, ok := have.([]any)
		if len(want) == 0 && have == nil {
			return nil
		}
		if !ok || len(list) != len(want) {
			return []string{path + " has another length"}
		}
		var out []string
		for i := range want {
			out = append(out, missing(fmt.Sprintf("%s[%d]", path, i), want[i], list[i])...)
		}
		return out
	default:
		if empty(want) && empty(have) || fmt.Sprint(want) == fmt.Sprint(have) || sameTime(want, have) {
			return nil
		}
		return []string{fmt.Sprintf("%s: got %v, want %v", path, have, want)}
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0"
	case float64:
		return v == 0
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func sameTime(a, b any) bool {
	var x, y Time
	one, err1 := json.Marshal(a)
	two, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && x.UnmarshalJSON(one) == nil && y.UnmarshalJSON(two) == nil && x.Equal(y.Time)
}
