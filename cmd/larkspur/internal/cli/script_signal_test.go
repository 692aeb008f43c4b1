package cli_test

import (
	"syscall"
	"time"

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

// ended waits until a command that waitline started has ended with exit code 0: ended NAME.
func ended(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ended NAME")
	}
	select {
	case err := <-started(ts, args[0]).ended:
		ts.Check(err)
	case <-time.After(patience):
		ts.Fatalf("it has not ended:\n%s", ts.ReadFile(args[0]))
	}
}
