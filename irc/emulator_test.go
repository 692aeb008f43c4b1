package irc_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
)

// inChat returns options for a client that is larkspur on the emulator.
func inChat(tw *emulator.Server, o irc.Options) irc.Options {
	token := tw.UserToken("larkspur", "chat:read", "chat:edit")
	o.Login, o.Dial = "larkspur", tw.DialContext
	o.Token = func(context.Context) (string, error) { return token, nil }
	if o.Addr == "" {
		o.Addr = tw.IRCAddr()
	}
	return o
}

func TestClientAgainstTheEmulator(t *testing.T) {
	for _, transport := range []string{"tcp", "tls", "websocket"} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur"))
				o := inChat(tw, irc.Options{Channels: []string{"ada"}})
				switch transport {
				case "tls":
					o.Addr = strings.Replace(tw.IRCAddr(), "irc://", "ircs://", 1)
					o.TLSConfig = &tls.Config{RootCAs: tw.CertPool(), MinVersion: tls.VersionTLS12}
				case "websocket":
					o.Addr = tw.IRCWebSocketURL()
				}
				c := irc.New(o)
				irc.On(c, func(ctx context.Context, m *irc.PrivMsg) error {
					return c.Reply(ctx, m.Channel, m.ID, "hello "+m.DisplayName)
				})
				var cleared []string
				irc.On(c, func(_ context.Context, m *irc.ClearChat) error {
					cleared = append(cleared, fmt.Sprint(m.Login, " ", m.Duration))
					return nil
				})
				run(t, c)
				if err := c.Join(t.Context(), "ada"); err != nil {
					t.Fatal(err)
				}
				id := tw.Say("ada", "grace", "hi")
				if m := tw.WantChat(t, "ada", "hello grace"); m.ReplyTo != id || m.User != "larkspur" {
					t.Errorf("got %+v, want an answer to %s", m, id)
				}
				tw.Timeout("ada", "grace", time.Minute, "")
				tw.Timeout("ada", "larkspur", time.Minute, "")
				time.Sleep(2 * time.Second)
				err := c.Say(t.Context(), "ada", "let me in")
				synctest.Wait()
				if diff := cmp.Diff([]string{"grace 1m0s", "larkspur 1m0s"}, cleared); diff != "" {
					t.Errorf("CLEARCHAT (-want +got):\n%s", diff)
				}
				if e, ok := errors.AsType[*chat.DroppedError](err); !ok || e.Code != "msg_timedout" {
					t.Errorf("got %v, want it dropped with msg_timedout", err)
				}
			})
		})
	}
}

func TestRulesOfTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("bob"), emulator.User("larkspur"), emulator.Moderator("bob", "larkspur"))
		st := &states{}
		o := inChat(tw, irc.Options{Channels: []string{"ada", "bob"}, OnState: st.add, TTL: time.Hour})
		c := start(t, o)
		for i := range 60 {
			if err := c.Say(t.Context(), []string{"ada", "bob"}[i%2], "same text"); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if a, b := len(tw.Chat("ada")), len(tw.Chat("bob")); a != 30 || b != 30 {
			t.Errorf("got %d and %d messages, want 30 and 30", a, b)
		}
		st.take()
		tw.DropChat()
		time.Sleep(5 * time.Second)
		if got, want := st.text(), "disconnected \nconnecting \nconnected \njoined ada\njoined bob\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
		if err := c.Join(t.Context(), "nobody_here"); err == nil {
			t.Error("got no error for a channel that does not exist")
		}
	})
}

func TestReconnectLosesNoMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.NoLimits(), emulator.Channel("ada"), emulator.User("larkspur"))
		c := irc.New(inChat(tw, irc.Options{Channels: []string{"ada"}}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.Text)
			return nil
		})
		run(t, c)
		time.Sleep(time.Second)
		var want []string
		for i := range 100 {
			if i == 20 || i == 60 {
				tw.ReconnectChat(10 * time.Second)
			}
			want = append(want, fmt.Sprint("message ", i))
			tw.Say("ada", "grace", want[i])
			if i%3 == 0 { // else at once, while the connections change
				time.Sleep(time.Second)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
}
