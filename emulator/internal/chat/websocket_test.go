package chat_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
)

// A real WebSocket client over a real connection.
func TestWebSocket(t *testing.T) {
	t.Parallel()
	s := newStage(t, chat.Config{NoLimits: true})
	server := httptest.NewServer(s.server)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // at most
	defer cancel()
	dial := func() *websocket.Conn {
		conn, _, err := websocket.Dial(ctx, //nolint:bodyclose // the library closes it
			"ws"+strings.TrimPrefix(server.URL, "http"), &websocket.DialOptions{
				HTTPClient: &http.Client{Transport: &http.Transport{}}, Subprotocols: []string{"irc"},
			})
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	conn := dial()
	defer conn.CloseNow()
	write := func(text string) {
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	until := func(last string) []string {
		var lines []string
		for {
			_, b, err := conn.Read(ctx)
			if err != nil {
				t.Fatalf("got %v after %q, want %q", err, lines, last)
			}
			if !strings.HasSuffix(string(b), "\r\n") {
				t.Errorf("got a frame that ends with no line end: %q", b)
			}
			lines = append(lines, strings.Split(strings.TrimSuffix(string(b), "\r\n"), "\r\n")...)
			if lines[len(lines)-1] == last {
				return lines
			}
		}
	}
	write("PASS oauth:grace\r\nNICK grace\r\nJOIN #ada\r\n") // several lines in one frame
	if got := until(":grace.tmi.twitch.tv 366 grace #ada :End of /NAMES list"); len(got) != 10 {
		t.Errorf("got %d lines, want 10: %q", len(got), got)
	}
	write("PING :one") // and none with a line end
	until(":tmi.twitch.tv PONG tmi.twitch.tv :one")
	s.server.Drop()
	if _, _, err := conn.Read(ctx); err == nil {
		t.Error("got no error after Drop")
	}

	conn = dial()
	write("PASS oauth:nobody\r\nNICK nobody")
	until(":tmi.twitch.tv NOTICE * :Login authentication failed")
	if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("got %v, want a normal closure", err)
	}
}
