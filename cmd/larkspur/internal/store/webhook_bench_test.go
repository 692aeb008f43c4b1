package store_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/eventsub"
)

const benchSecret = "1f0e3dad99908345f7439f8ffabdffc41f0e3dad99908345f7439f8ffabdffc4"

// webhookRequests returns n requests as Twitch sends them, each with a new message.
func webhookRequests(round, n int) [][]byte {
	at := time.Now().UTC().Format(time.RFC3339Nano)
	all := make([][]byte, n)
	mac := hmac.New(sha256.New, []byte(benchSecret))
	for i := range all {
		id := fmt.Sprintf("befa7b53-%04x-478f-86b9-%012x", round, i)
		broadcaster := strconv.Itoa(1000 + i%100)
		body := fmt.Appendf(nil, `{"subscription":{"id":"f1c2a387-161a-49f9-a165-0f21d7a4e1c4","status":"enabled","type":"channel.follow","version":"2","cost":0,`+
			`"condition":{"broadcaster_user_id":%[1]q,"moderator_user_id":%[1]q},"transport":{"method":"webhook",`+
			`"callback":"https://bot.example.org/eventsub/5dfiqpkpr4rdoyzzgzcjjzmaou"},"created_at":"2026-01-01T00:00:00.634234626Z"},`+
			`"event":{"user_id":"%[2]d","user_login":"grace","user_name":"Grace","broadcaster_user_id":%[1]q,"broadcaster_user_login":"ada",`+
			`"broadcaster_user_name":"Ada","followed_at":"%[3]s"}}`, broadcaster, i, at)
		mac.Reset()
		mac.Write([]byte(id + at))
		mac.Write(body)
		all[i] = fmt.Appendf(nil, "POST /eventsub/5dfiqpkpr4rdoyzzgzcjjzmaou HTTP/1.1\r\nHost: bot.example.org\r\nUser-Agent: Go-http-client/1.1\r\n"+
			"Content-Length: %d\r\nContent-Type: application/json\r\nTwitch-Eventsub-Message-Id: %s\r\nTwitch-Eventsub-Message-Retry: 0\r\n"+
			"Twitch-Eventsub-Message-Signature: sha256=%s\r\nTwitch-Eventsub-Message-Timestamp: %s\r\nTwitch-Eventsub-Message-Type: notification\r\n"+
			"Twitch-Eventsub-Subscription-Type: channel.follow\r\nTwitch-Eventsub-Subscription-Version: 2\r\nAccept-Encoding: gzip\r\n\r\n%s",
			len(body), id, hex.EncodeToString(mac.Sum(nil)), at, body)
	}
	return all
}

// load sends requests over many connections and returns how long that took.
func load(b *testing.B, conns []net.Conn, requests [][]byte) time.Duration {
	b.Helper()
	var sending sync.WaitGroup
	next := make(chan [][]byte, len(requests))
	for part := range slices.Chunk(requests, 20) {
		next <- part
	}
	close(next)
	start := time.Now()
	for _, conn := range conns {
		sending.Go(func() {
			in := bufio.NewReader(conn)
			for part := range next {
				for _, request := range part {
					if _, err := conn.Write(request); err != nil {
						b.Error(err)
						return
					}
					if !answered(b, in) {
						return
					}
				}
			}
		})
	}
	sending.Wait()
	return time.Since(start)
}

// answered reads a response with status 204.
func answered(b *testing.B, in *bufio.Reader) bool {
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		switch {
		case err != nil:
			b.Error(err)
			return false
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 204")):
			b.Errorf("got %q, want 204", line)
			return false
		case len(line) == 2:
			return true
		}
	}
}

// dial starts a server and returns connections to it.
func dial(b *testing.B, h http.Handler, n int) []net.Conn {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { _ = server.Close() })
	conns := make([]net.Conn, n)
	for i := range conns {
		if conns[i], err = net.Dial("tcp", l.Addr().String()); err != nil {
			b.Fatal(err)
		}
	}
	return conns
}

// A pace is the work of one round.
type pace struct{ elapsed, cpu time.Duration }

// best returns the shorter times of two rounds.
func (p pace) best(other pace) pace {
	if p.elapsed == 0 {
		return other
	}
	return pace{min(p.elapsed, other.elapsed), min(p.cpu, other.cpu)}
}

// measure returns the pace of work, after a collection of earlier garbage.
func measure(work func()) pace {
	runtime.GC()
	start, used := time.Now(), cpuTime()
	work()
	return pace{time.Since(start), cpuTime() - used}
}

// BenchmarkWebhook compares the webhook's handler, with all checks, a durable store and a
// handler that decodes the event, to one that only answers 204. The ratio has the goal of
// at least 0.5 on a machine that does nothing else; cpu-ratio compares processor time and
// depends less on other programs.
func BenchmarkWebhook(b *testing.B) {
	const requests, connections, rounds = 10_000, 256, 5
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "larkspur.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	events, err := s.Events(b.Context(), store.EventOptions{})
	if err != nil {
		b.Fatal(err)
	}
	mux := eventsub.NewMux(eventsub.MuxOptions{Inbox: events})
	eventsub.On(mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
	secrets := func(context.Context, string) ([]eventsub.Secret, error) { return []eventsub.Secret{benchSecret}, nil }
	hook := eventsub.NewReceiver(secrets, mux.Accept, eventsub.ReceiverOptions{})
	ours := dial(b, hook, connections)
	empty := dial(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), connections)
	round := 0
	for b.Loop() {
		var o, e pace
		for range rounds {
			round++
			batch := webhookRequests(round, requests)
			e = e.best(measure(func() { load(b, empty, batch) }))
			o = o.best(measure(func() {
				load(b, ours, batch)
				if err := mux.Drain(b.Context()); err != nil { // all are handled and removed from the inbox
					b.Fatal(err)
				}
			}))
		}
		b.ReportMetric(requests/o.elapsed.Seconds(), "requests/s")
		b.ReportMetric(requests/e.elapsed.Seconds(), "empty-requests/s")
		b.ReportMetric(e.elapsed.Seconds()/o.elapsed.Seconds(), "ratio")
		b.ReportMetric(float64(e.cpu)/float64(o.cpu), "cpu-ratio")
	}
	if s := hook.Stats(); s.Accepted != uint64(round*requests) {
		b.Errorf("accepted %d of %d", s.Accepted, round*requests)
	}
}
