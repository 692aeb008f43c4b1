package cli_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// Every event in the emulator's guide can be triggered: each command is run with --print,
// which needs no emulator.
func TestTriggersOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../../../../docs/guides/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^larkspur (emulator trigger [^#\n]*)`).FindAllStringSubmatch(string(guide), -1)
	if len(lines) < 5 {
		t.Errorf("got %d commands in the guide, want more", len(lines))
	}
	for _, line := range lines {
		var out, errs bytes.Buffer
		code := cli.Main(t.Context(), cli.Process{
			Args: append(words(t, line[1]), "--print"), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
			Getenv: func(string) (string, bool) { return "", false },
		})
		if code != 0 || !strings.HasPrefix(out.String(), "{") {
			t.Errorf("larkspur %s: got %d %s%s", line[1], code, out.String(), errs.String())
		}
	}
}
