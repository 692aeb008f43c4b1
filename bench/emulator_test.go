package bench_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// These benchmarks measure the emulator. Their clients do as little as possible, because
// they run on the same processors.

func dialEmulator(b *testing.B, tw *emulator.Server) (net.Conn, *bufio.Reader) {
	b.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", strings.TrimPrefix(tw.URL(), "http://"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return conn, bufio.NewReaderSize(conn, 256<<10)
}

// A meter collects the speed of rounds of n items, by elapsed time and by processor time.
type meter struct {
	rates []float64       // items per second
	cpu   []time.Duration // for each item
}

func (m *meter) round(n int, do func()) {
	start, used := time.Now(), cpuTime()
	do()
	m.rates = append(m.rates, float64(n)/time.Since(start).Seconds())
	m.cpu = append(m.cpu, (cpuTime()-used)/time.Duration(n))
}

func (m *meter) report(b *testing.B, figure, unit string) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(slices.Max(m.rates), unit+"s/s")
	b.ReportMetric(float64(slices.Min(m.cpu)), "cpu-ns/"+unit)
	record(b, figure, slices.Max(m.rates))
}

// arrivals signals when the expected number of items has arrived.
type arrivals struct {
	mu     sync.Mutex
	seen   int // guarded by mu
	wanted int // guarded by mu
	done   chan struct{}
}

func (a *arrivals) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.seen
	a.seen += n
	if before < a.wanted && a.seen >= a.wanted {
		a.done <- struct{}{}
	}
}

// await calls send for n items and waits until all have arrived.
func (a *arrivals) await(b *testing.B, n int, send func()) {
	b.Helper()
	a.mu.Lock()
	a.wanted = a.seen + n
	a.mu.Unlock()
	for range n {
		send()
	}
	select {
	case <-a.done:
	case <-time.After(time.Minute):
		b.Fatalf("got %d, want %d", a.seen, a.wanted)
	}
}

// BenchmarkEmulatorChat measures a user who writes in a channel that one connection reads.
func BenchmarkEmulatorChat(b *testing.B) {
	tw := emulator.Start(b, emulator.Channel("ada"), emulator.User("grace"), emulator.NoLimits())
	conn, in := dialEmulator(b, tw)
	_, _ = io.WriteString(conn, "CAP REQ :twitch.tv/tags\r\nNICK justinfan1\r\nJOIN #ada\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		if strings.Contains(line, " 366 ") {
			break
		}
	}
	got := &arrivals{done: make(chan struct{}, 1)}
	tw.Say("ada", "grace", "first") // lines after 366 may already be in the reader
	go func() {
		buf := make([]byte, 256<<10)
		for {
			n, err := in.Read(buf)
			got.add(bytes.Count(buf[:n], []byte{'\n'}))
			if err != nil {
				return
			}
		}
	}()
	const lines = 10_000 // fewer than the emulator buffers for a slow client
	var m meter
	for b.Loop() {
		m.round(lines, func() {
			got.await(b, lines, func() { tw.Say("ada", "grace", "good evening from the bench, how is everyone?") })
		})
	}
	m.report(b, "emulator-chat", "line")
}

// BenchmarkEmulatorEvents sends events to one WebSocket.
func BenchmarkEmulatorEvents(b *testing.B) {
	tw := emulator.Start(b, emulator.Channel("ada"), emulator.NoLimits())
	conn, in := dialEmulator(b, tw)
	_, _ = io.WriteString(conn, "GET /ws HTTP/1.1\r\nHost: emulator.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if _, err := http.ReadResponse(in, nil); err != nil { //nolint:bodyclose // there is none
		b.Fatal(err)
	}
	var welcome struct {
		Payload struct{ Session struct{ ID string } }
	}
	first, err := readFrame(in)
	if err == nil {
		err = json.Unmarshal(first, &welcome)
	}
	if err != nil {
		b.Fatal(err)
	}
	subscribe(b, tw, welcome.Payload.Session.ID)

	got := &arrivals{done: make(chan struct{}, 1)}
	go func() {
		for n := 1; ; n++ {
			if _, err := readFrame(in); err != nil {
				return
			}
			if in.Buffered() == 0 || n == 1000 { // take the lock once for a burst
				got.add(n)
				n = 0
			}
		}
	}()
	kind := eventsub.Type{Name: "stream.online", Version: "1"}
	event := json.RawMessage(`{"id":"9001","broadcaster_user_id":"1001","broadcaster_user_login":"ada","broadcaster_user_name":"ada",` +
		`"type":"live","started_at":"2026-01-01T00:00:00Z"}`)
	const events = 20_000
	var m meter
	for b.Loop() {
		m.round(events, func() {
			got.await(b, events, func() {
				if n, err := tw.SendEvent(kind, "ada", event); n != 1 || err != nil {
					b.Fatal(n, err)
				}
			})
		})
	}
	m.report(b, "emulator-events", "event")
}

func subscribe(b *testing.B, tw *emulator.Server, session string) {
	b.Helper()
	body := fmt.Sprintf(`{"type":"stream.online","version":"1","condition":{"broadcaster_user_id":%q},"transport":{"method":"websocket","session_id":%q}}`,
		tw.UserID("ada"), session)
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, tw.HelixURL()+"/eventsub/subscriptions", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header = http.Header{
		"Content-Type": {"application/json"}, "Client-Id": {tw.ClientID()}, "Authorization": {"Bearer " + tw.UserToken("ada")},
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		b.Fatalf("got status %s", res.Status)
	}
}

// readFrame reads one message of a WebSocket server that sends each in one frame.
func readFrame(in *bufio.Reader) ([]byte, error) {
	head, err := in.Peek(4)
	if err != nil {
		return nil, err
	}
	size, skip := int(head[1]), 2
	switch size {
	case 126:
		size, skip = int(binary.BigEndian.Uint16(head[2:])), 4
	case 127:
		return nil, fmt.Errorf("a frame of more than 64 KB")
	}
	frame, err := in.Peek(skip + size)
	if err != nil {
		return nil, err
	}
	_, err = in.Discard(skip + size)
	return frame[skip:], err
}

// BenchmarkEmulatorHelix requests a user over eight connections, one request after
// another on each.
func BenchmarkEmulatorHelix(b *testing.B) {
	const conns, each = 8, 250
	tw := emulator.Start(b, emulator.Channel("ada"), emulator.NoLimits())
	request := []byte("GET /helix/users?login=ada HTTP/1.1\r\nHost: emulator.test\r\nClient-Id: " + tw.ClientID() +
		"\r\nAuthorization: Bearer " + tw.UserToken("ada") + "\r\n\r\n")
	type link struct {
		conn net.Conn
		in   *bufio.Reader
	}
	var links []link
	for range conns {
		conn, in := dialEmulator(b, tw)
		links = append(links, link{conn, in})
	}
	var m meter
	for b.Loop() {
		m.round(conns*each, func() {
			var wg sync.WaitGroup
			for _, l := range links {
				wg.Go(func() {
					for range each {
						_, err := l.conn.Write(request)
						if err == nil {
							err = readAnswer(l.in)
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
	m.report(b, "emulator-helix", "request")
}

// readAnswer reads a 200 with a Content-Length.
func readAnswer(in *bufio.Reader) error {
	length := -1
	for n := 0; ; n++ {
		line, err := in.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case n == 0 && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")):
			return fmt.Errorf("got %q", line)
		case len(line) == 2 && length < 0:
			return fmt.Errorf("no Content-Length")
		case len(line) == 2:
			_, err := in.Discard(length)
			return err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
}
