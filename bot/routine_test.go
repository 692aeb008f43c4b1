package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
)

// runs starts a routine in a bubble and returns after how many seconds it ran.
func runs(t *testing.T, s bot.Schedule, o bot.RoutineOptions, long time.Duration, do func(n int) error) (at []float64, r *bot.Routine) {
	t.Helper()
	start := time.Now()
	r, err := bot.NewRoutine("water", s, func(context.Context) error {
		at = append(at, time.Since(start).Seconds())
		return do(len(at))
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	if err := r.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Start(ctx); err == nil {
		t.Error("a started routine can be started")
	}
	<-ctx.Done()
	r.Stop()
	return at, r
}

func TestRoutineRuns(t *testing.T) {
	fine := func(int) error { return nil }
	for name, tt := range map[string]struct {
		schedule bot.Schedule
		options  bot.RoutineOptions
		do       func(n int) error
		want     []float64
	}{
		"every":    {bot.Every(10 * time.Second), bot.RoutineOptions{}, fine, []float64{10, 20, 30}},
		"at start": {bot.Every(10 * time.Second), bot.RoutineOptions{AtStart: true}, fine, []float64{0, 10, 20, 30}},
		"times":    {bot.Every(10 * time.Second), bot.RoutineOptions{Times: 2}, fine, []float64{10, 20}},
		"daily":    {bot.Daily("00:00", time.UTC), bot.RoutineOptions{}, fine, nil}, // bubbles begin at midnight
		"cron":     {bot.Cron("* * * * *", time.UTC), bot.RoutineOptions{AtStart: true}, fine, []float64{0}},
		"long runs leave out times": {bot.Every(10 * time.Second), bot.RoutineOptions{}, func(n int) error {
			if n == 1 {
				time.Sleep(14 * time.Second)
			}
			return nil
		}, []float64{10, 30}},
		"never true":    {bot.Every(10 * time.Second), bot.RoutineOptions{When: []bot.Condition{func(context.Context, time.Time) bool { return false }}}, fine, nil},
		"stop on error": {bot.Every(10 * time.Second), bot.RoutineOptions{Attempts: 1, StopOnError: true}, func(int) error { return errors.New("no") }, []float64{10}},
		"goes on":       {bot.Every(10 * time.Second), bot.RoutineOptions{Attempts: 1}, func(int) error { panic("no") }, []float64{10, 20, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at, r := runs(t, tt.schedule, tt.options, 35*time.Second, tt.do)
				if diff := cmp.Diff(tt.want, at); diff != "" {
					t.Errorf("ran at other times (-want +got):\n%s", diff)
				}
				if st := r.Status(); st.Started || st.Running || !st.Next.IsZero() {
					t.Errorf("after the end: %+v", st)
				}
			})
		})
	}
}

func TestRoutineTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, r := runs(t, bot.Every(time.Hour), bot.RoutineOptions{Attempts: 4, Times: 1}, 2*time.Hour, func(n int) error {
			if n < 4 {
				return errors.New("no")
			}
			return nil
		})
		if len(at) != 4 || at[3]-at[0] < 3 {
			t.Errorf("attempts at %v, want 4 with pauses of a second or more", at)
		}
		if st := r.Status(); st.Runs != 1 || st.Failed != 3 || st.Err != nil || r.Remaining() != 0 {
			t.Errorf("status: %+v", st)
		}
	})
}

func TestRoutineChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []float64
		start := time.Now()
		r, err := bot.NewRoutine("water", bot.Every(time.Hour), func(context.Context) error {
			at = append(at, time.Since(start).Minutes())
			return nil
		}, bot.RoutineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Minute)
		if err := r.Change(bot.Every(20 * time.Minute)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(45 * time.Minute)
		if err := r.Restart(t.Context()); err != nil { // after 75 minutes
			t.Fatal(err)
		}
		time.Sleep(25 * time.Minute)
		if got := r.Status().Next.Sub(start).Minutes(); got != 115 {
			t.Errorf("next run after %v minutes, want 115", got)
		}
		r.Stop()
		r.Stop()
		if diff := cmp.Diff([]float64{50, 70, 95}, at); diff != "" {
			t.Errorf("ran at other times (-want +got):\n%s", diff)
		}
	})
}

func TestNewRoutineRefuses(t *testing.T) {
	do := func(context.Context) error { return nil }
	for want, err := range map[string]error{
		"want a time of the day": second(bot.NewRoutine("a", bot.Daily("25:00", nil), do, bot.RoutineOptions{})),
		"cannot be":              second(bot.NewRoutine("a", bot.Every(0), do, bot.RoutineOptions{})),
		"minute, hour":           second(bot.NewRoutine("a", bot.Cron("often", nil), do, bot.RoutineOptions{})),
		"schedule is missing":    second(bot.NewRoutine("a", bot.Schedule{}, do, bot.RoutineOptions{})),
		"function is nil":        second(bot.NewRoutine("a", bot.Every(1), nil, bot.RoutineOptions{})),
		"name is missing":        second(bot.NewRoutine("", bot.Every(1), do, bot.RoutineOptions{})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

func second(_ *bot.Routine, err error) error { return err }

func TestErrorsOfARoutineHaveItsName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		r, err := bot.NewRoutine("water", bot.Every(time.Minute), func(context.Context) error { return errors.New("no water") }, bot.RoutineOptions{
			Attempts: 1, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			When: []bot.Condition{func(_ context.Context, last time.Time) bool {
				if !last.IsZero() {
					panic("no weather")
				}
				return true
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Second)
		r.Stop()
		st := r.Status()
		if st.Err == nil || st.Err.Error() != "bot: routine water: no water" || st.Failed != 1 || st.Skipped != 1 {
			t.Errorf("got %+v, want an error with the name, and a skipped run", st)
		}
		if got := log.String(); !strings.Contains(got, "bot: routine water: no water") || !strings.Contains(got, "no weather") {
			t.Errorf("got the log %q, want the error and the panic of the condition", got)
		}
	})
}
