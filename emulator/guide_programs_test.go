package emulator_test

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Python programs of the guide, run where the library is installed: LARKSPUR_PYTHON names
// an interpreter other than python3.
func TestPythonProgramsOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("../docs/guides/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	python := os.Getenv("LARKSPUR_PYTHON")
	if python == "" {
		python = "python3"
	}
	for _, row := range []struct{ mark, needs, says string }{
		{"commands.AutoBot", "twitchio.ext.commands", "Hello grace!"},
		{"from twitch.eventsub import ClientUser", "twitch.eventsub", "Hello grace!"},
	} {
		t.Run(row.needs, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := exec.CommandContext(ctx, python, "-c", "import "+row.needs).Run(); err != nil { //nolint:gosec // the interpreter is the developer's
				t.Skipf("%s cannot import %s", python, row.needs)
			}
			tw := emulator.Start(t, emulator.Channel("ada"))
			var program string
			for _, m := range regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(string(guide), -1) {
				if strings.Contains(m[1], row.mark) {
					program = strings.ReplaceAll(m[1], "127.0.0.1:8080", strings.TrimPrefix(tw.URL(), "http://"))
				}
			}
			out := new(strings.Builder)
			cmd := exec.CommandContext(ctx, python, "-c", program) //nolint:gosec // our own program
			cmd.Stdout, cmd.Stderr = out, out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- cmd.Wait() }()
			tw.WantChat(t, "ada", row.says)
			cancel()
			<-done
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}
