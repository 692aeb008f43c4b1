package retry

import "time"

// A Timer rings at a time that its owner moves. It is for loops that do one thing after
// another and wait for the next moment at which something is due.
type Timer struct {
	C <-chan time.Time // receives the time when it rings

	timer *time.Timer
}

// NewTimer returns a Timer that does not ring until it is set.
func NewTimer() *Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return &Timer{C: t.C, timer: t}
}

// Set makes t ring once at a time instead of when it was set to ring before, and at once
// if that has passed; zero means not at all.
func (t *Timer) Set(at time.Time) {
	if at.IsZero() {
		t.timer.Stop()
		return
	}
	t.timer.Reset(Positive(time.Until(at)))
}

// Stop makes t ring no more.
func (t *Timer) Stop() { t.timer.Stop() }

// Positive returns d, or a nanosecond if d is not positive. A bubble of testing/synctest
// runs a timer without a wait in the goroutine that sets it, and the race detector
// crashes if two goroutines do that at the same time (go.dev/issue/78156).
func Positive(d time.Duration) time.Duration { return max(d, 1) }
