package emulator_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// joinIRC logs in over a pipe, joins ada's channel and returns what arrives from then on,
// line by line; the channel is closed with the connection.
func joinIRC(t *testing.T, tw *emulator.Server, login string) (net.Conn, <-chan string) {
	t.Helper()
	conn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	hello := "CAP REQ :twitch.tv/commands\r\nPASS oauth:" + tw.UserToken(login, "chat:read", "chat:edit") + "\r\nNICK " + login + "\r\nJOIN #ada\r\n"
	if _, err := io.WriteString(conn, hello); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(conn); in.Scan(); {
			lines <- in.Text()
		}
	}()
	for line := range lines {
		if strings.HasSuffix(line, " ROOMSTATE #ada") {
			break
		}
	}
	return conn, lines
}

// Every fault of IRC connections can be caused from outside, for one connection.
func TestChatFaultsByControl(t *testing.T) {
	for _, row := range []struct {
		verb, want string
		closed     bool
	}{
		{`close-chat {`, "", true},
		{`drop-chat {`, "", true},
		{`cut-chat {`, ":linus", true},
		{`reconnect-chat {"seconds":5`, ":tmi.twitch.tv RECONNECT:linus", true},
		{`silence-chat {"pings":true`, "", false},
		{`half-open-chat {`, "", false},
		{`slow-chat {"lines":1`, "PRIVMSG", false},
		{`disturb-chat {"delay":10`, "PRIVMSG", false},
		{`disturb-chat {"loss":1,"broadcaster":"ada"`, "", false},
	} {
		t.Run(row.verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
				conn, lines := joinIRC(t, tw, "grace")
				_, others := joinIRC(t, tw, "mod")
				id := tw.ChatConnections()[0].ID
				name, body, _ := strings.Cut(row.verb, " ")
				control(t, tw, name, strings.Replace(body+`,"connection":"`+id+`"}`, "{,", "{", 1))
				tw.Say("ada", "linus", "hello")
				if got := <-others; !strings.HasSuffix(got, " PRIVMSG #ada :hello") {
					t.Errorf("the other connection: got %q, want the message", got)
				}
				time.Sleep(20 * time.Second)
				synctest.Wait()
				got, closed := "", false
				for range 3 {
					select {
					case line, ok := <-lines:
						got, closed = got+line, closed || !ok
					default:
					}
				}
				if !strings.Contains(got, row.want) || (row.want == "") != (got == "") || closed != row.closed {
					t.Errorf("got %q, closed %v; want %q, %v", got, closed, row.want, row.closed)
				}
				_ = conn.Close()
				control(t, tw, "heal-chat", "{}")
			})
		})
	}
}

func TestChatLoginsRefusedByControl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		login := func() string {
			conn, err := tw.DialContext(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "NICK justinfan1\r\nJOIN #ada\r\n")
			_ = conn.SetReadDeadline(time.Now().Add(time.Second))
			got, _ := io.ReadAll(conn)
			return fmt.Sprint(len(strings.Split(string(got), "\n"))-1, " ", strings.TrimSpace(string(got[:min(len(got), 45)])))
		}
		control(t, tw, "refuse-logins", `{"seconds":60}`)
		if got, want := login(), "1 :tmi.twitch.tv NOTICE * :Login unsuccessful"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		control(t, tw, "heal-chat", `{}`)
		control(t, tw, "withhold-logins", `{}`)
		if got, want := login(), "0 "; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		control(t, tw, "ignore-joins", `{"times":1}`)
		if got := login(); !strings.HasPrefix(got, "7 ") {
			t.Errorf("got %q, want the welcome and no channel", got)
		}
		if got := login(); !strings.HasPrefix(got, "10 ") {
			t.Errorf("got %q, want the welcome and the channel", got)
		}
	})
}

func TestChatFaultsRefusedByControl(t *testing.T) {
	tw := emulator.Start(t)
	for _, row := range [][3]string{
		{"drop-chat", `{"connection":"unknown"}`, "no such connection"},
		{"slow-chat", `{"lines":-1}`, "must not be negative"},
		{"disturb-chat", `{"loss":2}`, "from 0 to 1"},
		{"disturb-chat", `{"jitter":-1}`, "must not be negative"},
		{"refuse-logins", `{"seconds":0}`, "must be positive"},
	} {
		if got := controlled(t, tw, row[0], row[1], http.StatusBadRequest); !strings.Contains(fmt.Sprint(got["error"]), row[2]) {
			t.Errorf("%s: got %v, want %q", row[0], got, row[2])
		}
	}
}
