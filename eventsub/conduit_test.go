package eventsub_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A conduitStage is the emulator with ada's channel, and the events that conduits of the
// test received.
type conduitStage struct {
	t      *testing.T
	tw     *emulator.Server
	client *helix.Client // with the app token
	seen   chan string
}

func onConduitStage(t *testing.T, story func(s *conduitStage), options ...emulator.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, append(options, emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace"))...)
		s := &conduitStage{t: t, tw: tw, seen: make(chan string, 100_000)}
		s.client = helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
		})
		defer tw.HTTPClient().CloseIdleConnections()
		story(s)
	})
}

// A process is a running Conduit.
type process struct {
	*eventsub.Conduit

	s      *conduitStage
	mux    *eventsub.Mux
	done   chan error
	cancel context.CancelFunc
}

// start runs a Conduit that wants ada's streams.
func (s *conduitStage) start(o eventsub.ConduitOptions) *process {
	s.t.Helper()
	o.URL, o.HTTPClient = s.tw.EventSubURL(), s.tw.HTTPClient()
	p := &process{s: s, mux: eventsub.NewMux(), done: make(chan error, 1)}
	eventsub.On(p.mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		s.seen <- "online " + e.BroadcasterUserLogin
		return nil
	})
	eventsub.On(p.mux, func(_ context.Context, e *eventsub.Gap) error {
		names := make([]string, len(e.Lost))
		for i, t := range e.Lost {
			names[i] = t.Name
		}
		s.seen <- "gap " + strings.Join(names, " ")
		return nil
	})
	p.Conduit = eventsub.NewConduit(s.client, p.mux, o)
	p.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: s.tw.UserID("ada")})
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(s.t.Context())
	go func() {
		defer close(p.done)
		p.done <- p.Run(ctx)
	}()
	s.t.Cleanup(func() {
		p.cancel()
		for range p.done { // wait for its end
		}
	})
	return p
}

// ready waits until all is subscribed.
func (p *process) ready() {
	p.s.t.Helper()
	ctx, cancel := context.WithTimeout(p.s.t.Context(), time.Minute)
	defer cancel()
	if err := p.Ready(ctx); err != nil {
		p.s.t.Fatalf("ready: %v; state: %v; results: %v", err, p.State(), p.Results())
	}
	synctest.Wait()
}

// end stops the process and returns when it has ended.
func (p *process) end() {
	p.s.t.Helper()
	p.cancel()
	if err := <-p.done; err != nil {
		p.s.t.Errorf("run: got %v, want none", err)
	}
	if err := p.mux.Drain(p.s.t.Context()); err != nil {
		p.s.t.Errorf("drain: got %v, want none", err)
	}
}

// want checks what was handled since the last call. The order is that of the texts: a Gap
// is handled at the same time as events of a channel.
func (s *conduitStage) want(want ...string) {
	s.t.Helper()
	synctest.Wait()
	var got []string
	for len(s.seen) > 0 {
		got = append(got, <-s.seen)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("events (-want +got):\n%s", diff)
	}
}

// stream makes ada go live and offline.
func (s *conduitStage) stream() {
	s.tw.GoLive("ada")
	s.tw.GoOffline("ada")
}

// shards returns the number of enabled shards, and of different sessions that serve them.
func (s *conduitStage) shards(id string) (enabled, sessions int) {
	s.t.Helper()
	different := map[string]bool{}
	for sh, err := range s.client.Conduits.AllShards(s.t.Context(), helix.GetConduitShardsParams{ConduitID: id}) {
		if err != nil {
			s.t.Fatal(err)
		}
		if sh.Status == helix.ShardStatusEnabled {
			enabled++
			different[sh.Transport.SessionID] = true
		}
	}
	return enabled, len(different)
}

func (s *conduitStage) wantShards(id string, want int) {
	s.t.Helper()
	if enabled, sessions := s.shards(id); enabled != want || sessions != want {
		s.t.Errorf("shards: got %d enabled with %d sessions, want %d", enabled, sessions, want)
	}
}

func TestConduitDelivers(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Shards: 4})
		p.ready()
		s.wantShards(p.State().ConduitID, 4)
		for range 8 {
			s.stream()
		}
		s.want("online ada", "online ada", "online ada", "online ada", "online ada", "online ada", "online ada", "online ada")
		time.Sleep(24 * time.Hour)
		s.stream()
		s.want("online ada")
		if got := p.Stats(); got.Connections != 4 || got.Gaps != 0 {
			t.Errorf("after a quiet day: got %+v, want four connections and no gap", got)
		}
		if got, want := p.State().String(), "conduit: 4 of 4 shards connected, 2 of 2 subscriptions"; got != want {
			t.Errorf("state: got %q, want %q", got, want)
		}
		p.end()
	})
}

func TestConduitScales(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Shards: 2})
		p.ready()
		id := p.State().ConduitID
		for _, n := range []int{7, 3, 30, 1} {
			if err := p.Scale(s.t.Context(), n); err != nil {
				t.Fatal(err)
			}
			s.stream()
			time.Sleep(time.Minute) // connections of removed shards are read for a while
			s.wantShards(id, n)
			if got := len(s.tw.EventSubSessions()); got != n {
				t.Errorf("connections: got %d, want %d", got, n)
			}
			for range n {
				s.stream()
			}
			want := make([]string, n+1)
			for i := range want {
				want[i] = "online ada"
			}
			s.want(want...)
		}
		for _, n := range []int{0, 20_001} {
			if err := p.Scale(s.t.Context(), n); err == nil {
				t.Errorf("scale to %d: got no error", n)
			}
		}
		p.end()
		if err := p.Scale(s.t.Context(), 2); err == nil {
			t.Error("scale after the end: got no error")
		}
	})
}

func TestConduitReplacesLostShards(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Shards: 3})
		p.ready()
		id := p.State().ConduitID
		s.tw.CloseEventSub(4000) // all of them
		time.Sleep(5 * time.Second)
		s.wantShards(id, 3)
		s.stream()
		s.want("gap conduit.shard.disabled stream.online", "online ada")
		s.tw.ReconnectEventSub(0)
		time.Sleep(time.Minute)
		s.wantShards(id, 3)
		s.stream()
		s.want("online ada")
		if got := p.Stats(); got.Connections != 9 || got.Losses != 3 || got.Gaps != 1 {
			t.Errorf("got %+v, want 9 connections, 3 losses and a gap", got)
		}
		p.end()
	})
}

// A conduit whose last process stopped is used again, with its subscriptions. The time in
// between is a gap.
func TestConduitContinuesAfterARestart(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Shards: 2})
		p.ready()
		first := p.State().ConduitID
		p.end()
		s.stream()
		time.Sleep(time.Hour)
		p = s.start(eventsub.ConduitOptions{})
		p.ready()
		if got := p.State().ConduitID; got != first {
			t.Errorf("conduit: got %s, want %s", got, first)
		}
		s.wantShards(first, 2)
		s.stream()
		s.want("gap conduit.shard.disabled stream.online", "online ada")
		p.end()
	})
}

func TestConduitThatTwitchDeletedIsReplaced(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Shards: 2})
		p.ready()
		first := p.State().ConduitID
		time.Sleep(time.Minute)
		if err := s.client.Conduits.Delete(s.t.Context(), helix.DeleteConduitParams{ID: first}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := p.State().ConduitID; got == first {
			t.Errorf("conduit: got %s, want another", got)
		}
		s.wantShards(p.State().ConduitID, 2)
		s.stream()
		s.want("gap stream.online", "online ada")
		p.end()
	})
}

// A conduit that had no shard for 72 hours is gone, and its subscriptions with it. The
// gap begins when the shards were lost.
func TestConduitIsCreatedAgainAfter72Hours(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of connections")
	}
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{Check: time.Hour})
		p.ready()
		first := p.State().ConduitID
		var begin, end time.Time
		eventsub.On(p.mux, func(_ context.Context, e *eventsub.Gap) error {
			if begin.IsZero() || e.From.Before(begin) {
				begin = e.From
			}
			if e.To.After(end) {
				end = e.To
			}
			return nil
		})
		lost := time.Now()
		s.tw.FailRequests(emulator.RequestFault{Status: 500, Path: "/helix/eventsub/conduits/shards", Method: "PATCH", Times: 1 << 30})
		s.tw.DropEventSub()
		time.Sleep(74 * time.Hour)
		if p.State().ConduitID == first {
			t.Errorf("conduit: got %s, want another", first)
		}
		s.stream()
		s.tw.HealRequests()
		time.Sleep(2 * time.Minute)
		s.wantShards(p.State().ConduitID, 1)
		synctest.Wait() // the handlers of Gaps have returned
		if begin.After(lost) || end.Sub(begin) < 74*time.Hour {
			t.Errorf("gaps: got %s to %s, want the time since %s", begin, end, lost)
		}
		for len(s.seen) > 0 {
			<-s.seen
		}
		s.stream()
		s.want("online ada")
		p.end()
	})
}
