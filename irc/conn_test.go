package irc_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

func TestReconnectsAndRejoinsAfterSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		start(t, s.options(irc.Options{Channels: []string{"ada", "grace"}, OnState: st.add}))
		conn := s.last(1)
		time.Sleep(31 * time.Second)
		if got := conn.lines("PING"); len(got) != 1 {
			t.Fatalf("got %q, want one PING after 30 s without a byte", got)
		}
		s.set(func(s *server) { s.mute = true })
		st.take()
		time.Sleep(38 * time.Second) // 39 s after the PONG
		s.last(1)
		if got := st.take(); len(got) != 0 {
			t.Fatalf("got %v, want nothing within 40 s", got)
		}
		s.set(func(s *server) { s.mute = false })
		time.Sleep(5 * time.Second)
		if got := s.last(2).lines("JOIN"); !cmp.Equal(got, []string{"JOIN #ada,#grace"}) {
			t.Errorf("got %q, want both channels joined again", got)
		}
		if got, want := st.text(), "disconnected \nconnecting \nconnected \njoined ada\njoined grace\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
	})
}

func TestUnreachableBacksOffAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		s.down = true
		start(t, s.options(irc.Options{OnState: st.add}))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := len(s.dials); n < 6 || n > 40 {
			t.Errorf("got %d attempts in 10 minutes, want 6 to 40", n)
		}
		list := st.take()
		if len(list) < 2 {
			t.Fatalf("got %d states, want more", len(list))
		}
		sentence := list[1].String()
		if !strings.HasPrefix(sentence, "no connection to chat at irc://chat.test:6667: connection refused; trying again in ") {
			t.Errorf("got %q", sentence)
		}
	})
}

func TestReconnectCommandOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}, OnState: st.add}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID)
			return nil
		})
		run(t, c)
		s.set(func(s *server) { s.silent["ada"] = true }) // the new connection takes its time
		old := s.last(1)
		old.send(":tmi.twitch.tv RECONNECT")
		fresh := s.last(2)
		old.send(hello) // the old one still serves
		fresh.send(hello)
		fresh.send(":larkspur!larkspur@larkspur.tmi.twitch.tv JOIN #ada")
		if _, err := old.conn.Write([]byte("PING :x\r\n")); err == nil {
			t.Error("the old connection is open after the new one is in all channels")
		}
		fresh.send(hello, strings.Replace(hello, "id=1;", "id=2;", 1))
		if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if got, want := st.text(), "connecting \nconnected \njoined ada\nmoving \nconnecting \nconnected \njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
	})
}

// The new connection is read by another goroutine than the old one.
func TestReconnectKeepsTheOrder(t *testing.T) {
	message := func(id string) string { return strings.Replace(hello, "id=1;", "id="+id+";", 1) }
	tests := []struct {
		name string
		end  func(old, fresh *serverConn) // of the time with two connections
	}{
		{"to the end", func(_, fresh *serverConn) { fresh.send(":larkspur!larkspur@larkspur.tmi.twitch.tv JOIN #bob") }},
		{"the old one breaks", func(old, _ *serverConn) { _ = old.conn.Close() }},
		{"the new one breaks", func(_, fresh *serverConn) { _ = fresh.conn.Close() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				c := irc.New(s.options(irc.Options{Channels: []string{"ada", "bob"}}))
				var got []string
				irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
					got = append(got, m.ID)
					return nil
				})
				run(t, c)
				s.set(func(s *server) { s.silent["bob"] = true }) // the new connection takes its time
				old := s.last(1)
				old.send(":tmi.twitch.tv RECONNECT")
				fresh := s.last(2)
				fresh.send(message("2"), message("3"))
				old.send(message("1"), message("2"))
				tt.end(old, fresh)
				synctest.Wait()
				if diff := cmp.Diff([]string{"1", "2", "3"}, got); diff != "" {
					t.Errorf("messages (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestBackoffResetsAfterAHealthyConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		for n := range 10 {
			conn := s.last(n + 1)
			time.Sleep(5 * time.Minute)
			_ = conn.conn.Close()
			time.Sleep(1100 * time.Millisecond) // the first wait is a second at most
		}
		s.last(11)
	})
}

func TestConnectionIsReplacedWhenTheServerStopsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}, TTL: time.Hour}))
		s.last(1)
		stuck := make(chan struct{})
		defer close(stuck)
		s.set(func(s *server) { s.stuck = stuck })
		began := time.Now()
		sent := make(chan error, 2)
		go func() {
			sent <- c.Say(t.Context(), "ada", "one") // is read, before the server hangs
			sent <- c.Say(t.Context(), "ada", "two")
		}()
		for range 2 {
			if err := <-sent; !errors.Is(err, chat.ErrUnknownOutcome) {
				t.Errorf("got %v, want %v", err, chat.ErrUnknownOutcome)
			}
		}
		if took := time.Since(began); took > 17*time.Second {
			t.Errorf("took %v, want about 5 seconds for the answer and 10 for the second line", took)
		}
	})
}

func TestRejoinsAfterBeingRemovedFromAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}, OnState: st.add, TTL: time.Minute}))
		conn := s.last(1)
		st.take()
		conn.send(":larkspur!larkspur@larkspur.tmi.twitch.tv PART #ada")
		if err := c.Say(t.Context(), "ada", "back again"); err != nil { // waits for it
			t.Error(err)
		}
		if got, want := st.text(), "parted ada\njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
		if diff := cmp.Diff([]string{"JOIN #ada", "JOIN #ada"}, conn.lines("JOIN")); diff != "" {
			t.Errorf("joins (-want +got):\n%s", diff)
		}
	})
}

func TestChannelsChangeWhileDisconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada", "grace"}}))
		_ = s.last(1).conn.Close()
		if err := c.Part(t.Context(), "ada"); err != nil {
			t.Error(err)
		}
		if err := c.Join(t.Context(), "bob"); err != nil { // waits for the connection
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"JOIN #grace,#bob"}, s.last(2).lines("JOIN")); diff != "" {
			t.Errorf("joins (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"grace", "bob"}, c.Channels()); diff != "" {
			t.Errorf("channels (-want +got):\n%s", diff)
		}
	})
}
