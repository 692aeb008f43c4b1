// Package cron computes when a cron expression is due next, in a time zone.
//
// Start with
//
//	s, err := cron.Parse("30 18 * * fri", time.Local)
//	next := s.Next(time.Now())
//
// A [Schedule] keeps no state, and starts no goroutine. It is safe for concurrent use.
package cron

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/adhocore/gronx"
)

// A Schedule is a parsed cron expression in a time zone.
type Schedule struct {
	expr  string
	hours bool // the hours are listed, so that the expression means times of the day
	loc   *time.Location
}

// Parse parses a cron expression of five fields (minute, hour, day of the month, month,
// day of the week), or a name such as "@daily". A nil location means local time. The
// error says what is wrong, for the author of a configuration.
func Parse(expr string, loc *time.Location) (Schedule, error) {
	if loc == nil {
		loc = time.Local
	}
	segments, err := gronx.Segments(expr)
	if err != nil {
		return Schedule{}, fmt.Errorf("cron expression %q: want minute, hour, day of the month, month and day of the week, such as %q", expr, "30 18 * * fri")
	}
	if n := len(strings.Fields(expr)); n > 5 {
		return Schedule{}, fmt.Errorf("cron expression %q has %d fields, want 5", expr, n)
	}
	if !gronx.IsValid(expr) {
		return Schedule{}, fmt.Errorf("cron expression %q: a field is out of its range", expr)
	}
	s := Schedule{expr: strings.Join(segments[:6], " "), hours: !strings.Contains(segments[2], "*"), loc: loc}
	if s.Next(time.Now()).IsZero() {
		return Schedule{}, errors.New("cron expression " + fmt.Sprintf("%q", expr) + " is never due")
	}
	return s, nil
}

// Next returns the first time after t at which the schedule is due, or the zero time if
// there is none within years.
//
// When clocks are set forward, an expression for a time of the day that does not exist on
// that day is due an hour later. When they are set back, it is due once. An expression
// for all hours, such as "*/5 * * * *", follows the time that passes.
func (s Schedule) Next(t time.Time) time.Time {
	if s.hours {
		return s.nextOfDay(t)
	}
	return s.nextPassing(t)
}

// nextOfDay finds times of the day: it searches on the clock of the wall.
func (s Schedule) nextOfDay(t time.Time) time.Time {
	at := wall(t.In(s.loc))
	for range 4 { // the clock may show a time again
		next, err := gronx.NextTickAfter(s.expr, at, false)
		if err != nil {
			return time.Time{}
		}
		if due := s.moment(next); due.After(t) {
			return due
		}
		at = next
	}
	return time.Time{}
}

// moment returns when the clock shows a time, the first time if it does so twice.
func (s Schedule) moment(clock time.Time) time.Time {
	y, m, d := clock.Date()
	due := time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, s.loc)
	if _, before := due.Add(-3 * time.Hour).Zone(); !wall(due).Equal(clock) { // it is skipped
		return clock.Add(-time.Duration(before) * time.Second).In(s.loc)
	}
	for _, back := range []time.Duration{time.Hour, 30 * time.Minute} {
		if earlier := due.Add(-back); wall(earlier).Equal(clock) {
			return earlier
		}
	}
	return due
}

// nextPassing finds the next time with the offset that is valid now, and begins again
// where the offset changes before it.
func (s Schedule) nextPassing(t time.Time) time.Time {
	for range 100 {
		name, offset := t.In(s.loc).Zone()
		next, err := gronx.NextTickAfter(s.expr, t.In(time.FixedZone(name, offset)), false)
		if err != nil {
			return time.Time{}
		}
		if _, then := next.In(s.loc).Zone(); then == offset {
			return next.In(s.loc)
		}
		_, change := t.In(s.loc).ZoneBounds()
		if change.IsZero() || change.After(next) {
			return next.In(s.loc)
		}
		t = change.Add(-time.Nanosecond)
		if _, o := change.In(s.loc).Zone(); o != offset {
			if due, _ := gronx.New().IsDue(s.expr, wall(change.In(s.loc))); due {
				return change.In(s.loc)
			}
			t = change
		}
	}
	return time.Time{}
}

// wall returns what the clock shows as a time in UTC.
func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
