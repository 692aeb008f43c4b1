package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" // RFC 6455 requires it
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// idleSessions is the number of sessions whose memory is measured.
const idleSessions = 5_000

// An idleServer accepts WebSockets, sends each the welcome and then does nothing. It has
// no goroutine and no buffer for a connection, because it shares the process of the
// sessions that are measured.
type idleServer struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn // guarded by mu
}

func newIdleServer(b *testing.B) *idleServer {
	b.Helper()
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &idleServer{Listener: l}
	b.Cleanup(func() {
		_ = l.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, conn := range s.conns {
			_ = conn.Close()
		}
	})
	go s.accept()
	return s
}

func (s *idleServer) accept() {
	in := bufio.NewReader(nil)
	for n := 0; ; n++ {
		conn, err := s.Accept()
		if err != nil {
			return
		}
		in.Reset(conn)
		request, err := http.ReadRequest(in)
		if err != nil {
			_ = conn.Close()
			continue
		}
		key := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(key[:]))
		_, _ = conn.Write(frame(nil, fmt.Sprintf(`{"metadata":{"message_id":"m%d","message_type":"session_welcome","message_timestamp":"%s"},`+
			`"payload":{"session":{"id":"s%d","status":"connected","connected_at":"2026-01-01T00:00:00Z","keepalive_timeout_seconds":600,"reconnect_url":null}}}`,
			n, time.Now().UTC().Format(time.RFC3339Nano), n)))
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
	}
}

// An idleAPI is a transport that answers the calls of Helix that a session makes.
type idleAPI struct{ subscriptions atomic.Int64 }

func (a *idleAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, status := `{"data":[],"total":0,"total_cost":0,"max_total_cost":10,"pagination":{}}`, http.StatusOK
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		answer, status = fmt.Sprintf(`{"data":[{"id":"sub-%d","status":"enabled","cost":0,"created_at":"2026-01-01T00:00:00Z",%s],"total":1,"total_cost":0,"max_total_cost":10}`,
			a.subscriptions.Add(1), bytes.TrimPrefix(bytes.TrimSpace(body), []byte("{"))), http.StatusAccepted
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader([]byte(answer))), Request: r,
	}, nil
}

// anyToken is a token for every user.
type anyToken struct{}

func (anyToken) Token(context.Context, string) (string, error) { return "token", nil }

// BenchmarkIdleSessions reports the memory, heap and stacks, that an idle session takes:
// one user with one subscription and a WebSocket on which nothing happens. It measures
// bare connections of package websocket, each with one goroutine that reads, in the same
// way.
func BenchmarkIdleSessions(b *testing.B) {
	for b.Loop() {
		bare := memoryOf(b, openBare)
		ours := memoryOf(b, openSessions)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(bare, "bare-KiB/connection")
		b.ReportMetric(ours, "KiB/session")
		record(b, "idle-session", ours)
		note(fmt.Sprintf("a bare WebSocket with one reader takes %.1f KiB", bare))
	}
}

// memoryOf returns the memory in KiB that each of the sessions takes that open opens.
// They end with ctx; done waits for that.
func memoryOf(b *testing.B, open func(ctx context.Context, b *testing.B, url string, dial *http.Client) (done func())) float64 {
	b.Helper()
	server := newIdleServer(b)
	ctx, cancel := context.WithCancel(b.Context())
	before := memoryInUse()
	dial := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{}).DialContext}}
	done := open(ctx, b, "ws://"+server.Addr().String()+"/ws", dial)
	after := memoryInUse()
	cancel()
	server.mu.Lock()
	for _, conn := range server.conns { // so that the sessions need not wait for a close frame
		_ = conn.Close()
	}
	server.mu.Unlock()
	done()
	return float64(after-before) / idleSessions / 1024
}

// memoryInUse returns the bytes of reachable objects and of stacks.
func memoryInUse() uint64 {
	var m runtime.MemStats
	for range 3 { // pools keep objects for two collections
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// openAtOnce bounds the connections that are opened at the same time.
const openAtOnce = 64

func openBare(ctx context.Context, b *testing.B, url string, dial *http.Client) (done func()) {
	b.Helper()
	var running sync.WaitGroup
	slots, welcomed := make(chan struct{}, openAtOnce), make(chan struct{}, idleSessions)
	for range idleSessions {
		slots <- struct{}{}
		running.Go(func() {
			conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: dial}) //nolint:bodyclose // Dial's contract: nothing to close
			if err != nil {
				b.Error(err)
				return
			}
			_, _, err = conn.Read(ctx)
			welcomed <- struct{}{}
			<-slots
			for err == nil {
				_, _, err = conn.Read(ctx)
			}
			_ = conn.CloseNow()
		})
	}
	for range idleSessions {
		<-welcomed
	}
	return running.Wait
}

func openSessions(ctx context.Context, b *testing.B, url string, dial *http.Client) (done func()) {
	b.Helper()
	var running sync.WaitGroup
	slots, subscribed := make(chan struct{}, openAtOnce), make(chan struct{}, idleSessions)
	tw := helix.New("client", anyToken{}, helix.Options{HTTPClient: &http.Client{Transport: &idleAPI{}}})
	mux := eventsub.NewMux()
	eventsub.On(mux, func(context.Context, *eventsub.ChannelChatMessage) error { return nil })
	for i := range idleSessions {
		slots <- struct{}{}
		session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{URL: url, HTTPClient: dial, OnState: func(st eventsub.State) {
			if st.Phase == eventsub.Subscribed {
				subscribed <- struct{}{}
				<-slots
			}
		}})
		session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: fmt.Sprint(100_000 + i), UserID: fmt.Sprint(200_000 + i)})
		running.Go(func() {
			if err := session.Run(ctx); err != nil {
				b.Error(err)
			}
		})
	}
	for range idleSessions {
		<-subscribed
	}
	return running.Wait
}
