package irc_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// A server that keeps asking to reconnect got two logins a second.
func TestReconnectStormIsNoLoginStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.restless = true
		start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		time.Sleep(10 * time.Minute)
		if n := len(s.dialled()); n > 30 {
			t.Errorf("got %d connections in 10 minutes, want at most 30", n)
		}
		s.set(func(s *server) { s.restless = false })
		time.Sleep(3 * time.Minute)
		conns := s.all()
		if got := conns[len(conns)-1].lines("JOIN #ada"); len(got) == 0 {
			t.Error("the channel is not joined after the storm")
		}
	})
}

// A second RECONNECT closed the connection that served until then.
func TestReconnectDuringAHandOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID)
			return nil
		})
		run(t, c)
		message := func(id string) string { return strings.Replace(hello, "id=1;", "id="+id+";", 1) }
		s.set(func(s *server) { s.silent["ada"] = true }) // new connections take their time
		old := s.last(1)
		old.send(":tmi.twitch.tv RECONNECT")
		s.last(2).send(":tmi.twitch.tv RECONNECT")
		time.Sleep(2 * time.Second)
		old.send(message("1"), message("2"))
		fresh := s.last(3)
		fresh.send(":larkspur!larkspur@larkspur.tmi.twitch.tv JOIN #ada", message("2"), message("3"))
		if diff := cmp.Diff([]string{"1", "2", "3"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
}
