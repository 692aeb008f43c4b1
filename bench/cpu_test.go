package bench_test

import (
	"syscall"
	"time"
)

// cpuTime returns the processor time that the process has used so far. On a busy machine
// it is more reliable than elapsed time.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
