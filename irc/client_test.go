package irc_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/irc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hello = "@id=1;room-id=100;user-id=2;display-name=Grace;tmi-sent-ts=1700000000000 :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :hello"

func TestConnectsJoinsAndReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		c := irc.New(s.options(irc.Options{Channels: []string{"#Ada"}, OnState: st.add}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.DisplayName+": "+m.Text)
			return nil
		})
		run(t, c)
		conn := s.last(1)
		want := []string{"CAP REQ :twitch.tv/tags twitch.tv/commands", "PASS oauth:secret", "NICK larkspur", "JOIN #ada"}
		if diff := cmp.Diff(want, conn.lines("")); diff != "" {
			t.Errorf("lines sent (-want +got):\n%s", diff)
		}
		conn.send("PING :tmi.twitch.tv", hello)
		if diff := cmp.Diff([]string{"PONG :tmi.twitch.tv"}, conn.lines("PONG")); diff != "" {
			t.Errorf("answer to PING (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Grace: hello"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if got, want := st.text(), "connecting \nconnected \njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
	})
}

func TestAnonymousReadsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, irc.Options{Addr: "irc://chat.test", Dial: s.dial, Channels: []string{"ada"}})
		conn := s.last(1)
		if got := conn.lines("NICK justinfan"); len(got) != 1 {
			t.Errorf("got %q, want one anonymous NICK", got)
		}
		if got := conn.lines("PASS"); len(got) != 0 {
			t.Errorf("got %q, want no PASS", got)
		}
		if err := c.Say(t.Context(), "ada", "hi"); !errors.Is(err, irc.ErrAnonymous) {
			t.Errorf("got %v, want %v", err, irc.ErrAnonymous)
		}
	})
}

func TestJoinOfARefusedChannelDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.banned["bob"] = true
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		began := time.Now()
		for i := range 3 {
			err := c.Join(t.Context(), "ada", "bob")
			if refusal, ok := errors.AsType[*irc.NoticeError](err); !ok || refusal.ID != "msg_banned" {
				t.Errorf("join %d: got %v, want msg_banned", i, err)
			}
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %v, want no wait for the next attempt", took)
		}
		s.set(func(s *server) { s.banned["bob"] = false })
		_ = c.Part(t.Context(), "bob")
		synctest.Wait()
		if err := c.Join(t.Context(), "bob"); err != nil {
			t.Errorf("after Part: got %v, want it joined", err)
		}
	})
}

func TestLostConnectionDoesNotCancelHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		var got []error
		irc.On(c, func(ctx context.Context, _ *irc.PrivMsg) error {
			time.Sleep(5 * time.Second)
			got = append(got, ctx.Err())
			return nil
		})
		run(t, c)
		s.last(1).send(hello, hello, hello)
		_ = s.last(1).conn.Close()
		time.Sleep(20 * time.Second)
		s.last(2).send(hello)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if want := []error{nil, nil, nil, nil}; !slices.Equal(got, want) {
			t.Errorf("got handlers with contexts %v, want four that are alive", got)
		}
	})
}

// t.Fatal in a handler ends the client's goroutine that called it.
func TestHandlerThatEndsItsGoroutineDoesNotStopItsChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID)
			if m.ID == "2" {
				runtime.Goexit()
			}
			return nil
		})
		run(t, c)
		for _, id := range []string{"1", "2", "3", "4"} {
			s.last(1).write(strings.Replace(hello, "id=1;", "id="+id+";", 1))
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"1", "2", "3", "4"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		s.token = "second"
		var stale []string
		start(t, s.options(irc.Options{
			Channels: []string{"ada"}, OnState: st.add,
			Token: func(context.Context) (string, error) { return "oauth:first", nil },
			RenewToken: func(_ context.Context, old string) (string, error) {
				stale = append(stale, old)
				return "second", nil
			},
		}))
		s.last(2)
		if diff := cmp.Diff([]string{"first"}, stale); diff != "" {
			t.Errorf("renewals (-want +got):\n%s", diff)
		}
		if got, want := st.text(), "connecting \ndisconnected \nconnecting \nconnected \njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
	})
}

func TestRefusedLoginIsNotHammered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		s.token = "another"
		renewals := 0
		start(t, s.options(irc.Options{
			OnState: st.add,
			RenewToken: func(context.Context, string) (string, error) {
				renewals++
				return "also wrong", nil
			},
		}))
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := len(s.dials); n < 5 || n > 60 {
			t.Errorf("got %d logins in an hour, want 5 to 60", n)
		}
		if renewals < 1 || renewals > 30 {
			t.Errorf("got %d renewals in an hour, want 1 to 30", renewals)
		}
		var last irc.State
		for _, x := range st.take() {
			if x.Kind == irc.Disconnected {
				last = x
			}
		}
		if !errors.Is(last.Err, irc.ErrLoginFailed) {
			t.Errorf("got %v, want %v", last.Err, irc.ErrLoginFailed)
		}
		if strings.Contains(last.String(), "wrong") {
			t.Errorf("a token is in %q", last)
		}
	})
}

func TestJoinObeysTheLimitAndReturnsRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.banned["no"] = true
		s.silent["nobody"] = true
		c := start(t, s.options(irc.Options{}))
		if err := c.Join(t.Context(), "ada"); err != nil {
			t.Errorf("got %v, want ada joined", err)
		}
		err := c.Join(t.Context(), "no", "nobody")
		if e, ok := errors.AsType[*irc.NoticeError](err); !ok || e.ID != "msg_banned" {
			t.Errorf("got %v, want msg_banned", err)
		}
		if err := c.Join(t.Context(), "a b"); !errors.Is(err, irc.ErrBadLogin) {
			t.Errorf("got %v, want %v", err, irc.ErrBadLogin)
		}
		if err := c.Part(t.Context(), "no", "nobody", "ada"); err != nil {
			t.Error(err)
		}
		if got, want := s.last(1).lines("PART"), []string{"PART #ada"}; !cmp.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}

		time.Sleep(time.Minute)
		begin := time.Now()
		var many []string
		for i := range 49 {
			many = append(many, "c"+strings.Repeat("x", i+1))
		}
		if err := c.Join(t.Context(), many...); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took < 20*time.Second || took > 21*time.Second {
			t.Errorf("49 joins took %v, want 20 s at 20 in 10 s", took)
		}
	})
}

func TestPanicsAndErrorsDoNotStopOtherHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		irc.On(c, func(context.Context, *irc.PrivMsg) error { panic("oops") })
		irc.On(c, func(context.Context, *irc.PrivMsg) error { return errors.New("oops") })
		n, any := 0, 0
		off := irc.On(c, func(context.Context, *irc.PrivMsg) error { n++; return nil })
		c.OnAny(func(_ context.Context, m irc.Message) error {
			if m.Command == "PRIVMSG" {
				any++
			}
			return nil
		})
		run(t, c)
		conn := s.last(1)
		conn.send(hello)
		off()
		conn.send(hello, "garbage \x00", ":x FOO bar")
		if n != 1 || any != 2 {
			t.Errorf("got %d and %d, want 1 and 2", n, any)
		}
		if c.Stats().Unparsed != 1 {
			t.Errorf("got %d lines not understood, want 1", c.Stats().Unparsed)
		}
	})
}
