package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/cron"
)

// A Schedule says when a [Routine] runs. [Every], [Daily] and [Cron] make one.
type Schedule struct {
	next func(after, begin time.Time) time.Time
	err  error
}

// Every is a schedule that is due each time d has passed since the routine was started.
// Times that pass while a run takes longer than d are left out.
func Every(d time.Duration) Schedule {
	if d <= 0 {
		return Schedule{err: fmt.Errorf("every %v cannot be", d)}
	}
	return Schedule{next: func(after, begin time.Time) time.Time {
		return begin.Add((after.Sub(begin)/d + 1) * d)
	}}
}

// Daily is a schedule that is due once a day when the clocks of a place show a time:
// Daily("18:30", berlin). A nil location means local time. When clocks are set forward
// over that time it is due an hour later.
func Daily(clock string, loc *time.Location) Schedule {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return Schedule{err: fmt.Errorf("daily %q: want a time of the day such as 18:30", clock)}
	}
	return Cron(fmt.Sprintf("%d %d * * *", t.Minute(), t.Hour()), loc)
}

// Cron is a schedule given by a cron expression of five fields, minute first:
// Cron("0 20 * * fri", berlin). A nil location means local time. An expression that names
// hours is due by the clock; one for all hours follows the time that passes, also when
// clocks are set.
func Cron(expr string, loc *time.Location) Schedule {
	s, err := cron.Parse(expr, loc)
	if err != nil {
		return Schedule{err: err}
	}
	return Schedule{next: func(after, _ time.Time) time.Time { return s.Next(after) }}
}

// check returns what is wrong with a schedule.
func (s Schedule) check() error {
	if s.err == nil && s.next == nil {
		return errors.New("the schedule is missing; use Every, Daily or Cron")
	}
	return s.err
}
