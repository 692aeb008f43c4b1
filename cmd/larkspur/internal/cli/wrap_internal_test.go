package cli

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	const line = "   0.45s  \x1b[32m> say: Thank you so much for the follow\x1b[0m (thanks)"
	for _, tt := range []struct {
		name    string
		columns int
		want    string
	}{
		{"no terminal", 0, line},
		{"too narrow to be of use", 15, line},
		{"wide", 100, line},
		{"narrow", 36, "   0.45s  \x1b[32m> say: Thank you so much\n          for the follow\x1b[0m (thanks)"},
	} {
		if got := wrap(line, tt.columns); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Wrapping keeps all words, and only a line with a single long word is too long.
func TestWrapKeepsAllWords(t *testing.T) {
	text := "   1.00s  ada: " + strings.Repeat("chess ", 40) + strings.Repeat("x", 90) + " grüße an alle"
	for columns := indent + minText; columns < 100; columns++ {
		got := wrap(text, columns)
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
			t.Fatalf("%d columns: words differ in %q", columns, got)
		}
		for line := range strings.Lines(got) {
			line = strings.TrimSuffix(line, "\n")
			if visible(line) > columns && !strings.Contains(line, "xxx") {
				t.Errorf("%d columns: %q has %d", columns, line, visible(line))
			}
		}
	}
}

// Control characters of chat do not reach the terminal.
func TestPrintable(t *testing.T) {
	if got, want := printable("a\x1b[2Jb\r\nc\x07"), "a[2Jbc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
