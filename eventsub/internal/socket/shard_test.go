package socket_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/socket"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// A shard is a conduit's shard on a Socket: a minimal owner. It is assigned to each
// session and records all calls of its methods.
type shard struct {
	t       *testing.T
	tw      *helix.Client
	conduit string
	socket  *socket.Socket
	events  chan socket.Event
	calls   chan string
}

func (s *shard) record(format string, args ...any) { s.calls <- fmt.Sprintf(format, args...) }

func (s *shard) Connecting(context.Context) { s.record("connecting") }

func (s *shard) Session(ctx context.Context, ids []string, fresh bool) {
	s.record("session, fresh: %t", fresh)
	if !fresh {
		return // the assignment moves with the session
	}
	updated, err := s.tw.Conduits.UpdateShards(ctx, helix.UpdateConduitShardsParams{
		ConduitID: s.conduit,
		Shards: []helix.ShardUpdate{{ID: "0", Transport: helix.ShardUpdateTransport{
			Method: helix.TransportMethodWebsocket, SessionID: ids[len(ids)-1],
		}}},
	})
	if err != nil || len(updated.Failures) > 0 {
		s.t.Errorf("update shards: got %v, %v", updated, err)
	}
}

func (s *shard) Lost(_ context.Context, loss connection.Loss) { s.record("lost: %v", loss.Reason) }

func (s *shard) Gap(_ context.Context, loss connection.Loss, _ time.Time) error {
	s.record("gap: %v", loss.Reason)
	return nil
}

func (s *shard) Notification(_ context.Context, m *wire.Message, late bool) error {
	s.record("%s, late: %t", m.Subscription.Type, late)
	return nil
}

func (s *shard) Revocation(_ context.Context, m *wire.Message) {
	s.record("revoked: %s", m.Subscription.Type)
}

func (s *shard) Waiting(_ context.Context, w connection.Waiting) {
	s.record("waiting, welcomed before: %t", w.Welcomed)
}

func (s *shard) Refused(context.Context, string)         { s.record("address refused") }
func (s *shard) Unknown(context.Context, string, []byte) { s.record("not understood") }

// run is the owner's loop.
func (s *shard) run(ctx context.Context) {
	defer s.socket.Wait()
	if err := s.socket.Want(ctx, true); err != nil {
		s.t.Error(err)
	}
	for {
		var due <-chan time.Time
		if at := s.socket.Deadline(); !at.IsZero() {
			due = time.After(time.Until(at))
		}
		var err error
		select {
		case e := <-s.events:
			err = e.Socket.Take(ctx, e)
		case <-due:
			err = s.socket.Tick(ctx)
		case <-ctx.Done():
			return
		}
		if err != nil {
			s.t.Error(err)
		}
	}
}

func (s *shard) want(want ...string) {
	s.t.Helper()
	synctest.Wait()
	var got []string
	for len(s.calls) > 0 {
		got = append(got, <-s.calls)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestSocketServesAConduitsShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL()})
		conduit, err := client.Conduits.Create(t.Context(), helix.CreateConduitsParams{ShardCount: 1})
		if err != nil {
			t.Fatal(err)
		}
		s := &shard{t: t, tw: client, conduit: conduit.ID, events: make(chan socket.Event, socket.Ahead), calls: make(chan string, 100)}
		s.socket = socket.New(socket.Options{
			URL: tw.EventSubURL(), Keepalive: 30 * time.Second, HTTPClient: tw.HTTPClient(),
			Logger: quiet.Or(nil), Random: func() float64 { return 0.5 },
			CloseError: func(code int, _ string) error { return fmt.Errorf("code %d", code) },
		}, s, s.events)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.run(ctx) }()
		defer func() {
			cancel()
			<-done
			tw.HTTPClient().CloseIdleConnections()
		}()
		s.want("connecting", "session, fresh: true")

		_, err = client.EventSub.CreateSubscription(t.Context(), helix.CreateEventSubSubscriptionParams{
			Type: "stream.online", Version: "1", Condition: map[string]string{"broadcaster_user_id": tw.UserID("ada")},
			Transport: helix.EventSubTransport{Method: helix.TransportMethodConduit, ConduitID: conduit.ID},
		})
		if err != nil {
			t.Fatal(err)
		}
		tw.GoLive("ada")
		s.want("stream.online, late: false")
		tw.GoOffline("ada")

		time.Sleep(time.Hour) // keepalives
		tw.ReconnectEventSub(30 * time.Second)
		s.want("session, fresh: false")
		tw.GoLive("ada")
		s.want("stream.online, late: false")
		tw.GoOffline("ada")

		tw.CloseEventSub(4000)
		time.Sleep(2 * time.Second)
		s.want("lost: code 4000", "waiting, welcomed before: true", "connecting", "session, fresh: true")
		tw.GoLive("ada")
		s.want("stream.online, late: false")
		if n := s.socket.Connections(); n != 3 {
			t.Errorf("connections: got %d, want 3", n)
		}
	})
}
