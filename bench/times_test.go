package bench_test

import (
	"slices"
	"time"
)

// Rounds are long enough to hold the work of the garbage collector. So the quickest
// of them is what the code takes, and the others tell of what else the machine did.

// best is the shortest of times, in seconds.
func best(times []time.Duration) float64 { return slices.Min(times).Seconds() }

// median is the middle of many short times, in seconds.
func median(times []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2].Seconds()
}
