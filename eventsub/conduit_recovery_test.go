package eventsub_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// An archive is a Recoverer that has one event for every time that is asked for.
type archive struct{ asked []eventsub.Missed }

func (a *archive) Types() []eventsub.Type { return []eventsub.Type{eventsub.StreamOnline{}.Type()} }

func (a *archive) Update(_ eventsub.Condition, state []byte, _ []eventsub.Notification) []byte {
	return state
}

func (a *archive) Recover(_ context.Context, m eventsub.Missed) (eventsub.Recovered, error) {
	if m.From.IsZero() {
		return eventsub.Recovered{Complete: true}, nil // the first state
	}
	a.asked = append(a.asked, m)
	event := fmt.Sprintf(`{"id":"archived %d","broadcaster_user_id":%q,"broadcaster_user_login":"archived"}`, len(a.asked), m.Condition.Fields()["broadcaster_user_id"])
	return eventsub.Recovered{Complete: true, Notifications: []eventsub.Notification{{
		Meta: eventsub.Meta{Timestamp: m.From.Add(m.To.Sub(m.From) / 2)}, Type: m.Condition.Type(), Event: []byte(event),
	}}}, nil
}

func TestConduitCatchesUp(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		a, marks := &archive{}, eventsub.NewMemoryWatermarkStore()
		o := eventsub.ConduitOptions{Shards: 2, CatchUp: a, Watermarks: marks}
		p := s.start(o)
		p.ready()
		time.Sleep(time.Minute)
		s.stream()
		s.want("online ada")

		// A silent connection.
		silent := time.Now()
		s.tw.HalfOpenEventSub(s.tw.EventSubSessions()[0])
		time.Sleep(2 * time.Minute)
		s.want("online archived", "gap conduit.shard.disabled")
		if n := len(a.asked); n != 1 || a.asked[0].From.After(silent) || a.asked[0].To.Sub(silent) > time.Minute {
			t.Fatalf("asked for %v, want the time from %s until about 40 seconds later", a.asked, silent)
		}
		p.end()

		// A time without a process.
		stopped := time.Now()
		time.Sleep(time.Hour)
		p = s.start(o)
		p.ready()
		time.Sleep(time.Minute)
		s.want("online archived", "gap conduit.shard.disabled")
		if n := len(a.asked); n != 2 || a.asked[1].From.After(stopped) || stopped.Sub(a.asked[1].From) > time.Minute {
			t.Fatalf("asked for %v, want the time since %s", a.asked, stopped)
		}
		s.stream()
		s.want("online ada")
		p.end()
		if got := p.Stats().Gaps; got != 1 {
			t.Errorf("gaps of the second run: got %d, want 1", got)
		}
	})
}
