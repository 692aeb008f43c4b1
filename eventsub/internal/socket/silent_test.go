package socket

import (
	"bufio"
	"context"
	"crypto/sha1" // RFC 6455 requires it
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// A connection whose server neither reads nor answers the close frame is given up soon.
func TestSilentServerDoesNotHoldUpTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		go func() {
			request, err := http.ReadRequest(bufio.NewReader(theirs))
			if err != nil {
				t.Error(err)
				return
			}
			key := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
			_, _ = fmt.Fprintf(theirs, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
				base64.StdEncoding.EncodeToString(key[:]))
		}()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}
		events := make(chan Event, Ahead)
		s := New(Options{
			URL: "ws://silent.test/ws", HTTPClient: &http.Client{Transport: transport}, Logger: quiet.Or(nil),
			CloseError: func(code int, _ string) error { return fmt.Errorf("code %d", code) },
		}, nil, events)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.read(ctx, 1, "ws://silent.test/ws")
		}()
		if e := <-events; e.input != (connection.Opened{Link: 1}) {
			t.Fatalf("got %v, want opened", e.input)
		}
		start := time.Now()
		cancel()
		<-ended
		if took := time.Since(start); took > closeTimeout {
			t.Errorf("took %s, want %s at most", took, closeTimeout)
		}
	})
}
