package irc_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// Fast, slow, failing, panicking, ending and stuck handlers, all mixed: every message is
// handled once, one at a time and in the order of its channel, and what is stuck in one
// channel delays the others by milliseconds.
func TestOrderUnderAMixOfHandlers(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 2))
			s := newServer(t)
			channels := []string{"stuck"}
			for n := range 1 + rng.IntN(12) {
				channels = append(channels, fmt.Sprint("c", n))
			}
			c := irc.New(s.options(irc.Options{Channels: channels}))
			release := make(chan struct{})
			var mu sync.Mutex
			got, want, running := map[string][]string{}, map[string][]string{}, map[string]bool{}
			var latest time.Duration
			set := func(channel string, is bool) {
				mu.Lock()
				defer mu.Unlock()
				if is && running[channel] {
					t.Errorf("seed %d: two handlers at the same time in %s", seed, channel)
				}
				running[channel] = is
			}
			handler := func(ctx context.Context, m *irc.PrivMsg) error {
				what, id, _ := strings.Cut(m.Text, " ")
				channel := strings.Clone(m.Channel)
				set(channel, true)
				defer set(channel, false)
				mu.Lock()
				got[channel] = append(got[channel], strings.Clone(id))
				if channel != "stuck" {
					latest = max(latest, time.Since(m.SentAt))
				}
				mu.Unlock()
				text := what + " " + id // another string
				switch what {
				case "sleep":
					time.Sleep(time.Duration(10+len(m.ID)) * time.Millisecond)
				case "nap":
					time.Sleep(200 * time.Microsecond)
				case "panic":
					panic("a mistake")
				case "error":
					return errors.New("a failure")
				case "exit":
					runtime.Goexit()
				case "stuck":
					<-release
				}
				if m.Text != text {
					t.Errorf("seed %d: a message changed while its handler ran", seed)
				}
				return nil
			}
			if seed%2 == 0 {
				irc.On(c, handler)
			} else {
				irc.OnReused(c, handler)
			}
			run(t, c)
			conn := s.last(1)
			kinds := [][]string{
				{"fast"},
				{"fast", "fast", "fast", "panic", "error", "exit"},
				{"fast", "nap", "sleep", "exit"},
				{"nap", "sleep"},
			}[seed/2%4]
			for n := range 400 {
				channel, what := channels[rng.IntN(len(channels))], kinds[rng.IntN(len(kinds))]
				if channel == "stuck" {
					what = "stuck"
				}
				id := strconv.Itoa(n)
				want[channel] = append(want[channel], id)
				conn.write(fmt.Sprintf("@id=%s;tmi-sent-ts=%d :bob!bob@x PRIVMSG #%s :%s %s", id, time.Now().UnixMilli(), channel, what, id))
				switch rng.IntN(40) {
				case 0:
					synctest.Wait()
				case 1:
					time.Sleep(time.Duration(rng.IntN(50)) * time.Millisecond)
				}
			}
			conn.write("PING :alive")
			time.Sleep(5 * time.Millisecond)
			if pongs := conn.lines("PONG"); len(pongs) != 1 {
				t.Errorf("seed %d: got %q, want an answer to PING", seed, pongs)
			}
			time.Sleep(10 * time.Second)
			mu.Lock()
			if seed/2%4 < 2 && latest > 10*time.Millisecond {
				t.Errorf("seed %d: a message of another channel waited for %v", seed, latest)
			}
			if n := len(got["stuck"]); n > 1 {
				t.Errorf("seed %d: %d calls in a channel with a stuck handler", seed, n)
			}
			mu.Unlock()
			close(release)
			time.Sleep(time.Second)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d: messages (-want +got):\n%s", seed, diff)
			}
			if stats := c.Stats(); stats.Waiting != 0 || stats.Dropped != 0 {
				t.Errorf("seed %d: got %+v, want nothing waiting or dropped", seed, stats)
			}
		})
	}
}

// The same with real time, real parallelism and handlers that use the processor: this is for the race
// detector.
func TestOrderWhileHandlersUseTheProcessor(t *testing.T) {
	s := newServer(t)
	c := irc.New(s.options(irc.Options{Backlog: 100_000}))
	const count, channels = 3000, 5
	var mu sync.Mutex
	next := map[string]int{}
	all := make(chan struct{})
	var seen int
	irc.OnReused(c, func(_ context.Context, m *irc.PrivMsg) error {
		n, _ := strconv.Atoi(m.ID)
		if n%100 < 2 {
			for begin := time.Now(); time.Since(begin) < time.Duration(n%7)*time.Millisecond; {
				_ = begin
			}
		}
		if id, _ := strconv.Atoi(m.ID); id != n {
			t.Errorf("message %d became %d while its handler ran", n, id)
		}
		mu.Lock()
		defer mu.Unlock()
		if next[m.Channel] != n {
			t.Errorf("got message %d of %s, want %d", n, m.Channel, next[m.Channel])
		}
		next[strings.Clone(m.Channel)] = n + 1
		if seen++; seen == count*channels {
			close(all)
		}
		if n%500 == 499 {
			runtime.Goexit()
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	for {
		s.mu.Lock()
		ready := len(s.conns) == 1
		s.mu.Unlock()
		if ready {
			break
		}
		runtime.Gosched()
	}
	var lines []string
	for n := range count {
		for channel := range channels {
			lines = append(lines, fmt.Sprintf("@id=%d :bob!bob@x PRIVMSG #c%d :hello", n, channel))
		}
		if n%50 == 49 {
			s.conns[0].write(lines...)
			lines = nil
		}
	}
	<-all
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
