package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// At a terminal, larkspur new asks; an empty line takes the default.
func TestNewAsksAtTerminal(t *testing.T) {
	t.Parallel()
	source, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	tt, dir := openTerminal(t), filepath.Join(t.TempDir(), "robin")
	code := tt.at(emulator.Start(t), t.TempDir(), "new", dir, "--module", source)
	for _, step := range []struct{ asks, types string }{
		{"Path of the Go module [robin]: ", "example.org/bots/robin\r"},
		{"One channel, or several [one]: ", "\r"},
		{"Login of the channel [that of the account that logs in]: ", "#Ada\r"},
		{"What commands begin with [!]: ", "?\r"},
	} {
		tt.sees(step.asks)
		tt.types(step.types)
	}
	if got := <-code; got != 0 {
		t.Fatalf("got exit code %d\n%s", got, tt.screen())
	}
	if mod := readText(t, dir+"/go.mod"); !strings.HasPrefix(mod, "module example.org/bots/robin\n") {
		t.Errorf("got %s", mod)
	}
	if program := readText(t, dir+"/main.go"); !strings.Contains(program, `Channel: "ada"`) || !strings.Contains(program, `Prefix: "?"`) {
		t.Errorf("got %s", program)
	}
}
