package push_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

// A session that is silent gets no events, no keepalives and no reconnect message. Pings
// alone do not make it a session that works.
func TestSilence(t *testing.T) {
	for name, row := range map[string]struct {
		pings bool
		want  int // in ten minutes
	}{"with pings": {true, 20}, "without pings": {false, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				pinged := 0
				conn, _, err := websocket.Dial(t.Context(), "ws://emulator.test/ws", &websocket.DialOptions{ //nolint:bodyclose // the library closes it
					HTTPClient: s.client, OnPingReceived: func(context.Context, []byte) bool { pinged++; return true },
				})
				must(t, err)
				p := &peer{t: t, conn: conn}
				s.wg.Go(p.read)
				p.welcome()
				other := s.connect("?keepalive_timeout_seconds=600")
				s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
				s.subscribe(other, "1", "channel.update", "2", "broadcaster_user_id", "1")
				if got := s.server.Mute(row.pings, p.id); got != 1 {
					t.Errorf("got %d sessions, want 1", got)
				}
				must(t, s.world.ModifyChannel("1", worldTitle(1)))
				s.server.Reconnect(time.Hour, p.id)
				time.Sleep(10*time.Minute + time.Second)
				p.want()
				p.wantOpen()
				other.want("notification channel.update", "session_keepalive")
				if pinged != row.want {
					t.Errorf("got %d pings, want %d", pinged, row.want)
				}
				if got := s.server.Counts(); got.Lost != 1 || len(s.server.Sessions()) != 2 {
					t.Errorf("got %+v and %d sessions, want one event lost and both sessions", got, len(s.server.Sessions()))
				}
				_ = conn.CloseNow()
			})
		})
	}
}

// Twitch notices that a connection is half open when its ping is not answered. The client
// sees an open connection for ever.
func TestHalfOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p, left := s.connect(""), s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.subscribe(left, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.HalfOpen()
		s.server.HalfOpen() // changes nothing
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		p.want()
		if got := s.server.Counts().Lost; got != 2 {
			t.Errorf("got %d lost, want 2", got)
		}
		must(t, p.conn.Write(t.Context(), websocket.MessageText, []byte("lost"))) // no 4001
		_ = left.conn.CloseNow()                                                  // Twitch does not learn of it
		time.Sleep(29 * time.Second)
		if got := len(s.server.Sessions()); got != 2 {
			t.Errorf("got %d sessions before the ping, want 2", got)
		}
		time.Sleep(time.Hour)
		p.want()
		p.wantOpen()
		if got := s.server.Sessions(); len(got) != 0 {
			t.Errorf("got sessions %v, want them ended", got)
		}
	})
}

func TestHalfOpenStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.HalfOpen(p.id)
		time.Sleep(time.Minute)
		if got := s.server.List(grant("1"), push.Filter{Status: "websocket_failed_ping_pong"}); len(got.Subscriptions) != 1 {
			t.Errorf("got %+v, want websocket_failed_ping_pong", got)
		}
		must(t, p.conn.CloseNow())
	})
}

// The client gets half of a message, then the end.
func TestCutInMidFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.Tear()
		p.wantOpen() // until something is sent
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		p.want()
		p.wantClosed(-1)
		if got := s.server.List(grant("1"), push.Filter{Status: "websocket_network_error"}); len(got.Subscriptions) != 1 {
			t.Errorf("got %+v, want websocket_network_error", got)
		}
	})
}

func TestFaultsOfOneSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		var peers []*peer
		for _, user := range []string{"1", "2", "3", "4"} {
			p := s.connect("")
			s.subscribe(p, user, "channel.update", "2", "broadcaster_user_id", user)
			peers = append(peers, p)
			time.Sleep(time.Millisecond)
		}
		for i, id := range s.server.Sessions() {
			if peers[i].id != id {
				t.Errorf("session %d: got %s, want them in order", i, id)
			}
		}
		if got := s.server.Disconnect(4005, peers[1].id, "unknown"); got != 1 {
			t.Errorf("got %d, want 1", got)
		}
		peers[1].wantClosed(4005)
		if got := s.server.Drop(peers[2].id); got != 1 {
			t.Errorf("got %d, want 1", got)
		}
		peers[2].wantClosed(-1)
		s.server.Reconnect(time.Second, peers[3].id)
		peers[3].want("session_reconnect")
		time.Sleep(2 * time.Second)
		peers[3].wantClosed(4004)
		peers[0].wantOpen()
		peers[0].want()
	})
}

// A connection without a welcome is closed like any that is not used in time.
func TestWelcomeIsWithheld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.server.WithholdWelcomes(1)
		p := s.dial("ws://emulator.test/ws")
		time.Sleep(9 * time.Second)
		p.want()
		p.wantOpen()
		s.connect("")
		time.Sleep(2 * time.Second)
		p.want()
		p.wantClosed(4003)
	})
}

// The old side of a move delivers until the new side was welcomed.
func TestMoveWithoutWelcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		old := s.connect("?keepalive_timeout_seconds=600")
		s.subscribe(old, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.Reconnect(time.Minute)
		url := *old.want("session_reconnect")[0].Payload.Session.ReconnectURL
		s.server.WithholdWelcomes(1)
		silent := s.dial(url)
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		old.want("notification channel.update")
		silent.want()
		time.Sleep(11 * time.Second)
		silent.wantClosed(4003)
		next := s.dial(url) // the address is still good
		next.welcome()
		must(t, s.world.ModifyChannel("1", worldTitle(2)))
		next.want("notification channel.update")
		old.want()
	})
}
