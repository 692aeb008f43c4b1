package cli

import "testing"

// In a narrow terminal the countdown stays in one line.
func TestCountdownFits(t *testing.T) {
	for columns, want := range map[int]string{
		0:  "Waiting for the login; 29:59 left. Ctrl-C stops.",
		80: "Waiting for the login; 29:59 left. Ctrl-C stops.",
		44: "29:59",
		30: "29:59",
	} {
		if got := waiting("29:59", columns); got != want {
			t.Errorf("%d columns: got %q, want %q", columns, got, want)
		}
	}
}
