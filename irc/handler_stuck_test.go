package irc_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// One handler that did not return stopped all channels after 4,097 messages, and the
// client answered no PING any more.
func TestStuckHandlerDelaysItsOwnChannelOnly(t *testing.T) {
	for _, overflow := range []irc.Overflow{irc.DropOldest, irc.DropNewest} {
		synctest.Test(t, func(t *testing.T) {
			s, st := newServer(t), &states{}
			c := irc.New(s.options(irc.Options{
				Channels: []string{"ada", "grace"}, Backlog: 100, Overflow: overflow, OnState: st.add,
			}))
			release := make(chan struct{})
			var mu sync.Mutex
			got := map[string][]string{}
			irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
				if m.Channel == "ada" {
					<-release
				}
				mu.Lock()
				defer mu.Unlock()
				got[m.Channel] = append(got[m.Channel], m.ID)
				return nil
			})
			run(t, c)
			conn := s.last(1)
			var want []string
			for n := range 5000 {
				id := fmt.Sprint(n)
				line := strings.Replace(hello, "id=1;", "id="+id+";", 1)
				conn.send(line)
				if n%100 == 0 {
					conn.send(strings.Replace(line, "#ada", "#grace", 1))
					want = append(want, id)
				}
			}
			conn.send("PING :still there")
			mu.Lock()
			if diff := cmp.Diff(want, got["grace"]); diff != "" {
				t.Errorf("messages of the other channel (-want +got):\n%s", diff)
			}
			mu.Unlock()
			if pongs := conn.lines("PONG"); !slices.Equal(pongs, []string{"PONG :still there"}) {
				t.Errorf("got %q, want an answer to the PING", pongs)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			s.last(1)

			stats := c.Stats()
			if stats.Dropped != 4899 || len(stats.Stuck) != 1 {
				t.Fatalf("got %+v, want 4899 messages dropped and one stuck handler", stats)
			}
			stuck := stats.Stuck[0]
			if stuck.Channel != "ada" || !strings.Contains(stuck.Handler, "TestStuckHandler") || stuck.For < 45*time.Second || stuck.Dropped != 4899 {
				t.Errorf("got %+v, want the handler of this test, in ada, for a minute", stuck)
			}
			told := 0
			for _, state := range st.take() {
				if state.Kind == irc.HandlerStuck {
					told++
				}
			}
			if told < 2 || told > 4 {
				t.Errorf("told %d times that the handler is stuck, want 2 to 4 in a minute", told)
			}

			close(release)
			time.Sleep(10 * time.Second)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if n := len(got["ada"]); n != 101 || got["ada"][0] != "0" {
				t.Fatalf("got %d messages, the first %q, want 101 from \"0\" on", n, got["ada"][0])
			}
			wantLast := map[irc.Overflow]string{irc.DropOldest: "4999", irc.DropNewest: "100"}[overflow]
			if last := got["ada"][100]; last != wantLast {
				t.Errorf("got %q last, want %q", last, wantLast)
			}
			if stats := c.Stats(); len(stats.Stuck) != 0 || stats.Waiting != 0 {
				t.Errorf("got %+v, want nothing stuck and nothing waiting", stats)
			}
		})
	}
}

// Channels together must not hold more than a multiple of what one may hold, however
// many are stuck.
func TestManyStuckChannelsHaveABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Backlog: 10}))
		release := make(chan struct{})
		irc.On(c, func(context.Context, *irc.PrivMsg) error {
			<-release
			return nil
		})
		run(t, c)
		conn := s.last(1)
		for n := range 200 {
			for range 20 {
				conn.write(strings.Replace(hello, "#ada", fmt.Sprint("#c", n), 1))
			}
		}
		synctest.Wait()
		// One in each handler's hands, and at least one that waits behind it.
		if n := c.Stats().Waiting; n < 160 || n > 160+2*200 {
			t.Errorf("got %d waiting messages, want 160 to 560", n)
		}
		close(release)
		synctest.Wait()
		if n := c.Stats().Waiting; n != 0 {
			t.Errorf("got %d waiting messages after all handlers returned, want 0", n)
		}
	})
}
