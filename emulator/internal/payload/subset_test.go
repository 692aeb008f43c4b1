package payload_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// contains reports what of want is missing in got. A value that is null or absent in one may be
// the zero value in the other, and times are compared as times.
func contains(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok && !zero(want) {
			t.Errorf("%s: got %v, want %v", at, got, want)
			return
		}
		for name, value := range w {
			contains(t, at+"."+name, g[name], value)
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			t.Errorf("%s: got %d elements, want %d", at, len(g), len(w))
			return
		}
		for i := range w {
			contains(t, fmt.Sprintf("%s[%d]", at, i), g[i], w[i])
		}
	default:
		if got != want && (!zero(got) || !zero(want)) && !sameTime(got, want) {
			t.Errorf("%s: got %#v, want %#v", at, got, want)
		}
	}
}

func zero(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0001-01-01T00:00:00Z"
	case float64:
		return v == 0
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, member := range v {
			if !zero(member) {
				return false
			}
		}
		return true
	}
	return false
}

func sameTime(a, b any) bool {
	x, errX := time.Parse(time.RFC3339, fmt.Sprint(a))
	y, errY := time.Parse(time.RFC3339, fmt.Sprint(b))
	return errX == nil && errY == nil && x.Equal(y)
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return v
}
