package eventsub_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A callbackNetwork is the way from Twitch to a callback.
type callbackNetwork struct {
	to   atomic.Pointer[eventsub.Conduit]
	down atomic.Bool
}

func (n *callbackNetwork) RoundTrip(q *http.Request) (*http.Response, error) {
	if c := n.to.Load(); c != nil && !n.down.Load() {
		return reach(q, c)
	}
	return nil, errNetwork
}

func TestConduitOverWebhook(t *testing.T) {
	network := &callbackNetwork{}
	onConduitStage(t, func(s *conduitStage) {
		o := eventsub.ConduitOptions{Shards: 3, Callback: callback, Secret: eventsub.NewSecret()}
		p := s.start(o)
		network.to.Store(p.Conduit)
		time.Sleep(10 * time.Second)
		p.ready()
		id := p.State().ConduitID
		if enabled, _ := s.shards(id); enabled != 3 {
			t.Errorf("shards: got %d enabled, want 3", enabled)
		}
		for range 6 {
			s.stream()
		}
		time.Sleep(time.Second)
		s.want("online ada", "online ada", "online ada", "online ada", "online ada", "online ada")

		// Twitch gives up on callbacks that fail; they are assigned again when they work.
		if err := s.tw.DisableShard(id, "1", "notification_failures_exceeded"); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if enabled, _ := s.shards(id); enabled != 3 {
			t.Errorf("shards after a failure: got %d enabled, want 3", enabled)
		}
		if n := len(s.tw.EventSubSessions()); n != 0 || p.Stats().Connections != 0 {
			t.Errorf("got %d WebSockets, want none", n)
		}

		// A callback that cannot be reached is not enabled, and tried again.
		network.down.Store(true)
		if err := p.Scale(s.t.Context(), 4); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if got := p.State(); got.Up != 3 || got.Owned != 4 || got.Err == nil {
			t.Errorf("with an unreachable callback: got %+v, want an error for a shard", got)
		}
		network.down.Store(false)
		time.Sleep(2 * time.Minute)
		if enabled, _ := s.shards(id); enabled != 4 || p.State().Up != 4 {
			t.Errorf("shards in the end: got %d enabled, state %v, want 4", enabled, p.State())
		}
		p.end()

		// A restart within a moment loses nothing: Twitch repeats what was not acknowledged.
		network.to.Store(nil)
		o.Shards = 4
		s.stream()
		time.Sleep(time.Second)
		p = s.start(o)
		network.to.Store(p.Conduit)
		p.ready()
		time.Sleep(time.Minute)
		s.want("online ada")
		p.end()
	}, emulator.WebhookClient(&http.Client{Transport: network}))
}

func TestConduitWithoutCallbackRefusesRequests(t *testing.T) {
	c := eventsub.NewConduit(helix.New("client", helix.StaticToken("", "token"), helix.Options{}), eventsub.NewMux(), eventsub.ConduitOptions{})
	newPost("m1", time.Now()).wantStatus(t, c, http.StatusForbidden)
}
