package eventsub

import (
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// An alarm is a timer for a deadline that moves with every message. It is not reset
// when the deadline moves to a later time: then it rings too early and is set again.
type alarm struct {
	timer *retry.Timer
	at    time.Time // when it rings; zero: not at all
}

func newAlarm() *alarm { return &alarm{timer: retry.NewTimer()} }

// set makes the alarm ring at a time, or earlier; zero means not at all.
func (a *alarm) set(at time.Time) {
	switch {
	case at.IsZero():
		a.timer.Stop()
		a.at = at
	case a.at.IsZero() || at.Before(a.at):
		a.timer.Set(at)
		a.at = at
	}
}

// rang must be called after a value was received from the timer's channel.
func (a *alarm) rang() { a.at = time.Time{} }

func (a *alarm) stop() { a.timer.Stop() }
