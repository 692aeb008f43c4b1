package push_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

// A fleet is the clients of a conduit's shards.
type fleet struct {
	*stage
	conduit push.Conduit
	peers   []*peer
	arrived map[string]int // messages by id
}

func newFleet(t *testing.T, shards int) *fleet {
	t.Helper()
	f := &fleet{stage: newStage(t), arrived: map[string]int{}, peers: make([]*peer, shards)}
	var err error
	f.conduit, err = f.server.CreateConduit(app, shards)
	must(t, err)
	for i := range shards {
		f.man(i)
	}
	f.overConduit(f.conduit.ID, "channel.update", "2", "broadcaster_user_id", "1")
	return f
}

// man gives a shard a new connection.
func (f *fleet) man(i int) {
	f.t.Helper()
	f.peers[i] = f.connect("?keepalive_timeout_seconds=600")
	f.seat(f.conduit.ID, fmt.Sprint(i), f.peers[i])
}

func (f *fleet) collect() {
	for _, p := range f.peers {
		for _, m := range p.take() {
			if m.Metadata.Kind == "notification" {
				f.arrived[m.Metadata.ID]++
			}
		}
	}
}

// One dead shard at a time loses nothing, however its connection ends: Twitch tries one
// other shard.
func TestOneDeadShardLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 3)
		random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same story each time
		sent := 0
		for round := range 100 {
			dead := random.IntN(3)
			burst := func() {
				for range 20 {
					sent++
					must(t, f.world.ModifyChannel("1", worldTitle(sent)))
				}
			}
			burst()
			id := f.peers[dead].id
			switch random.IntN(3) {
			case 0:
				f.server.Drop(id)
			case 1:
				f.server.Tear(id)
			case 2:
				f.server.Disconnect(4000+random.IntN(8), id)
			}
			burst()
			f.collect()
			burst()
			f.collect()
			if round%2 == 0 {
				f.man(dead)
			} else { // more than one round later it would be two dead shards
				time.Sleep(time.Second)
				f.man(dead)
			}
		}
		f.collect()
		if got := f.server.Counts(); len(f.arrived) != sent || got.Dropped != 0 || got.Lost != 0 || got.Retried == 0 {
			t.Errorf("got %d of %d and %+v, want all", len(f.arrived), sent, got)
		}
	})
}

// Twitch tries one other shard, not all of them.
func TestTwoDeadShardsDropEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 3)
		must(t, f.server.DisableShard(f.conduit.ID, "0", "websocket_internal_error"))
		must(t, f.server.DisableShard(f.conduit.ID, "2", "websocket_network_error"))
		f.peers[0].wantClosed(4000)
		f.peers[2].wantClosed(4006)
		for i := range 300 {
			must(t, f.world.ModifyChannel("1", worldTitle(i)))
		}
		f.collect()
		got := f.server.Counts()
		if len(f.arrived)+int(got.Dropped) != 300 || got.Dropped < 50 || got.Dropped > 150 { //nolint:gosec // small
			t.Errorf("got %d events and %+v, want about a third dropped", len(f.arrived), got)
		}
	})
}

func TestAllShardsDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2)
		f.server.Drop()
		synctest.Wait()
		must(t, f.world.ModifyChannel("1", worldTitle(1)))
		if got := f.server.Counts().Dropped; got != 1 {
			t.Errorf("got %d dropped, want 1", got)
		}
		time.Sleep(72*time.Hour + time.Second)
		if got := f.server.Conduits(app); len(got) != 0 {
			t.Errorf("got %v, want the conduit deleted", got)
		}
	})
}

// A half-open shard is enabled for Twitch: its events are lost, not retried.
func TestHalfOpenShardLosesEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2)
		f.server.HalfOpen(f.peers[1].id)
		for i := range 10 {
			must(t, f.world.ModifyChannel("1", worldTitle(i)))
		}
		f.collect()
		if got := f.server.Counts(); len(f.arrived) != 5 || got.Lost != 5 || got.Retried != 0 {
			t.Errorf("got %d events and %+v, want half of them lost", len(f.arrived), got)
		}
		time.Sleep(time.Minute)
		shards, err := f.server.Shards(app, f.conduit.ID, "")
		must(t, err)
		if shards[1].Status != "websocket_failed_ping_pong" {
			t.Errorf("got %+v, want the shard disabled once the ping is not answered", shards[1])
		}
	})
}

// What is cut in the middle of a message arrives at another shard with the same id.
func TestTornMessageIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2)
		f.server.Tear(f.peers[0].id)
		must(t, f.world.ModifyChannel("1", worldTitle(1)))
		f.peers[0].want()
		f.peers[0].wantClosed(-1)
		f.peers[1].want("notification channel.update")
		if got := f.server.Counts(); got.Retried != 1 {
			t.Errorf("got %+v, want one retried", got)
		}
	})
}

// A webhook shard gets the retries of webhooks; its events do not move.
func TestFailingWebhookShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		c, err := s.CreateConduit(app, 2)
		must(t, err)
		watch := hookRequest("conduit.shard.disabled", "1", "client_id", "client")
		watch.Transport.Callback = "https://example.com/watch"
		_, err = s.Create(app, watch)
		must(t, err)
		_, _, err = s.UpdateShards(app, c.ID, []push.ShardRequest{{ID: "0", Transport: hookRequest("", "").Transport}})
		must(t, err)
		r := request(&peer{}, "channel.update", "2", "broadcaster_user_id", "1")
		r.Transport = push.TransportRequest{Method: "conduit", ConduitID: c.ID}
		_, err = s.Create(app, r)
		must(t, err)
		in.take()
		in.mu.Lock()
		in.refuse = true
		in.mu.Unlock()
		for i := range 3 {
			must(t, w.ModifyChannel("1", worldTitle(i)))
		}
		time.Sleep(50 * time.Second)
		shards, err := s.Shards(app, c.ID, "")
		must(t, err)
		if got := in.take(); len(got) < 15 || len(shards) != 1 || shards[0].Status != "notification_failures_exceeded" {
			t.Errorf("got %d letters and %+v, want notification_failures_exceeded after 15", len(got), shards)
		}
	})
}

func TestDisableShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1)
		for code, status := range map[int]string{
			-1: "websocket_disconnected", 4000: "websocket_internal_error", 4001: "websocket_received_inbound_traffic",
			4002: "websocket_failed_ping_pong", 4004: "websocket_failed_to_reconnect", 4005: "websocket_network_timeout", 4006: "websocket_network_error",
		} {
			must(t, f.server.DisableShard(f.conduit.ID, "0", status))
			synctest.Wait()
			if code > 0 {
				f.peers[0].wantClosed(websocket.StatusCode(code))
			}
			if got := f.server.AllConduits()[0].Shards[0]; got.Status != status {
				t.Errorf("got %+v, want %s", got, status)
			}
			refused(t, f.server.DisableShard(f.conduit.ID, "0", status), 400, "not enabled")
			f.man(0)
		}
		refused(t, f.server.DisableShard(f.conduit.ID, "0", "tired"), 400, "cannot have this status")
		refused(t, f.server.DisableShard(f.conduit.ID, "0", "notification_failures_exceeded"), 400, "over websocket")
		refused(t, f.server.DisableShard(f.conduit.ID, "1", "websocket_disconnected"), 404, "no such shard")
		refused(t, f.server.DisableShard("unknown", "0", "websocket_disconnected"), 404, "no such shard")
	})
}

// An update of shards succeeds as a whole and fails for one shard.
func TestRefuseShards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		c, err := s.server.CreateConduit(app, 2)
		must(t, err)
		p := s.connect("")
		both := []push.ShardRequest{
			{ID: "0", Transport: push.TransportRequest{Method: "websocket", SessionID: p.id}},
			{ID: "1", Transport: push.TransportRequest{Method: "websocket", SessionID: p.id}},
		}
		s.server.RefuseShards(1, "not now", "internal_error")
		updated, failed, err := s.server.UpdateShards(app, c.ID, both)
		must(t, err)
		if len(updated) != 1 || updated[0].ID != "1" || len(failed) != 1 || failed[0] != (push.ShardError{ID: "0", Message: "not now", Code: "internal_error"}) {
			t.Errorf("got %+v and %+v, want shard 0 refused", updated, failed)
		}
		if updated, failed, _ = s.server.UpdateShards(app, c.ID, both); len(updated) != 2 || len(failed) != 0 {
			t.Errorf("got %+v and %+v, want both", updated, failed)
		}
	})
}

// A session that becomes a shard too late has been closed.
func TestShardMustBeAssignedInTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		c, err := s.server.CreateConduit(app, 1)
		must(t, err)
		p := s.connect("")
		time.Sleep(11 * time.Second)
		p.wantClosed(4003)
		_, failed, err := s.server.UpdateShards(app, c.ID, []push.ShardRequest{{ID: "0", Transport: push.TransportRequest{Method: "websocket", SessionID: p.id}}})
		must(t, err)
		if len(failed) != 1 {
			t.Errorf("got %+v, want an error for the shard", failed)
		}
	})
}

func TestRevokeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		sub := s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		for _, want := range []bool{true, false} {
			if got := s.server.RevokeOne(sub.ID, "beta_maintenance"); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		}
		p.want("revocation stream.online")
	})
}
