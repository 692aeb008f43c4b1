package helix

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 30, 0, 123_000_000, time.UTC)
	for in, want := range map[string]time.Time{
		`"2026-11-01T12:30:00.123Z"`:      at,
		`"2026-11-01T13:30:00.123+01:00"`: at,
		`1793536200`:                      at.Truncate(time.Second),
		`"1793536200"`:                    at.Truncate(time.Second),
		`""`:                              {},
		`null`:                            {},
		`0`:                               {},
	} {
		var got struct{ T Time }
		got.T = Time{at.Add(time.Hour)} // must not stay
		if err := json.Unmarshal([]byte(`{"T":`+in+`}`), &got); err != nil || !got.T.Equal(want) {
			t.Errorf("%s: got %v, %v, want %v", in, got.T, err, want)
		}
	}
	for _, in := range []string{`"soon"`, `1.5`, `true`, `{}`, `"2026-11-01"`} {
		var got Time
		if err := json.Unmarshal([]byte(in), &got); err == nil {
			t.Errorf("%s: got %v, want an error", in, got)
		}
	}
	out, err := json.Marshal(struct {
		A, B Time
		C    Time `json:",omitzero"`
	}{A: Time{at}})
	if want := `{"A":"2026-11-01T12:30:00.123Z","B":null}`; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
}

func TestInt(t *testing.T) {
	for in, want := range map[string]Int{`3`: 3, `"3"`: 3, `-3`: -3, `""`: 0, `null`: 0, `"9007199254740993"`: 9007199254740993} {
		got := Int(99)
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{`"three"`, `1.5`, `true`, `[]`} {
		var got Int
		if err := json.Unmarshal([]byte(in), &got); err == nil {
			t.Errorf("%s: got %v, want an error", in, got)
		}
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]ID{`"141981764"`: "141981764", `141981764`: "141981764", `"a\u0062c"`: "abc", `""`: "", `null`: ""} {
		got := ID("before")
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{`1.5`, `true`, `[]`} {
		var got ID
		if err := json.Unmarshal([]byte(in), &got); err == nil {
			t.Errorf("%s: got %q, want an error", in, got)
		}
	}
}

func FuzzValues(f *testing.F) {
	for _, in := range []string{`"2026-11-01T12:30:00Z"`, `3`, `"3"`, `null`, `""`, `-`, `"`, `1e9`} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var v struct {
			T Time
			I Int
			D ID
		}
		// Also without encoding/json in front, which only passes valid JSON on.
		_, _, _ = v.T.UnmarshalJSON(in), v.I.UnmarshalJSON(in), v.D.UnmarshalJSON(in)
		if json.Unmarshal(in, &v.T) == nil {
			if _, err := json.Marshal(v.T); err != nil && v.T.Year() <= 9999 && v.T.Year() >= 0 {
				t.Errorf("%s was read as %v, which cannot be written: %v", in, v.T, err)
			}
		}
	})
}
