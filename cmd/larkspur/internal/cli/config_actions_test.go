package cli_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// docs/skill-actions.md is what the command prints; LARKSPUR_UPDATE=1 writes it.
func TestPageOfActions(t *testing.T) {
	const page = "../../../../docs/skill-actions.md"
	var printed, errOut bytes.Buffer
	code := cli.Main(t.Context(), cli.Process{
		Args: []string{"config", "actions", "--markdown"}, Stdout: &printed, Stderr: &errOut, Started: time.Now(),
		Getenv: func(string) (string, bool) { return "", false },
	})
	if code != 0 {
		t.Fatalf("got exit code %d: %s", code, errOut.String())
	}
	out := printed.String()
	if os.Getenv("LARKSPUR_UPDATE") != "" {
		if err := os.WriteFile(page, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out, string(have)); diff != "" {
		t.Errorf("the page is old; LARKSPUR_UPDATE=1 go test ./cmd/larkspur/internal/cli -run PageOfActions writes it:\n%s", diff)
	}
}
