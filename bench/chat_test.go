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

// BenchmarkChat sends the corpus to both clients in turn, each over one
// connection, and compares how many messages a second reach a handler.
func BenchmarkChat(b *testing.B) {
	corpus := corpus(b)
	const want = 20_000
	var lines strings.Builder
	messages, all := 0, 0
	for ; messages < want; all++ {
		line := corpus[all%len(corpus)]
		if strings.Contains(line, " PRIVMSG #") {
			messages++
		}
		lines.WriteString(line + "\r\n")
	}
	flood := []byte(lines.String())

	ourServer, theirServer := newPourer(b), newPourer(b)
	ours := &counter{want: want, done: make(chan struct{}, 1)}
	theirs := &counter{want: want, done: make(chan struct{}, 1)}
	ready := make(chan struct{}, 2)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()

	us := irc.New(irc.Options{Addr: "irc://" + ourServer.addr, OnState: func(st irc.State) {
		if st.Kind == irc.Connected {
			ready <- struct{}{}
		}
	}})
	irc.On(us, func(_ context.Context, m *irc.PrivMsg) error {
		ours.message(m.ID, m.DisplayName, m.Text, m.SentAt, m.Badges.Has("subscriber"))
		return nil
	})
	go func() { _ = us.Run(ctx) }()

	them := twitch.NewAnonymousClient()
	them.TLS, them.IrcAddress = false, theirServer.addr
	them.OnConnect(func() { ready <- struct{}{} })
	them.OnPrivateMessage(func(m twitch.PrivateMessage) {
		theirs.message(m.ID, m.User.DisplayName, m.Message, m.Time, m.User.Badges["subscriber"] > 0)
	})
	go func() { _ = them.Connect() }()
	defer func() { _ = them.Disconnect() }()
	<-ready
	<-ready

	for b.Loop() {
		ours.round(b, ourServer.pour, flood)
		theirs.round(b, theirServer.pour, flood)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(want/best(ours.times), "messages/s")
	b.ReportMetric(want/best(theirs.times), "go-twitch-irc-messages/s")
	b.ReportMetric(best(ours.cpu)/want*1e9, "cpu-ns/message")
	b.ReportMetric(best(theirs.cpu)/want*1e9, "go-twitch-irc-cpu-ns/message")
	b.ReportMetric(best(theirs.times)/best(ours.times), "times-peer")
	record(b, "chat", best(theirs.times)/best(ours.times))
}
