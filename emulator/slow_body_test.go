package emulator_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A client that announces a body and does not send it used to hold its connection and a
// goroutine until the server was closed.
func TestBodyThatNeverArrives(t *testing.T) {
	for _, path := range []string{"/helix/chat/messages", "/helix/users", "/oauth2/token", "/larkspur/say", "/nowhere"} {
		t.Run(path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Strict())
				conn, err := tw.DialContext(t.Context(), "tcp", "")
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				start := time.Now()
				request := "POST " + path + " HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer " + tw.UserToken("ada") +
					"\r\nClient-Id: " + tw.ClientID() + "\r\nContent-Length: 1000\r\n\r\n{"
				if _, err := io.WriteString(conn, request); err != nil {
					t.Fatal(err)
				}
				if err := conn.SetReadDeadline(start.Add(time.Minute)); err != nil {
					t.Fatal(err)
				}
				from := bufio.NewReader(conn)
				if res, err := http.ReadResponse(from, nil); err == nil {
					if res.StatusCode < 400 {
						t.Errorf("got %s, want a refusal", res.Status)
					}
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
				}
				if _, err := from.ReadByte(); err != io.EOF {
					t.Errorf("got %v, want the connection closed", err)
				}
				if took := time.Since(start); took > 30*time.Second {
					t.Errorf("got the connection closed after %v, want within 30 s", took)
				}
			})
		})
	}
}

// The limit is on the body alone: an answer may take longer, and the connection lives on.
func TestAnswerMayTakeLongerThanBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		token := tw.UserToken("bot", "user:write:chat")
		tw.FailRequests(emulator.RequestFault{Delay: time.Minute})
		body := `{"broadcaster_id":"` + tw.UserID("ada") + `","sender_id":"` + tw.UserID("bot") + `","message":"hello"}`
		for range 2 {
			if status, answer := call(t, tw, token, http.MethodPost, "/helix/chat/messages", body); status != http.StatusOK {
				t.Errorf("got %d %s, want 200", status, answer)
			}
			body = strings.Replace(body, "hello", "bye", 1)
			time.Sleep(time.Minute)
		}
	})
}
