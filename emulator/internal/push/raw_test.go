package push_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func TestRaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.poll.begin", "1", "broadcaster_user_id", "1")
		poll := eventsub.Type{Name: "channel.poll.begin", Version: "1"}
		for broadcasterID, want := range map[string]int{"1": 1, "2": 0, "": 1} {
			if got := s.server.Raw(poll, broadcasterID, []byte(`{"id":"7"}`)); got != want {
				t.Errorf("%q: got %d deliveries, want %d", broadcasterID, got, want)
			}
		}
		got := p.want("notification channel.poll.begin", "notification channel.poll.begin")
		if string(got[0].Payload.Event) != `{"id":"7"}` || got[0].Metadata.ID == got[1].Metadata.ID {
			t.Errorf("got %s with ids %s and %s", got[0].Payload.Event, got[0].Metadata.ID, got[1].Metadata.ID)
		}
		if got := s.server.Raw(eventsub.Type{Name: "channel.poll.end", Version: "1"}, "", nil); got != 0 {
			t.Errorf("got %d deliveries of what nobody wants, want 0", got)
		}
	})
}

// A client that reads slowly loses nothing of what Raw sends, and holds it up.
func TestRawWaitsForReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 20_000
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		for i := range events {
			if s.server.Raw(eventsub.Type{Name: "stream.online", Version: "1"}, "1", fmt.Appendf(nil, `{"id":"%d"}`, i)) != 1 {
				t.Fatalf("got no delivery of %d", i)
			}
		}
		got := p.take()
		if len(got) != events || string(got[events-1].Payload.Event) != fmt.Sprintf(`{"id":"%d"}`, events-1) {
			t.Errorf("got %d events, want %d in order", len(got), events)
		}
	})
}

// A callback that is slow holds up Raw as well, and gets everything.
func TestRawWaitsForWebhooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 20_000 // more than wait for a callback
		in := &inbox{t: t}
		s, _ := newHooks(t, in)
		_, err := s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		in.take()
		online := eventsub.Type{Name: "stream.online", Version: "1"}
		for i := range events {
			if s.Raw(online, "1", fmt.Appendf(nil, `{"id":"%d"}`, i)) != 1 {
				t.Fatalf("got no delivery of %d", i)
			}
		}
		if got := in.take(); len(got) != events || !bytes.Contains(got[events-1].body, fmt.Appendf(nil, `{"id":"%d"}`, events-1)) {
			t.Errorf("got %d letters, want %d in order", len(got), events)
		}
		if got := s.Counts(); got != (push.Counts{}) {
			t.Errorf("got %+v, want none dropped", got)
		}
	})
}

// An event goes where the condition asks for it, field by field.
func TestRawTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.raid", "1", "to_broadcaster_user_id", "1")
		s.subscribe(p, "1", "channel.raid", "1", "from_broadcaster_user_id", "1")
		raid := eventsub.Type{Name: "channel.raid", Version: "1"}
		for from, want := range map[string]int{"1": 1, "2": 0} {
			if got := s.server.RawTo(raid, map[string]string{"from_broadcaster_user_id": from, "to_broadcaster_user_id": "9"}, []byte(`{}`)); got != want {
				t.Errorf("from %s: got %d deliveries, want %d", from, got, want)
			}
		}
		if got := s.server.Conditions(raid); len(got) != 2 || got[0]["to_broadcaster_user_id"] != "1" {
			t.Errorf("got %v", got)
		}
	})
}

func TestClientThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		conn, _, err := websocket.Dial(t.Context(), "ws://emulator.test/ws", &websocket.DialOptions{HTTPClient: s.client}) //nolint:bodyclose // the library closes it
		must(t, err)
		defer conn.CloseNow()
		_, _, err = conn.Read(t.Context()) // the welcome
		must(t, err)
		stuck := &peer{t: t, conn: conn, id: s.server.Sessions()[0]}
		s.subscribe(stuck, "1", "channel.update", "2", "broadcaster_user_id", "1")
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		start, read := time.Now(), 0
		for i := range 20_000 {
			must(t, s.world.ModifyChannel("1", worldTitle(i)))
			if i%1000 == 0 {
				read += len(p.take())
			}
		}
		if read += len(p.take()); read != 20_000 || time.Since(start) != 0 {
			t.Errorf("got %d events after %v, want all of them at once", read, time.Since(start))
		}
		time.Sleep(time.Minute)
		if got := s.server.List(grant("1"), push.Filter{Status: "websocket_network_timeout"}); len(got.Subscriptions) != 1 {
			t.Errorf("got %+v, want the stuck session dropped", got)
		}
	})
}

func TestRevokeOnDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		s.server.Revoke(eventsub.Type{Name: "stream.online", Version: "1"}, "version_removed")
		if got := p.want("revocation stream.online")[0].Payload.Subscription; got.Status != "version_removed" || got.Cost != 0 {
			t.Errorf("got %+v", got)
		}
		s.server.Revoke(eventsub.Type{}, "user_removed")
		p.want("revocation channel.update")
		p.wantOpen()
		if got := len(s.server.List(grant("1"), push.Filter{}).Subscriptions); got != 2 {
			t.Errorf("got %d subscriptions, want the revoked ones still listed", got)
		}
	})
}
