package expr

import (
	"testing"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// The time limit counts computing, not the time in which the machine was suspended or
// busy with other processes.
func TestSuspendedMachineDoesNotEndARun(t *testing.T) {
	tests := []struct {
		name   string
		gap    time.Duration // between two checks
		checks int
		ended  bool
	}{
		{"suspended twice", time.Hour, 2, false},
		{"within its time", watchEvery, int(runTime/watchEvery) - 1, false},
		{"over its time", watchEvery, int(runTime/watchEvery) + 2, true},
		{"on a slow machine", time.Second, int(runTime/longestGap) + 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var clock time.Duration
			thread := &starlark.Thread{}
			w := &watcher{thread: thread, computed: func() time.Duration { return clock }, timer: time.NewTimer(time.Hour)}
			defer w.stop()
			for range tt.checks {
				clock += tt.gap
				w.check()
			}
			if _, err := starlark.EvalOptions(&syntax.FileOptions{}, thread, "x", "1 + 1", nil); (err != nil) != tt.ended {
				t.Errorf("got %v, want it ended: %t", err, tt.ended)
			}
		})
	}
}
