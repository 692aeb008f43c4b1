package cli_test

import (
	"fmt"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// canary is the condition of scripts under make canary, where loggers write to the
// standard error whatever a command says: [!canary] ! stderr .
func canary(condition string) (bool, error) {
	if condition != "canary" {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	return quiet.Mark != "", nil
}

// show has make canary see what a command printed that scripts only compare. Commands
// that were asked for secrets are excused.
func show(ts *testscript.TestScript, args []string, printed []byte) {
	if quiet.Mark != "" && !slices.Contains(args, "--reveal") {
		ts.Logf("%s", printed)
	}
}

// showLater is show with a file, when the script has ended.
func showLater(ts *testscript.TestScript, args []string, name string) {
	ts.Defer(func() {
		if printed, err := os.ReadFile(name); err == nil {
			show(ts, args, printed)
		}
	})
}
