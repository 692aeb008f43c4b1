package eventsub_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// An eventLog holds which events were sent and handled, and which gaps were reported.
type eventLog struct {
	t      *testing.T // of the bubble
	random *rand.Rand
	tw     *emulator.Server
	sent   []time.Time // by number

	mu   sync.Mutex
	got  map[int]int // how often each was handled
	gaps []eventsub.Gap
}

// keepLog runs story with a conduit of four shards, while an event is sent every 200 ms.
func keepLog(t *testing.T, seed uint64, story func(t *testing.T, l *eventLog, c *eventsub.Conduit)) *eventLog {
	t.Helper()
	l := &eventLog{random: rand.New(rand.NewPCG(seed, 1)), got: map[int]int{}} //nolint:gosec // a test that can be repeated
	onConduitStage(t, func(s *conduitStage) {
		l.t, l.tw = s.t, s.tw
		mux := eventsub.NewMux()
		eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
			n, err := strconv.Atoi(e.ID)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.got[n]++
			return err
		})
		eventsub.On(mux, func(_ context.Context, e *eventsub.Gap) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.gaps = append(l.gaps, *e)
			return nil
		})
		c := eventsub.NewConduit(s.client, mux, eventsub.ConduitOptions{Shards: 4, URL: s.tw.EventSubURL(), HTTPClient: s.tw.HTTPClient()})
		c.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: s.tw.UserID("ada")})
		ctx, cancel := context.WithCancel(s.t.Context())
		var running sync.WaitGroup
		running.Go(func() {
			if err := c.Run(ctx); err != nil {
				t.Errorf("run: got %v, want none", err)
			}
		})
		if err := c.Ready(ctx); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		sending, stop := context.WithCancel(ctx)
		running.Go(func() {
			ticker := time.NewTicker(200 * time.Millisecond)
			defer ticker.Stop()
			for {
				select {
				case <-ticker.C:
					l.send()
				case <-sending.Done():
					return
				}
			}
		})
		story(s.t, l, c)
		time.Sleep(3 * time.Minute)
		stop()
		time.Sleep(time.Second)
		if st := c.State(); st.Up != 4 || st.Phase != eventsub.Subscribed {
			t.Errorf("in the end: got %v, want all shards and subscriptions", st)
		}
		cancel()
		running.Wait()
		if err := mux.Drain(s.t.Context()); err != nil {
			t.Error(err)
		}
	})
	return l
}

func (l *eventLog) send() {
	l.sent = append(l.sent, time.Now())
	event := map[string]string{
		"id": strconv.Itoa(len(l.sent) - 1), "broadcaster_user_id": l.tw.UserID("ada"), "type": "live",
		"started_at": time.Now().Format(time.RFC3339),
	}
	if _, err := l.tw.SendEvent(eventsub.StreamOnline{}.Type(), "ada", event); err != nil {
		l.t.Error(err)
	}
}

// session returns the id of a random connection.
func (l *eventLog) session() string {
	all := l.tw.EventSubSessions()
	return all[l.random.IntN(len(all))]
}

// shard returns a random shard of the conduit.
func (l *eventLog) shard() (conduit, shard string) {
	return l.tw.EventSubConduits()[0].ID, strconv.Itoa(l.random.IntN(4))
}

// check returns the number of lost events. It reports events that were handled twice, and
// lost ones that are in no gap.
func (l *eventLog) check(t *testing.T, seed uint64) (lost int) {
	t.Helper()
	silent := 0
	for n, sent := range l.sent {
		switch l.got[n] {
		case 1:
		case 0:
			lost++
			if !l.reported(sent) {
				silent++
				if silent < 5 {
					t.Errorf("seed %d: event %d at %s is lost, and in no gap", seed, n, sent.Format(time.StampMilli))
				}
			}
		default:
			t.Errorf("seed %d: event %d was handled %d times", seed, n, l.got[n])
		}
	}
	if silent > 0 {
		for _, g := range l.gaps {
			t.Logf("gap %s to %s: %s", g.From.Format(time.StampMilli), g.To.Format(time.StampMilli), g.Reason)
		}
	}
	return lost
}

func (l *eventLog) reported(at time.Time) bool {
	for _, g := range l.gaps {
		if !at.Before(g.From) && !at.After(g.To) {
			return true
		}
	}
	return false
}

// seeds returns the seeds of a random test: more of them for a long run.
func seeds(n int) []uint64 {
	if os.Getenv("LARKSPUR_LONG") != "" {
		n *= 50
	}
	all := make([]uint64, n)
	for i := range all {
		all[i] = uint64(i + 1)
	}
	return all
}

// A shard that Twitch closes loses nothing: Twitch sends its events to another one.
func TestConduitLosesNothingWithClosedShards(t *testing.T) {
	for _, seed := range seeds(1) {
		l := keepLog(t, seed, func(_ *testing.T, l *eventLog, _ *eventsub.Conduit) {
			for range 100 {
				if l.random.IntN(2) == 0 {
					l.tw.CloseEventSub(4000+l.random.IntN(8), l.session())
				} else {
					l.disable()
				}
				l.pause(2 * time.Minute)
			}
		})
		lost := l.check(t, seed)
		t.Logf("seed %d: %d events, %d lost, %d gaps", seed, len(l.sent), lost, len(l.gaps))
		if lost > 0 || len(l.gaps) > 0 {
			t.Errorf("seed %d: got %d lost events and %d gaps, want none", seed, lost, len(l.gaps))
		}
	}
}

func (l *eventLog) disable() {
	conduit, shard := l.shard()
	status := []string{"websocket_internal_error", "websocket_network_error", "websocket_network_timeout"}[l.random.IntN(3)]
	_ = l.tw.DisableShard(conduit, shard, status) // an error says that it is disabled already
}

// pause waits until a loss is over: the next is independent of it.
func (l *eventLog) pause(most time.Duration) {
	time.Sleep(time.Minute + time.Duration(l.random.Int64N(int64(most))))
}

// Whatever happens to one shard at a time, what is lost is in a gap.
func TestConduitReportsLostEvents(t *testing.T) {
	for _, seed := range seeds(2) {
		l := keepLog(t, seed, func(_ *testing.T, l *eventLog, _ *eventsub.Conduit) {
			for range 100 {
				l.fault()
				l.pause(2 * time.Minute)
			}
		})
		lost := l.check(t, seed)
		t.Logf("seed %d: %d events, %d lost, %d gaps", seed, len(l.sent), lost, len(l.gaps))
		if lost == 0 {
			t.Errorf("seed %d: the faults did no harm", seed)
		}
	}
}

// fault causes a random fault of one shard.
func (l *eventLog) fault() {
	switch l.random.IntN(9) {
	case 0:
		l.tw.CloseEventSub(4000+l.random.IntN(8), l.session())
	case 1:
		l.disable()
	case 2:
		l.tw.DropEventSub(l.session())
	case 3:
		l.tw.CutEventSub(l.session())
	case 4:
		l.tw.SilenceEventSub(l.random.IntN(2) == 0, l.session())
	case 5:
		l.tw.HalfOpenEventSub(l.session())
	case 6:
		l.tw.ReconnectEventSub(0, l.session())
	case 7:
		l.tw.RefuseShards(1+l.random.IntN(3), "")
		l.tw.CloseEventSub(4000, l.session())
	case 8:
		f := emulator.RequestFault{Status: 500, Path: "/helix/eventsub/conduits", Times: 1 + l.random.IntN(6)}
		if l.random.IntN(2) == 0 {
			f.Status, f.Lost = 0, true
		}
		l.tw.FailRequests(f)
		l.tw.CloseEventSub(4000, l.session())
	}
}

// Two shards that are lost at the same time are reported.
func TestConduitReportsTwoLostShards(t *testing.T) {
	for _, seed := range seeds(1) {
		l := keepLog(t, seed, func(t *testing.T, l *eventLog, c *eventsub.Conduit) {
			for range 50 {
				before := c.Stats().Gaps
				conduit := l.tw.EventSubConduits()[0].ID
				order := l.random.Perm(4)
				for _, n := range order[:2] {
					if err := l.tw.DisableShard(conduit, strconv.Itoa(n), "websocket_internal_error"); err != nil {
						t.Error(err)
					}
				}
				l.pause(time.Minute)
				if c.Stats().Gaps == before {
					t.Errorf("seed %d: two lost shards were not reported", seed)
				}
				l.fault()
				l.fault()
				l.pause(time.Minute)
			}
		})
		lost := l.check(t, seed)
		t.Logf("seed %d: %d events, %d lost, %d gaps, %v", seed, len(l.sent), lost, len(l.gaps), l.tw.EventSubCounts())
	}
}
