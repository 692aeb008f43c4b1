package cli_test

import (
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// sendSignal sends a signal to a command that waitline started: signal NAME SIGNAL.
func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}
	if neg || len(args) != 2 || signals[args[1]] == 0 {
		ts.Fatalf("usage: signal NAME HUP|TERM")
	}
	ts.Check(started(ts, args[0]).cmd.Process.Signal(signals[args[1]]))
}
