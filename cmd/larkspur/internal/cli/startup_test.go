package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// maxBinary is how large the stripped program may be, in bytes.
const maxBinary = 32_000_000

// The program, built as users build it, is small and replies quickly. The test only
// prints the time of the first reply, because the machine may be busy.
func TestBuiltProgram(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	program := filepath.Join(t.TempDir(), "larkspur")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "github.com/larkspur-dev/larkspur/cmd/larkspur")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxBinary {
		t.Errorf("the program has %d bytes, want at most %d", info.Size(), maxBinary)
	}

	started := time.Now()
	demo := exec.CommandContext(t.Context(), program, "demo", "--for", "1500ms", "--json")
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	var first time.Duration
	var last struct {
		Kind, Who    string
		FirstReplyMS int64 `json:"first_reply_ms"`
	}
	for lines := json.NewDecoder(out); lines.More(); {
		if err := lines.Decode(&last); err != nil {
			t.Fatal(err)
		}
		if first == 0 && last.Kind == "chat" && strings.HasPrefix(last.Who, "larkspur_bot") {
			first = time.Since(started)
		}
	}
	if err := demo.Wait(); err != nil {
		t.Errorf("the demo ended with %v, want exit code 0", err)
	}
	if first == 0 || last.Kind != "summary" || last.FirstReplyMS == 0 {
		t.Errorf("got the first reply after %s and at last %+v, want a reply and a summary", first, last)
	}
	t.Logf("stripped: %.1f MB; first reply: %s after the start, %d ms by the program's own count", float64(info.Size())/1e6, first.Round(time.Millisecond), last.FirstReplyMS)
}
