package bench_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	twitch "github.com/gempir/go-twitch-irc/v4"

	"github.com/larkspur-dev/larkspur/irc"
)

// A pourer is a chat server on loopback TCP that logs a client in and then sends the
// given lines as fast as the client reads.
type pourer struct {
	addr string
	pour chan []byte
}

func newPourer(b *testing.B) *pourer {
	b.Helper()
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	p := &pourer{addr: l.Addr().String(), pour: make(chan []byte)}
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewScanner(conn)
		for in.Scan() {
			if strings.HasPrefix(in.Text(), "NICK ") {
				break
			}
		}
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		_, _ = io.WriteString(conn, ":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!\r\n")
		for lines := range p.pour {
			if _, err := conn.Write(lines); err != nil {
				return
			}
		}
	}()
	return p
}

// counter counts messages and signals when all messages of a round have arrived. It reads
// the fields that a bot reads, so that no library can skip parsing them.
type counter struct {
	seen, read atomic.Int64
	want       int64
	done       chan struct{}
	times, cpu []time.Duration // of each round
}

func (c *counter) message(id, name, text string, sent time.Time, badge bool) {
	c.read.Add(int64(len(id) + len(name) + len(text) + sent.Second()))
	if badge {
		c.read.Add(1)
	}
	if c.seen.Add(1)%c.want == 0 {
		c.done <- struct{}{}
	}
}

// round sends messages and waits until the last one was handled.
func (c *counter) round(b *testing.B, pour chan<- []byte, what []byte) {
	b.Helper()
	runtime.GC()
	start, used := time.Now(), cpuTime()
	pour <- what
	select {
	case <-c.done:
	case <-time.After(time.Minute):
		b.Fatalf("got %d messages, want %d", c.seen.Load()%c.want, c.want)
	}
	c.times, c.cpu = append(c.times, time.Since(start)), append(c.cpu, cpuTime()-used)
}

// flood returns chat of the corpus with want messages in it.
func flood(b *testing.B, want int) []byte {
	b.Helper()
	corpus := corpus(b)
	var lines strings.Builder
	messages, all := 0, 0
	for ; messages < want; all++ {
		line := corpus[all%len(corpus)]
		if strings.Contains(line, " PRIVMSG #") {
			messages++
		}
		lines.WriteString(line + "\r\n")
	}
	return []byte(lines.String())
}

// A side is a client that is connected to a server of its own.
type side struct {
	counter
	server *pourer
}

func newSide(b *testing.B, want int64) *side {
	b.Helper()
	return &side{server: newPourer(b), counter: counter{want: want, done: make(chan struct{}, 1)}}
}

// ours connects our client. register adds the handlers that call read.
func ours(b *testing.B, want int64, register func(c *irc.Client, read func(context.Context, *irc.PrivMsg) error)) *side {
	b.Helper()
	s := newSide(b, want)
	ready := make(chan struct{}, 1)
	c := irc.New(irc.Options{Addr: "irc://" + s.server.addr, OnState: func(st irc.State) {
		if st.Kind == irc.Connected {
			ready <- struct{}{}
		}
	}})
	register(c, func(_ context.Context, m *irc.PrivMsg) error {
		s.message(m.ID, m.DisplayName, m.Text, m.SentAt, m.Badges.Has("subscriber"))
		return nil
	})
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(cancel)
	go func() { _ = c.Run(ctx) }()
	<-ready
	return s
}

func theirs(b *testing.B, want int64) *side {
	b.Helper()
	s := newSide(b, want)
	ready := make(chan struct{}, 1)
	c := twitch.NewAnonymousClient()
	c.TLS, c.IrcAddress = false, s.server.addr
	c.OnConnect(func() { ready <- struct{}{} })
	c.OnPrivateMessage(func(m twitch.PrivateMessage) {
		s.message(m.ID, m.User.DisplayName, m.Message, m.Time, m.User.Badges["subscriber"] > 0)
	})
	go func() { _ = c.Connect() }()
	b.Cleanup(func() { _ = c.Disconnect() })
	<-ready
	return s
}

// BenchmarkChat sends the corpus to both clients in turn, each over one connection, and
// compares how many messages a second reach a handler: of ours with messages that may be
// kept and with such that are valid during the handler.
func BenchmarkChat(b *testing.B) {
	const want = 20_000
	lines := flood(b, want)
	kept := ours(b, want, func(c *irc.Client, read func(context.Context, *irc.PrivMsg) error) { irc.On(c, read) })
	reused := ours(b, want, func(c *irc.Client, read func(context.Context, *irc.PrivMsg) error) { irc.OnReused(c, read) })
	peer := theirs(b, want)
	for b.Loop() {
		for _, s := range []*side{kept, reused, peer} {
			s.round(b, s.server.pour, lines)
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, s := range []struct {
		name string
		*side
	}{{"", kept}, {"reused-", reused}, {"go-twitch-irc-", peer}} {
		b.ReportMetric(want/best(s.times), s.name+"messages/s")
		b.ReportMetric(best(s.cpu)/want*1e9, s.name+"cpu-ns/message")
	}
	b.ReportMetric(best(peer.times)/best(kept.times), "times-peer")
	b.ReportMetric(best(peer.times)/best(reused.times), "reused-times-peer")
	record(b, "chat", best(peer.times)/best(kept.times))
	record(b, "chat-reused", best(peer.times)/best(reused.times))
}

// BenchmarkChatHandlers has eight handlers for each message, half of them of each kind.
func BenchmarkChatHandlers(b *testing.B) {
	const want, handlers = 20_000, 8
	lines := flood(b, want)
	s := ours(b, want*handlers, func(c *irc.Client, read func(context.Context, *irc.PrivMsg) error) {
		for range handlers / 2 {
			irc.On(c, read)
			irc.OnReused(c, read)
		}
	})
	for b.Loop() {
		s.round(b, s.server.pour, lines)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(want/best(s.times), "messages/s")
	b.ReportMetric(best(s.cpu)/want/handlers*1e9, "cpu-ns/call")
}
