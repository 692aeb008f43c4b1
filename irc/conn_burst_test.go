package irc_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// A burst of several channels, with lines of every length: all arrive whole and in
// the order of their channel.
func TestBurstArrivesWholeAndInOrder(t *testing.T) {
	channels := []string{"ada", "grace", "linus"}
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			s := newServer(t)
			c := irc.New(s.options(irc.Options{Channels: channels}))
			var mu sync.Mutex
			got, want := map[string][]string{}, map[string][]string{}
			irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
				if seed%2 == 0 && len(m.Text)%8 == 0 {
					time.Sleep(time.Millisecond) // messages wait meanwhile
				}
				mu.Lock()
				defer mu.Unlock()
				got[m.Channel] = append(got[m.Channel], m.Text)
				return nil
			})
			run(t, c)
			var lines []string
			channel := channels[0]
			for n := range 300 {
				if rng.IntN(4) == 0 {
					channel = channels[rng.IntN(len(channels))]
				}
				text := fmt.Sprint(n, strings.Repeat(" x", rng.IntN(100)))
				if rng.IntN(20) == 0 {
					text += strings.Repeat("long", 250+rng.IntN(2000))
				}
				want[channel] = append(want[channel], text)
				lines = append(lines, ":bob!bob@bob PRIVMSG #"+channel+" :"+text)
			}
			s.last(1).write(strings.Join(lines, "\r\n"))
			time.Sleep(time.Second)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d: messages (-want +got):\n%s", seed, diff)
			}
		})
	}
}
