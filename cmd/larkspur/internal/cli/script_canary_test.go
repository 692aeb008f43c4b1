package cli_test

import (
	"fmt"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// canary is the condition of scripts under make canary, where loggers always write to
// standard error: [!canary] ! stderr .
func canary(condition string) (bool, error) {
	if condition != "canary" {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	return quiet.Mark != "", nil
}

// show prints the output of a command, which scripts only compare, so that make canary
// searches it. Output of commands that print secrets on request is left out.
func show(ts *testscript.TestScript, args []string, printed []byte) {
	if quiet.Mark != "" && !slices.Contains(args, "--reveal") {
		ts.Logf("%s", printed)
	}
}

// showLater calls show with a file when the script has ended.
func showLater(ts *testscript.TestScript, args []string, name string) {
	ts.Defer(func() {
		if printed, err := os.ReadFile(name); err == nil {
			show(ts, args, printed)
		}
	})
}
