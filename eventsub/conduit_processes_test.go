package eventsub_test

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Processes come and go while ada streams every second. Each shard is handed over while
// its old connection still works, so no event is lost, and none is handled twice.
func TestConduitProcessesHandOverTheirShards(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		dir := s.t.TempDir()
		start := func() *process {
			return s.start(eventsub.ConduitOptions{Name: "bot", Shards: 6, Owner: eventsub.NewFileShards(dir)})
		}
		streams := 0
		during := func(d time.Duration) {
			for range d / time.Second {
				s.stream()
				streams++
				time.Sleep(time.Second)
			}
		}
		a := start()
		a.ready()
		during(10 * time.Second)
		b := start()
		during(40 * time.Second)
		c := start()
		during(40 * time.Second)
		id := a.State().ConduitID
		for _, p := range []*process{a, b, c} {
			if got := p.State(); got.ConduitID != id || got.Owned != 2 || got.Up != 2 {
				t.Errorf("with three processes: got %+v, want two shards each", got)
			}
		}
		s.wantShards(id, 6)
		for _, p := range []*process{b, a} {
			stopped := make(chan bool)
			go func() { defer close(stopped); p.end() }()
			during(40 * time.Second)
			<-stopped
			s.wantShards(id, 6)
		}
		if got := c.State(); got.Owned != 6 || got.Up != 6 {
			t.Errorf("with one process: got %+v, want six shards", got)
		}
		want := make([]string, streams)
		for i := range want {
			want[i] = "online ada"
		}
		s.want(want...)
		c.end()
	})
}

func TestConduitsOfDifferentNamesAreDifferent(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		dir := s.t.TempDir()
		ids := map[string]bool{}
		for _, name := range []string{"a", "b", "c", "a"} {
			p := s.start(eventsub.ConduitOptions{Name: name, Owner: eventsub.NewFileShards(dir)})
			p.ready()
			ids[p.State().ConduitID] = true
			p.end()
		}
		if len(ids) != 3 {
			t.Errorf("got %d conduits, want 3", len(ids))
		}
	})
}
