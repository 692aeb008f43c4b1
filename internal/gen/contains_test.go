package gen

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Errorf("%v in %s", err, raw)
	}
	return v
}

// contains reports every value of want that is missing in got. Types may differ where
// Twitch's do, null is equal to the zero value, and times are compared as times.
func contains(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok && len(w) > 0 && got != nil {
			t.Errorf("%s: got %v, want an object", at, got)
		}
		for name, value := range w {
			have, ok := g[name]
			if !ok { // Go reads keys in any case
				for k, v := range g {
					if strings.EqualFold(k, name) {
						have = v
					}
				}
			}
			contains(t, at+"."+name, have, value)
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
		if zero(got) && zero(want) || fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		if !sameTime([]string{fmt.Sprint(got)}, []string{fmt.Sprint(want)}) {
			t.Errorf("%s: got %v, want %v", at, got, want)
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
		for _, e := range v {
			if !zero(e) {
				return false
			}
		}
		return true
	}
	return false
}

func sameTime(a, b []string) bool {
	if len(a) != 1 || len(b) != 1 {
		return false
	}
	x, errX := time.Parse(time.RFC3339, a[0])
	y, errY := time.Parse(time.RFC3339, b[0])
	return errX == nil && errY == nil && x.Equal(y)
}
