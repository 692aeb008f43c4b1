package cron_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/larkspur-dev/larkspur/internal/cron"
)

func TestNext(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		expr, after string
		want        []string
	}{
		{"30 18 * * *", "2026-11-27T18:29:59+01:00", []string{"2026-11-27T18:30:00+01:00", "2026-11-28T18:30:00+01:00"}},
		{"30 18 * * *", "2026-11-27T18:30:00+01:00", []string{"2026-11-28T18:30:00+01:00"}},
		{"@hourly", "2026-11-27T18:30:00+01:00", []string{"2026-11-27T19:00:00+01:00"}},
		{"0 20 * * fri", "2026-11-27T20:00:00+01:00", []string{"2026-12-04T20:00:00+01:00"}},
		{"0 0 29 2 *", "2026-11-27T20:00:00+01:00", []string{"2028-02-29T00:00:00+01:00"}},
		// 2026-03-29: 02:00 becomes 03:00.
		{"30 2 * * *", "2026-03-28T12:00:00+01:00", []string{"2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"*/30 * * * *", "2026-03-29T01:30:00+01:00", []string{"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"}},
		{"15 */6 * * *", "2026-03-29T00:20:00+01:00", []string{"2026-03-29T06:15:00+02:00"}},
		// 2026-10-25: 03:00 becomes 02:00.
		{"30 2 * * *", "2026-10-24T12:00:00+02:00", []string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"*/30 * * * *", "2026-10-25T02:00:00+02:00", []string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00+01:00"}},
	} {
		s, err := cron.Parse(tt.expr, berlin)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, tt.after)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			at = s.Next(at)
			if got := at.Format(time.RFC3339); got != want {
				t.Errorf("%s after %s: got %s, want %s", tt.expr, tt.after, got, want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for expr, want := range map[string]string{
		"":                "want minute, hour",
		"30 18 * *":       "want minute, hour",
		"0 30 18 * * *":   "has 6 fields",
		"61 18 * * *":     "out of its range",
		"30 18 * * frida": "",
		"0 0 31 2 *":      "never due",
	} {
		if _, err := cron.Parse(expr, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", expr, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("30 18 * * fri")
	f.Add("*/5 */2 L * 1#2")
	f.Fuzz(func(t *testing.T, expr string) {
		start := time.Now()
		s, err := cron.Parse(expr, time.UTC)
		if d := time.Since(start); d > time.Second {
			t.Fatalf("%q: %s", expr, d)
		}
		if err != nil {
			return
		}
		at := time.Date(2026, 11, 27, 18, 30, 15, 0, time.UTC)
		for range 3 {
			next := s.Next(at)
			if next.IsZero() {
				return
			}
			if !next.After(at) {
				t.Fatalf("%q: %s is not after %s", expr, next, at)
			}
			at = next
		}
	})
}
