package push_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

func TestWelcomeAndKeepalive(t *testing.T) {
	for query, seconds := range map[string]int{
		"": 10, "?keepalive_timeout_seconds=30": 30, "?keepalive_timeout_seconds=1": 10, "?keepalive_timeout_seconds=9999": 600, "?keepalive_timeout_seconds=x": 10,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t)
			p := s.dial("ws://emulator.test/ws" + query)
			w := p.welcome()
			if got := w.Payload.Session; got.Status != "connected" || got.Keepalive == nil || *got.Keepalive != seconds || got.ReconnectURL != nil {
				t.Errorf("%q: got %+v, want keepalive %d", query, got, seconds)
			}
			s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
			promised := time.Duration(seconds) * time.Second
			for range 3 {
				time.Sleep(promised)
				p.want("session_keepalive")
			}
			time.Sleep(promised / 2) // an event counts as a sign of life
			if _, err := s.world.GoLive("1"); err != nil {
				t.Fatal(err)
			}
			p.want("notification stream.online")
			time.Sleep(promised * 8 / 10)
			p.want()
			time.Sleep(promised / 4)
			p.want("session_keepalive")
		})
	}
}

func TestUnusedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("?keepalive_timeout_seconds=60")
		time.Sleep(9 * time.Second)
		p.wantOpen()
		time.Sleep(time.Second)
		p.wantClosed(4003)
		if got := s.server.Sessions(); len(got) != 0 {
			t.Errorf("got sessions %v, want none", got)
		}
		_, err := s.server.Create(grant("1"), request(p, "stream.online", "1", "broadcaster_user_id", "1"))
		refused(t, err, 400, "session does not exist")
	})
}

func TestClientThatWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		must(t, p.conn.Write(t.Context(), websocket.MessageText, []byte("hello")))
		p.wantClosed(4001)
		if got := s.server.List(grant("1"), push.Filter{}).Subscriptions[0]; got.Status != "websocket_received_inbound_traffic" || got.Transport.DisconnectedAt.IsZero() {
			t.Errorf("got %+v", got)
		}
		if got := s.server.Counts().Inbound; got != 1 {
			t.Errorf("inbound messages: got %d, want 1", got)
		}
	})
}

func TestClientThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		must(t, p.conn.Close(websocket.StatusNormalClosure, ""))
		synctest.Wait()
		l := s.server.List(grant("1"), push.Filter{Status: "websocket_disconnected"})
		if len(l.Subscriptions) != 1 || l.TotalCost != 0 || l.Total != 1 {
			t.Errorf("got %+v, want one dead subscription", l)
		}
		time.Sleep(time.Hour)
		if got := s.server.List(grant("1"), push.Filter{}); got.Total != 0 {
			t.Errorf("got %+v after an hour, want none", got)
		}
	})
}

func TestCloseCodesOnDemand(t *testing.T) {
	for _, code := range []int{4000, 4002, 4004, 4005, 4006} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t)
			p := s.connect("")
			s.server.Disconnect(code)
			p.wantClosed(websocket.StatusCode(code))
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.server.Drop()
		p.wantClosed(-1)
	})
}

func TestReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		old := s.connect("?keepalive_timeout_seconds=20")
		s.subscribe(old, "1", "channel.follow", "2", "broadcaster_user_id", "1", "moderator_user_id", "1")
		s.server.Reconnect(0)
		m := old.want("session_reconnect")[0].Payload.Session
		if m.Status != "reconnecting" || m.ReconnectURL == nil || m.Keepalive != nil || m.ID != old.id {
			t.Fatalf("got %+v", m)
		}
		if !strings.HasPrefix(*m.ReconnectURL, "ws://emulator.test/ws?") {
			t.Errorf("got %q, want the host that was dialled", *m.ReconnectURL)
		}
		must(t, s.world.Follow("1", "3")) // the old one still delivers
		old.want("notification channel.follow")

		fresh := s.dial(*m.ReconnectURL)
		if got := fresh.welcome().Payload.Session.Keepalive; got == nil || *got != 20 {
			t.Errorf("got keepalive %v, want the old one's 20", got)
		}
		must(t, s.world.Follow("1", "4"))
		got := fresh.want("notification channel.follow")
		if id := got[0].Payload.Subscription.Transport.SessionID; id != fresh.id {
			t.Errorf("got session %q, want %q", id, fresh.id)
		}
		old.want()

		again := s.dial(*m.ReconnectURL)
		again.wantClosed(4007)
		s.dial("ws://emulator.test/ws?reconnect=invented").wantClosed(4007)

		time.Sleep(30 * time.Second)
		old.wantClosed(4004)
		fresh.wantOpen()
		if l := s.server.List(grant("1"), push.Filter{Status: push.Enabled}); len(l.Subscriptions) != 1 {
			t.Errorf("got %+v, want the subscription alive", l)
		}
	})
}

func TestReconnectMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		s.server.Reconnect(0)
		url := *p.want("session_reconnect")[0].Payload.Session.ReconnectURL
		time.Sleep(30 * time.Second)
		p.wantClosed(4004)
		if got := s.server.List(grant("1"), push.Filter{}).Subscriptions[0].Status; got != "websocket_failed_to_reconnect" {
			t.Errorf("got status %q", got)
		}
		s.dial(url).wantClosed(4007)
	})
}

func TestClientThatDoesNotPong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		conn, _, err := websocket.Dial(t.Context(), "ws://emulator.test/ws?keepalive_timeout_seconds=600", &websocket.DialOptions{HTTPClient: s.client}) //nolint:bodyclose // the library closes it
		must(t, err)
		defer conn.CloseNow()
		_, _, err = conn.Read(t.Context()) // the welcome
		must(t, err)
		p := &peer{t: t, conn: conn, id: s.server.Sessions()[0]}
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		time.Sleep(time.Minute) // nobody reads, so nobody answers pings
		if got := s.server.List(grant("1"), push.Filter{}).Subscriptions[0].Status; got != "websocket_failed_ping_pong" {
			t.Errorf("got status %q", got)
		}
	})
}
