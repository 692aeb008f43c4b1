package bench_test

import (
	"slices"
	"time"
)

// Rounds are long enough to include the work of the garbage collector. The quickest round
// is the time of the code; slower rounds include the time of other programs.

// best is the shortest of times, in seconds.
func best(times []time.Duration) float64 { return slices.Min(times).Seconds() }

// median is the middle of many short times, in seconds.
func median(times []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2].Seconds()
}
