package irc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// numbered returns the channels c1, c2 and so on.
func numbered(from, to int) []string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprint("c", n))
	}
	return all
}

// spread returns how many channels each connection has, by number.
func spread(c *irc.Client) []int {
	synctest.Wait()
	var n []int
	for _, s := range c.Stats().Connections {
		n = append(n, s.Joined)
	}
	return n
}

func TestChannelsAreSpreadOverConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		c := start(t, s.options(irc.Options{Channels: numbered(1, 25), ChannelsPerConnection: 10, OnState: st.add}))
		time.Sleep(15 * time.Second)
		if diff := cmp.Diff([]int{10, 10, 5}, spread(c)); diff != "" {
			t.Fatalf("channels (-want +got):\n%s", diff)
		}
		if err := c.Join(t.Context(), numbered(26, 41)...); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]int{10, 10, 10, 10, 1}, spread(c)); diff != "" {
			t.Errorf("after more joins (-want +got):\n%s", diff)
		}
		// A channel stays where it is when others are left.
		if err := c.Part(t.Context(), slices.Concat(numbered(1, 10), numbered(13, 15))...); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]int{0, 7, 10, 10, 1}, spread(c)); diff != "" {
			t.Errorf("after parting (-want +got):\n%s", diff)
		}
		time.Sleep(31 * time.Second)
		if diff := cmp.Diff([]int{7, 10, 10, 1}, spread(c)); diff != "" {
			t.Errorf("half a minute later (-want +got):\n%s", diff)
		}
		if err := c.Part(t.Context(), c.Channels()...); err != nil {
			t.Error(err)
		}
		time.Sleep(31 * time.Second)
		if diff := cmp.Diff([]int{0}, spread(c)); diff != "" {
			t.Errorf("without channels (-want +got):\n%s", diff)
		}
		seen := map[int]bool{}
		for _, state := range st.take() {
			seen[state.Connection] = true
		}
		if diff := cmp.Diff(map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true}, seen); diff != "" {
			t.Errorf("connections in states (-want +got):\n%s", diff)
		}
	})
}

// What is left and joined again must not be lost between two connections.
func TestChannelsThatComeAndGoAreJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: numbered(1, 20), ChannelsPerConnection: 5, Limits: irc.VerifiedBot()}))
		for range 50 {
			gone := c.Channels()[:7]
			_ = c.Part(t.Context(), gone...)
			if err := c.Join(t.Context(), gone...); err != nil {
				t.Fatal(err)
			}
			time.Sleep(7 * time.Second)
		}
		synctest.Wait()
		if missing := c.NotJoined(); len(missing) > 0 {
			t.Errorf("got %v, want all joined", missing)
		}
		inside := map[string]int{}
		for _, conn := range s.all() {
			mine := map[string]bool{}
			for _, line := range conn.lines("") {
				command, rest, _ := strings.Cut(line, " ")
				for name := range strings.SplitSeq(rest, ",") {
					if command == "JOIN" || command == "PART" {
						mine[name] = command == "JOIN"
					}
				}
			}
			for name, in := range mine {
				if in {
					inside[name]++
				}
			}
		}
		for _, name := range numbered(1, 20) {
			if inside["#"+name] != 1 {
				t.Errorf("%d connections are in %s, want 1", inside["#"+name], name)
			}
		}
	})
}

func TestMessagesGoOutOverTheConnectionInTheChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: numbered(1, 6), ChannelsPerConnection: 2}))
		for _, name := range numbered(1, 6) {
			if err := c.Say(t.Context(), name, "hello "+name); err != nil {
				t.Error(err)
			}
		}
		s.last(3)
		var got []string
		for _, conn := range s.all() {
			joined := conn.lines("JOIN")
			for _, line := range conn.lines("PRIVMSG") {
				channel, _, _ := strings.Cut(strings.TrimPrefix(line, "PRIVMSG "), " ")
				if !strings.Contains(strings.Join(joined, ",")+",", channel+",") {
					t.Errorf("%q went out where %q is joined", line, joined)
				}
				got = append(got, channel)
			}
		}
		if len(got) != 6 {
			t.Errorf("got %q, want six messages", got)
		}
	})
}

func TestAnonymousClientHasSeveralConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.silent["c120"] = true
		c := start(t, irc.Options{Addr: "irc://chat.test", Dial: s.dial, Channels: numbered(1, 120), ChannelsPerConnection: 1000})
		time.Sleep(2 * time.Minute)
		s.last(2)
		if missing := c.NotJoined(); len(missing) != 1 || !errors.Is(missing[0].Err, irc.ErrNoAnswer) {
			t.Errorf("got %v, want all joined but one that does not exist", missing)
		}
	})
}

// All connections together keep the limits of joins and logins, also after an outage.
func TestConnectionsShareTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: numbered(1, 120), ChannelsPerConnection: 4}))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if missing := c.NotJoined(); len(missing) != 0 {
			t.Errorf("got %v, want all joined", missing)
		}
		s.set(func(s *server) {
			s.down = true
			for _, conn := range s.conns {
				_ = conn.conn.Close()
			}
		})
		time.Sleep(10 * time.Minute)
		s.set(func(s *server) { s.down = false })
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if missing := c.NotJoined(); len(missing) != 0 {
			t.Errorf("after the outage: got %v, want all joined", missing)
		}
		var joins []time.Time
		for _, conn := range s.all() {
			for i, line := range conn.lines("") {
				for range strings.Count(line, "#") {
					joins = append(joins, conn.at[i])
				}
			}
		}
		within(t, "joins", joins, 20, 10*time.Second)
		within(t, "logins", s.dialled(), 20, 10*time.Second)
		if n := len(s.dialled()); n > 30*20 {
			t.Errorf("got %d attempts to connect in 10 minutes of outage, want at most 20 of each of 30 connections", n)
		}
	})
}

// After an outage the first connection that is back calls the others, which would wait for
// minutes otherwise.
func TestConnectionsAreBackTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, st := newServer(t), &states{}
		s.down = true
		start(t, s.options(irc.Options{Channels: numbered(1, 10), ChannelsPerConnection: 1, OnState: st.add}))
		time.Sleep(time.Hour)
		s.set(func(s *server) { s.down = false })
		st.take()
		for i := 0; len(s.all()) == 0; i++ {
			time.Sleep(time.Second)
			synctest.Wait()
			if i > 120 {
				t.Fatal("no connection two minutes after the outage")
			}
		}
		time.Sleep(16 * time.Second)
		synctest.Wait()
		if n := len(s.all()); n != 10 {
			t.Errorf("got %d connections 16 s after the first, want 10", n)
		}
	})
}

// within fails if more than n things happened within a time.
func within(t *testing.T, what string, at []time.Time, n int, d time.Duration) {
	t.Helper()
	slices.SortFunc(at, time.Time.Compare)
	for i := n; i < len(at); i++ {
		if got := at[i].Sub(at[i-n]); got < d {
			t.Fatalf("got %d %s within %v", n+1, what, got)
		}
	}
}

func TestRefusedTokenIsRenewedOnceForAllConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.token = "first"
		renewals := 0
		c := start(t, s.options(irc.Options{
			Channels: numbered(1, 40), ChannelsPerConnection: 4,
			Token: func(context.Context) (string, error) { return "first", nil },
			RenewToken: func(context.Context, string) (string, error) {
				renewals++
				time.Sleep(3 * time.Second)
				return "second", nil
			},
		}))
		time.Sleep(time.Minute)
		synctest.Wait()
		s.set(func(s *server) {
			s.token, s.dials = "second", nil
			for _, conn := range s.conns {
				_ = conn.conn.Close()
			}
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if missing := c.NotJoined(); len(missing) != 0 {
			t.Errorf("got %v, want all joined", missing)
		}
		if renewals != 1 {
			t.Errorf("got %d renewals, want 1", renewals)
		}
		if n := len(s.dialled()); n > 20 {
			t.Errorf("got %d logins of ten connections, want at most 20: one refused and one accepted of each", n)
		}
	})
}

func TestTheRuleOf100Channels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.rule = 10
		channels := numbered(1, 40)
		for _, name := range channels[15:35] {
			s.mods[name] = true
		}
		c := start(t, s.options(irc.Options{Channels: channels, ChannelsPerConnection: 15, Limits: irc.Limits{Channels: 10}}))
		time.Sleep(time.Minute)
		synctest.Wait()
		missing := c.NotJoined()
		if len(missing) != 10 {
			t.Fatalf("got %d channels as not joined, want 10: %v", len(missing), missing)
		}
		for _, m := range missing {
			if !errors.Is(m.Err, irc.ErrTooManyChannels) || !m.Next.After(time.Now()) || m.Connection == 0 {
				t.Errorf("got %+v, want ErrTooManyChannels and a next try", m)
			}
		}
		joins := func() (n int) {
			for _, conn := range s.all() {
				n += strings.Count(strings.Join(conn.lines("JOIN"), ","), "#")
			}
			return n
		}
		before := joins()
		time.Sleep(time.Hour)
		if n := joins() - before; n > 10*10 {
			t.Errorf("got %d joins in an hour of ten channels over the limit, want at most 10 of each", n)
		}
		// Room for two more: others are tried soon, not all ten.
		for before = joins(); joins() == before; { // the next slow attempt
			time.Sleep(time.Second)
		}
		time.Sleep(15 * time.Second)
		before = joins()
		if err := c.Part(t.Context(), "c1", "c2"); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := c.NotJoined(); len(got) != 8 {
			t.Errorf("after leaving two: got %d channels as not joined, want 8", len(got))
		}
		if n := joins() - before; n > 3 {
			t.Errorf("got %d joins for two free places", n)
		}
		// A reconnect disturbs nothing.
		for _, conn := range s.all() {
			_ = conn.conn.Close()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := c.NotJoined(); len(got) != 8 {
			t.Errorf("after a reconnect: got %d channels as not joined, want 8", len(got))
		}
	})
}

func TestNotJoinedSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.banned["banned"], s.silent["nobody"] = true, true
		c := irc.New(s.options(irc.Options{Channels: slices.Concat([]string{"ada", "banned", "nobody"}, numbered(1, 20))}))
		reasons := func() map[string]error {
			synctest.Wait()
			all := map[string]error{}
			for _, m := range c.NotJoined() {
				all[m.Channel] = m.Err
			}
			return all
		}
		if err := reasons()["ada"]; !errors.Is(err, irc.ErrNotTried) {
			t.Errorf("before Run: got %v, want %v", err, irc.ErrNotTried)
		}
		s.down = true
		run(t, c)
		if err := reasons()["ada"]; !errors.Is(err, irc.ErrNotConnected) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("without a connection: got %v, want %v and why", err, irc.ErrNotConnected)
		}
		s.set(func(s *server) { s.down = false })
		time.Sleep(5 * time.Second)
		got := reasons()
		if n, ok := errors.AsType[*irc.NoticeError](got["banned"]); !ok || n.ID != "msg_banned" {
			t.Errorf("banned: got %v", got["banned"])
		}
		if !errors.Is(got["nobody"], irc.ErrNotTried) || !errors.Is(got["c20"], irc.ErrJoinLimit) {
			t.Errorf("got %v and %v, want %v and %v", got["nobody"], got["c20"], irc.ErrNotTried, irc.ErrJoinLimit)
		}
		time.Sleep(20 * time.Second)
		if got := reasons(); len(got) != 2 || !errors.Is(got["nobody"], irc.ErrNoAnswer) {
			t.Errorf("got %v, want two channels, one without an answer", got)
		}
	})
}
