package eventsub_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// serveShard runs a Shard for a conduit with one shard and stream.online of ada, and
// records what happens. Refused is how often the assignment fails at first.
func serveShard(t *testing.T, refused int, deliver func(n eventsub.Notification) error, story func(tw *emulator.Server, want func(want ...string))) (opened uint64, result error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL()})
		defer tw.HTTPClient().CloseIdleConnections()
		conduit, err := client.Conduits.Create(t.Context(), helix.CreateConduitsParams{ShardCount: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.EventSub.CreateSubscription(t.Context(), helix.CreateEventSubSubscriptionParams{
			Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": tw.UserID("ada")},
			Transport: helix.EventSubTransport{Method: helix.TransportMethodConduit, ConduitID: conduit.ID},
		}); err != nil {
			t.Fatal(err)
		}
		seen := make(chan string, 100)
		shard := eventsub.NewShard(func(ctx context.Context, sessionID string) error {
			if refused > 0 {
				refused--
				seen <- "not assigned"
				return errors.New("refused")
			}
			updated, err := client.Conduits.UpdateShards(ctx, helix.UpdateConduitShardsParams{
				ConduitID: conduit.ID,
				Shards: []helix.ShardUpdate{{ID: "0", Transport: helix.ShardUpdateTransport{
					Method: helix.TransportMethodWebsocket, SessionID: sessionID,
				}}},
			})
			if err != nil || len(updated.Failures) > 0 {
				return fmt.Errorf("%w %v", err, updated)
			}
			seen <- "assigned"
			return nil
		}, func(_ context.Context, n eventsub.Notification) error {
			seen <- n.Type.Name
			return deliver(n)
		}, eventsub.ShardOptions{
			URL: tw.EventSubURL(), HTTPClient: tw.HTTPClient(),
			OnLost:    func(l eventsub.ShardLoss) { seen <- fmt.Sprintf("lost, unsure: %t: %v", l.Unsure, l.Reason) },
			OnRevoked: func(sub eventsub.Subscription) { seen <- "revoked: " + sub.Status },
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- shard.Run(ctx) }()
		story(tw, func(want ...string) {
			t.Helper()
			synctest.Wait()
			var got []string
			for len(seen) > 0 {
				got = append(got, <-seen)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
		cancel()
		result = <-done
		opened = shard.Connections()
		if err := shard.Run(t.Context()); err == nil {
			t.Error("second run: got no error")
		}
	})
	return opened, result
}

func TestShardServes(t *testing.T) {
	accept := func(eventsub.Notification) error { return nil }
	opened, err := serveShard(t, 2, accept, func(tw *emulator.Server, want func(want ...string)) {
		time.Sleep(5 * time.Second)
		want("not assigned", "not assigned", "assigned")
		tw.GoLive("ada")
		want("stream.online")
		tw.GoOffline("ada")
		tw.ReconnectEventSub(0)
		time.Sleep(time.Minute)
		want("assigned")
		tw.CloseEventSub(4000)
		time.Sleep(5 * time.Second)
		want("lost, unsure: false: closed by Twitch with 4000: internal server error", "assigned")
		tw.HalfOpenEventSub()
		time.Sleep(time.Minute)
		want("lost, unsure: true: connection went silent", "assigned")
		tw.GoLive("ada")
		want("stream.online")
		tw.RevokeEventSub(eventsub.StreamOnline{}.Type(), "user_removed")
		want("revoked: user_removed")
	})
	if err != nil || opened != 4 {
		t.Errorf("run: got %v after %d connections, want none after 4", err, opened)
	}
}

func TestShardEndsWithAnErrorOfDeliver(t *testing.T) {
	full := errors.New("disk is full")
	_, err := serveShard(t, 0, func(eventsub.Notification) error { return full }, func(tw *emulator.Server, want func(want ...string)) {
		want("assigned")
		tw.GoLive("ada")
		want("stream.online")
	})
	if !errors.Is(err, full) {
		t.Errorf("run: got %v, want %v", err, full)
	}
}
