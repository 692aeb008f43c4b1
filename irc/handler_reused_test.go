package irc_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/irc"
)

// A handler of On that was registered just after a message was read got strings in the memory
// that later messages are read into.
func TestOnBesideOnReusedKeepsItsStrings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		irc.OnReused(c, func(context.Context, *irc.PrivMsg) error { return nil })
		type kept struct{ now, text string }
		var mu sync.Mutex
		var all []kept
		keep := func(_ context.Context, m *irc.PrivMsg) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, kept{strings.Clone(m.Text), m.Text})
			return nil
		}
		run(t, c)
		stop := make(chan struct{})
		var changes sync.WaitGroup
		changes.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					irc.On(c, keep)()
				}
			}
		})
		for n := range 2000 {
			var lines []string
			for i := range 20 {
				lines = append(lines, fmt.Sprintf(":bob!bob@bob PRIVMSG #ada :%d", 100*n+i))
			}
			s.conns[0].write(lines...)
		}
		close(stop)
		changes.Wait()
		synctest.Wait()
		bad := 0
		for _, k := range all {
			if k.now != k.text {
				bad++
			}
		}
		if bad > 0 {
			t.Errorf("%d of %d texts changed after the handler had returned", bad, len(all))
		}
	})
}
