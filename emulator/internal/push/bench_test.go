package push_test

import (
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// BenchmarkRaw sends events to one WebSocket on loopback. The client takes the
// bytes and does nothing with them, because the emulator is what is measured.
func BenchmarkRaw(b *testing.B) {
	s := push.New(push.Config{World: world.New(world.Options{})})
	defer s.Close()
	web := httptest.NewServer(s)
	defer web.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(web.URL, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.WriteString(conn, "GET /ws HTTP/1.1\r\nHost: emulator.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.CopyBuffer(io.Discard, struct{ io.Reader }{conn}, make([]byte, 256<<10))
	}()
	for len(s.Sessions()) == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.Create(grant("1"), request(&peer{id: s.Sessions()[0]}, "stream.online", "1", "broadcaster_user_id", "1")); err != nil {
		b.Fatal(err)
	}
	kind := eventsub.Type{Name: "stream.online", Version: "1"}
	event := []byte(`{"id":"9001","broadcaster_user_id":"1","broadcaster_user_login":"ada","broadcaster_user_name":"Ada","type":"live","started_at":"2026-01-01T00:00:00Z"}`)
	b.ReportAllocs()
	for b.Loop() {
		if s.Raw(kind, "1", event) != 1 {
			b.Fatal("not delivered")
		}
	}
	_ = conn.Close()
	<-done
}
