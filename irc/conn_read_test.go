package irc

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A replay is a wire that delivers the same lines a number of times.
type replay struct {
	lines []byte
	left  int
}

func (w *replay) read(context.Context) ([]byte, error) {
	if w.left == 0 {
		return nil, io.EOF
	}
	w.left--
	return w.lines, nil
}

func (*replay) write(context.Context, []byte) error { return nil }

func (*replay) close() {}

func (*replay) renew() {}

// readAll reads the lines so often, as one connection does.
func readAll(ctx context.Context, c *Client, lines []byte, times int) {
	control := make(chan Message, maxControl)
	r := newReader(c, &replay{lines: lines, left: times}, &hold{}, control, ctx.Done())
	r.start(ctx)
	for range control {
	}
	<-r.done
}

// chatLines returns n lines of chat without escapes.
func chatLines(n int) []byte {
	const line = "@badge-info=subscriber/20;badges=subscriber/18,premium/1;color=#1E90FF;display-name=Grace;emotes=25:0-4;first-msg=0;flags=;" +
		"id=b34ccfc7-4977-403a-8a94-33c6bac34fb8;mod=0;returning-chatter=0;room-id=71092938;subscriber=1;tmi-sent-ts=1507246572675;turbo=1;" +
		"user-id=1337;user-type= :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Kappa and some words of an ordinary length\r\n"
	return []byte(strings.Repeat(line, n))
}

// A message costs one allocation if it may be kept, and none otherwise. Lines are copied
// to strings of 4 KB, each of which is one more.
func TestAllocationsPerMessage(t *testing.T) {
	const lines, times = 100, 50
	burst := chatLines(lines)
	const pieces = 0.12 // about ten lines fit into one
	read := func(_ context.Context, m *PrivMsg) error {
		if m.Text == "" {
			t.Error("no text")
		}
		return nil
	}
	tests := []struct {
		name     string
		register func(c *Client)
		want     float64
	}{
		{"no handler", func(*Client) {}, 0},
		{"On", func(c *Client) { On(c, read) }, 1},
		{"OnReused", func(c *Client) { OnReused(c, read) }, 0},
		{"three times OnReused", func(c *Client) { OnReused(c, read); OnReused(c, read); OnReused(c, read) }, 0},
		{"OnReused and twice On", func(c *Client) { OnReused(c, read); On(c, read); On(c, read) }, 2},
		{"OnAny", func(c *Client) { c.OnAny(func(context.Context, Message) error { return nil }) }, 0},
		{"OnReused for another type", func(c *Client) { OnReused(c, func(context.Context, *ClearChat) error { return nil }) }, 0},
	}
	for _, tt := range tests {
		c := New(Options{})
		tt.register(c)
		const once = 60 // for the connection itself
		got := testing.AllocsPerRun(3, func() { readAll(t.Context(), c, burst, times) }) / (lines * times)
		if most := tt.want + pieces + once/(lines*times); got > most {
			t.Errorf("%s: got %.3f allocations per message, want at most %.3f", tt.name, got, most)
		}
		c.lanes.wait()
	}
}

// BenchmarkReader is a burst of chat from the wire to a handler, without the network.
func BenchmarkReader(b *testing.B) {
	burst := chatLines(150)
	if corpus, err := os.ReadFile("../../shared/corpus/irc.txt"); err == nil {
		burst = []byte(strings.ReplaceAll(string(corpus), "\n", "\r\n"))[:64<<10]
		burst = burst[:strings.LastIndexByte(string(burst), '\n')+1]
	}
	n := strings.Count(string(burst), "\n")
	read := func(context.Context, *PrivMsg) error { return nil }
	for _, way := range []struct {
		name     string
		register func(c *Client)
	}{
		{"kept", func(c *Client) { On(c, read) }},
		{"reused", func(c *Client) { OnReused(c, read) }},
		{"none", func(*Client) {}},
	} {
		b.Run(way.name, func(b *testing.B) {
			c := New(Options{})
			way.register(c)
			readAll(b.Context(), c, burst, b.N)
			c.lanes.wait()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
		})
	}
}

// Messages of one channel may come over two connections, for example while it moves from
// one to the other. Its handlers still run one at a time, and in the order of each
// connection.
func TestTwoConnectionsWithTheSameChannels(t *testing.T) {
	const count, channels = 2000, 3
	c := New(Options{Backlog: 100_000})
	ctx, cancel := context.WithCancel(t.Context())
	var running [channels]atomic.Bool
	var next [channels][2]int // guarded by running
	var seen atomic.Int64
	all := make(chan struct{})
	OnReused(c, func(_ context.Context, m *PrivMsg) error {
		channel, link, n := int(m.Channel[0]-'a'), int(m.ID[0]-'0'), number(m.ID[1:])
		if running[channel].Swap(true) {
			t.Errorf("two handlers at the same time in %s", m.Channel)
		}
		if next[channel][link] != n {
			t.Errorf("got message %d of connection %d in %s, want %d", n, link, m.Channel, next[channel][link])
		}
		next[channel][link] = n + 1
		if n%200 == link {
			time.Sleep(time.Duration(n%5) * time.Millisecond)
		}
		running[channel].Store(false)
		if seen.Add(1) == 2*count*channels {
			close(all)
		}
		return nil
	})
	for link := range 2 {
		var b strings.Builder
		for n := range count {
			for channel := range channels {
				fmt.Fprintf(&b, "@id=%d%d :bob!bob@x PRIVMSG #%c :hello\r\n", link, n, 'a'+channel)
			}
		}
		go readAll(ctx, c, []byte(b.String()), 1)
	}
	<-all
	cancel()
	c.lanes.wait()
	if n := c.lanes.waiting.Load(); n != 0 {
		t.Errorf("got %d waiting messages at the end, want none", n)
	}
}

// A fed wire delivers what a test puts into it.
type fed chan string

func (w fed) read(context.Context) ([]byte, error) {
	line, ok := <-w
	if !ok {
		return nil, io.EOF
	}
	return []byte(line), nil
}

func (fed) write(context.Context, []byte) error { return nil }

func (fed) close() {}

func (fed) renew() {}

// While a message of one connection is handled, one of another connection waits.
func TestAnotherConnectionWaits(t *testing.T) {
	for _, takes := range []time.Duration{300 * time.Microsecond, 5 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			c := New(Options{})
			var got []string
			On(c, func(_ context.Context, m *PrivMsg) error {
				got = append(got, m.ID+" begins")
				time.Sleep(takes)
				got = append(got, m.ID+" ends")
				return nil
			})
			var wires [2]fed
			for i := range wires {
				wires[i] = make(fed)
				control := make(chan Message)
				newReader(c, wires[i], &hold{}, control, t.Context().Done()).start(t.Context())
			}
			begin := time.Now()
			for i, id := range []string{"1", "2", "3"} {
				wires[i%2] <- "@id=" + id + " :bob!bob@x PRIVMSG #ada :hello\r\n"
				time.Sleep(time.Microsecond)
			}
			if took := time.Since(begin); took > 3*time.Millisecond {
				t.Errorf("reading waited %v for a handler", took)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if want := []string{"1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			for _, w := range wires {
				close(w)
			}
			c.lanes.wait()
		})
	}
}
