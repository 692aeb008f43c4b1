package skill

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/internal/cron"
	"github.com/larkspur-dev/larkspur/internal/retry"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A timer runs a rule without an event of Twitch: each time an interval has passed, by the
// clock, or after some lines of chat.
type timer struct {
	name   string
	every  time.Duration
	jitter time.Duration
	cron   *cron.Schedule
	lines  int64
}

// timerShape is the shape of event for a timer.
var timerShape = expr.NewShape("a timer", map[string]*expr.Shape{
	"name": expr.Text, "count": expr.Number, "broadcaster_user_id": expr.Text,
})

// minEvery is the shortest interval of a timer.
const minEvery = time.Second

// loadEvery reads every:: a duration, or {every: 15m, jitter: 1m}.
func (l *loader) loadEvery(n *config.Node) *timer {
	at, t := n, &timer{name: "every"}
	if n.Kind == config.Map {
		s := n.Section(l.problems, "every", "jitter")
		t.jitter = s.Duration("jitter", 0)
		if at = s.Need("every"); at == nil {
			return nil
		}
	}
	d, ok := at.Duration(l.problems)
	switch {
	case !ok:
		return nil
	case d < minEvery:
		l.problems.Add(at, "a timer needs an interval of at least 1s")
		return nil
	}
	t.every, t.name = d, "every "+d.String()
	return t
}

// loadCron reads cron:: five fields, or {cron: …, zone: Europe/Berlin}.
func (l *loader) loadCron(n *config.Node) *timer {
	at, zone := n, ""
	if n.Kind == config.Map {
		s := n.Section(l.problems, "cron", "zone")
		zone = s.String("zone", "")
		if at = s.Need("cron"); at == nil {
			return nil
		}
	}
	src, ok := at.Text(l.problems)
	if !ok {
		return nil
	}
	t, err := newCron(src, zone)
	if err != nil {
		l.problems.Add(at, "%s", err)
	}
	return t
}

// newCron returns a timer by the clock of a time zone; "" is the local one.
func newCron(src, zone string) (*timer, error) {
	loc := time.Local
	if zone != "" {
		var err error
		if loc, err = time.LoadLocation(zone); err != nil {
			return nil, fmt.Errorf("unknown time zone %q; want a name such as Europe/Berlin", zone)
		}
	}
	schedule, err := cron.Parse(src, loc)
	if err != nil {
		return nil, err
	}
	return &timer{name: "cron " + src, cron: &schedule}, nil
}

// loadAfterLines reads after-lines:: a number of lines.
func (l *loader) loadAfterLines(n *config.Node) *timer {
	lines, ok := n.Int(l.problems)
	if ok && lines < 1 {
		l.problems.Add(n, "want a number of chat lines, at least 1")
		ok = false
	}
	if !ok {
		return nil
	}
	return &timer{name: "after-lines", lines: int64(lines)}
}

// next returns when the timer is due after a time; the zero time if never.
func (t *timer) next(after time.Time) time.Time {
	switch {
	case t.cron != nil:
		return t.cron.Next(after)
	case t.every > 0:
		due := after.Add(t.every)
		if t.jitter > 0 {
			due = due.Add(rand.N(t.jitter)) //nolint:gosec // spreads timers; nobody gains by a guess
		}
		return due
	}
	return time.Time{}
}

// Run runs the timers of the skills until ctx ends, which is its result. Without it, every:
// and cron: do nothing. A time that passes while the bot does not run is left out.
func (e *Engine) Run(ctx context.Context) error {
	type entry struct {
		rule  *rule
		timer *timer
		due   time.Time
	}
	var all []*entry
	for _, r := range e.set.rules {
		for _, t := range r.timers {
			if due := t.next(time.Now()); !due.IsZero() {
				all = append(all, &entry{r, t, due})
			}
		}
	}
	wake := retry.NewTimer()
	defer wake.Stop()
	for {
		var soonest time.Time
		for _, en := range all {
			if soonest.IsZero() || en.due.Before(soonest) {
				soonest = en.due
			}
		}
		if soonest.IsZero() {
			<-ctx.Done()
			return ctx.Err()
		}
		wake.Set(soonest)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake.C:
		}
		now := time.Now()
		for _, en := range all {
			if !en.due.After(now) {
				e.fire(ctx, en.rule, en.timer)
				en.due = en.timer.next(time.Now())
				if en.due.IsZero() {
					en.due = now.AddDate(100, 0, 0)
				}
			}
		}
	}
}

// fire runs a rule because of a timer.
func (e *Engine) fire(ctx context.Context, r *rule, t *timer) {
	st := e.states[r]
	c := e.call(r, t.name, map[string]any{
		"name": r.skill, "count": st.fired.Add(1), "broadcaster_user_id": "",
	}, timerShape)
	_, _ = e.react(ctx, c) // reported
}

// afterLines runs the rules that wait for lines of chat.
func (e *Engine) afterLines(ctx context.Context) {
	lines := e.lines.Load()
	for _, r := range e.set.lineTimers {
		st := e.states[r]
		for _, t := range r.timers {
			last := st.lineTimer.Load()
			if t.lines > 0 && lines-last >= t.lines && st.lineTimer.CompareAndSwap(last, lines) {
				e.fire(ctx, r, t)
			}
		}
	}
}
