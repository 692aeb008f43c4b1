package eventsub

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func offer(t *testing.T, m *Mux, ns ...Notification) {
	t.Helper()
	for _, n := range ns {
		if err := m.Offer(t.Context(), n); err != nil {
			t.Fatalf("offer: got %v, want none", err)
		}
	}
}

// One stuck handler blocked all broadcasters once 1,024 notifications of its broadcaster
// waited, and no log entry named the handler.
func TestStuckHandlerIsNamedAndDelaysOnlyItsBroadcaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&log, nil)), Workers: 2, LaneQueue: 100})
		release := make(chan struct{})
		others := 0
		On(m, func(_ context.Context, e *note) error {
			if e.Text == "stuck" {
				<-release
			} else {
				others++
			}
			return nil
		}, Named("shoutout"))
		offer(t, m, aNote("0", "busy", "stuck"))
		synctest.Wait()
		for i := range 5000 {
			offer(t, m, aNote(fmt.Sprint(i+1), "busy", "stuck"))
		}
		for i := range 500 {
			offer(t, m, aNote("", fmt.Sprint(i), "quick"))
		}
		synctest.Wait()
		if others != 500 {
			t.Errorf("events of other broadcasters: got %d, want 500", others)
		}
		if len(m.Stuck()) != 0 {
			t.Errorf("stuck after no time: %+v", m.Stuck())
		}
		time.Sleep(time.Minute)
		synctest.Wait() // for the warning, which is logged at the same moment
		stuck := m.Stuck()
		if len(stuck) != 1 || stuck[0].Handler != "shoutout" || stuck[0].BroadcasterID != "busy" || stuck[0].MessageID != "0" ||
			stuck[0].Waiting != 100 || time.Since(stuck[0].Since) != time.Minute {
			t.Errorf("stuck: got %+v", stuck)
		}
		if got := m.Stats(); got.Stuck != 1 || got.Dropped != 4900 {
			t.Errorf("stats: got %+v, want one stuck handler and 4900 dropped", got)
		}
		for _, want := range []string{"event handler is stuck", "handler=shoutout", "broadcaster_id=busy", "event queue is full"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, &log)
			}
		}
		if n := strings.Count(log.String(), "\n"); n > 3 {
			t.Errorf("the log has %d lines", n)
		}
		close(release)
		drain(t, m)
		if !strings.Contains(log.String(), "no longer stuck") || len(m.Stuck()) != 0 {
			t.Errorf("after its return: %+v, log:\n%s", m.Stuck(), &log)
		}
	})
}

// A handler that hangs for every broadcaster took all workers.
func TestStuckHandlersDoNotUseUpTheWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 2})
		release := make(chan struct{})
		quick := 0
		On(m, func(_ context.Context, e *note) error {
			if e.Text == "stuck" {
				<-release
			} else {
				quick++
			}
			return nil
		})
		for i := range 6 {
			offer(t, m, aNote("", fmt.Sprint(i), "stuck"))
		}
		offer(t, m, aNote("", "other", "quick"))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if quick != 1 {
			t.Error("six stuck handlers stopped the others")
		}
		close(release)
		drain(t, m)
		if m.queue.workers != 0 || m.queue.stuck != 0 || m.queue.count != 0 || m.queue.size != 0 {
			t.Errorf("left: %d workers, %d stuck, %d jobs of %d bytes", m.queue.workers, m.queue.stuck, m.queue.count, m.queue.size)
		}
	})
}

// Events that Offer dropped are reported before the events that came after them.
func TestOfferDropsAndReportsAGap(t *testing.T) {
	for _, tt := range []struct {
		name   string
		newest bool
		want   []string
	}{
		{"oldest", false, []string{"0", "gap of 3 test.note v1", "4", "5"}},
		{"newest", true, []string{"0", "gap of 3 test.note v1", "1", "2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMux(MuxOptions{LaneQueue: 2, DropNewest: tt.newest})
				release := make(chan struct{})
				var got []string
				On(m, func(_ context.Context, e *note) error { <-release; got = append(got, e.Text); return nil })
				On(m, func(_ context.Context, g *Gap) error {
					got = append(got, fmt.Sprintf("gap of %d %s", g.Dropped, g.Lost[0]))
					if g.BroadcasterUserID != "1" || g.From.IsZero() || g.To.Before(g.From) || g.Meta.MessageID == "" {
						t.Errorf("got %+v", g)
					}
					return nil
				})
				offer(t, m, aNote("", "1", "0"))
				synctest.Wait()
				for i := 1; i < 6; i++ {
					offer(t, m, aNote("", "1", fmt.Sprint(i)))
				}
				close(release)
				drain(t, m)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("handled (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A flood over many broadcasters must not grow memory, and one busy broadcaster
// must not displace the quiet ones.
func TestFloodOverManyBroadcastersIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 1, Queue: 100, StuckAfter: time.Hour})
		release := make(chan struct{})
		handled := map[string]int{}
		On(m, func(_ context.Context, e *note) error {
			<-release
			handled[e.Meta.Subscription.Condition["broadcaster_user_id"]]++
			return nil
		})
		for range 1000 {
			offer(t, m, aNote("", "busy", ""))
		}
		synctest.Wait() // one of them is in the handler and cannot be dropped
		for i := range 10 {
			offer(t, m, aNote("", fmt.Sprint("quiet", i), ""))
		}
		if m.queue.count != 100 {
			t.Errorf("queued: got %d, want 100", m.queue.count)
		}
		for i := range 10_000 {
			offer(t, m, aNote("", fmt.Sprint("many", i), ""))
		}
		if m.queue.count != 100 || len(m.queue.lanes) > 102 || len(m.queue.lost) > mostOverflows+1 {
			t.Errorf("got %d jobs, %d lanes, %d overflows", m.queue.count, len(m.queue.lanes), len(m.queue.lost))
		}
		close(release)
		drain(t, m)
		if stats := m.Stats(); handled["busy"] == 0 || stats.Dispatched-stats.Dropped > 11_010 {
			t.Errorf("handled %d of busy, stats %+v", handled["busy"], stats)
		}
	})
}

func TestQueueIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 1})
		release := make(chan struct{})
		On(m, func(context.Context, *note) error { <-release; return nil })
		large := aNote("", "1", strings.Repeat("x", 1<<20))
		for range 200 {
			offer(t, m, large)
		}
		if m.queue.size > queueBytes || m.Stats().Dropped < 100 {
			t.Errorf("got %d bytes, %+v", m.queue.size, m.Stats())
		}
		close(release)
		drain(t, m)
	})
}

// A direct caller waits for room; other broadcasters are not held up by it.
func TestDispatchWaitsForItsLaneOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1})
		release := make(chan struct{})
		handled := 0
		On(m, func(_ context.Context, e *note) error {
			if e.Text != "quick" {
				<-release
			}
			handled++
			return nil
		})
		waited := make(chan error, 1)
		go func() {
			for range 5 {
				if err := m.Dispatch(t.Context(), aNote("", "1", "")); err != nil {
					waited <- err
					return
				}
			}
			waited <- nil
		}()
		synctest.Wait()
		dispatch(t, m, aNote("", "2", "quick"))
		synctest.Wait()
		if handled != 1 || len(waited) != 0 {
			t.Errorf("handled %d, want 1; waiting callers returned: %d", handled, len(waited))
		}
		close(release)
		if err := <-waited; err != nil {
			t.Error(err)
		}
		drain(t, m)
		if handled != 6 || m.Stats().Dropped != 0 {
			t.Errorf("handled %d of 6, %+v", handled, m.Stats())
		}
	})
}

func TestErrorsContainTheNameOfTheirHandler(t *testing.T) {
	var log strings.Builder
	m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	On(m, func(context.Context, *note) error { return fmt.Errorf("no luck") }, Named("greeting"))
	On(m, failing)
	m.OnAny(func(context.Context, Notification) error { panic("at the disco") })
	dispatch(t, m, aNote("m1", "1", ""))
	drain(t, m)
	for _, want := range []string{
		"handler greeting: no luck", "handler eventsub.failing: worse luck",
		"handler eventsub.TestErrorsContainTheNameOfTheirHandler.func2: panic: at the disco",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, &log)
		}
	}
}

func failing(context.Context, *note) error { return fmt.Errorf("worse luck") }
