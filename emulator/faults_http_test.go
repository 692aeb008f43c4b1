package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

func TestFailRequests(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	token := tw.UserToken("ada")
	users := func() int {
		status, _ := call(t, tw, token, http.MethodGet, "/helix/users", "")
		return status
	}
	tw.FailRequests(emulator.RequestFault{Path: "/helix/users", Status: http.StatusServiceUnavailable, Times: 2})
	tw.FailRequests(emulator.RequestFault{Method: http.MethodPost, Status: http.StatusBadGateway})
	tw.FailRequests(emulator.RequestFault{Path: "/helix", Status: http.StatusInternalServerError})
	for i, want := range []int{503, 503, 500, 200} {
		if got := users(); got != want {
			t.Errorf("request %d: got %d, want %d", i, got, want)
		}
	}
	tw.HealRequests()
	if status, body := call(t, tw, token, http.MethodPost, "/helix/streams/markers", "{}"); status == http.StatusBadGateway {
		t.Errorf("got %d %s after healing", status, body)
	}
}

func TestLostAnswer(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	token := tw.UserToken("ada", "user:write:chat")
	tw.FailRequests(emulator.RequestFault{Lost: true})
	body := `{"broadcaster_id":"` + tw.UserID("ada") + `","sender_id":"` + tw.UserID("ada") + `","message":"hello"}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tw.HelixURL()+"/chat/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Client-Id", tw.ClientID())
	r.Header.Set("Content-Type", "application/json")
	resp, err := tw.HTTPClient().Do(r)
	if err == nil {
		_ = resp.Body.Close()
		t.Errorf("got %s, want no answer", resp.Status)
	}
	tw.WantChat(t, "ada", "hello")
}

func TestSlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada"))
		tw.FailRequests(emulator.RequestFault{Delay: 20 * time.Second})
		start := time.Now()
		if status, _ := call(t, tw, tw.UserToken("ada"), http.MethodGet, "/helix/users", ""); status != http.StatusOK {
			t.Errorf("got %d, want 200", status)
		}
		if got := time.Since(start); got != 20*time.Second {
			t.Errorf("got an answer after %v, want 20s", got)
		}
	})
}

func TestFaultsOverHTTP(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	access := tw.UserToken("grace", "chat:read")
	for _, row := range []struct {
		verb, body string
		status     int
		want       string
	}{
		{"fail", `{"http_status":503,"path":"/helix"}`, 200, ""},
		{"fail", `{"http_status":200}`, 400, "http_status"},
		{"heal", `{}`, 200, ""},
		{"revoke", `{"token":"` + access + `"}`, 200, ""},
		{"revoke-eventsub", `{}`, 200, ""},
		{"code", `{"user":"grace","redirect_uri":"http://localhost/","scopes":["chat:read"]}`, 200, `"code"`},
		{"device", `{"user":"grace","user_code":"NOTTHERE"}`, 400, "no device"},
		{"mod", `{"broadcaster":"ada","user":"grace"}`, 200, ""},
		{"mod", `{"broadcaster":"ada","user":"grace"}`, 200, ""}, // a set-up may run twice
		{"unmod", `{"broadcaster":"ada","user":"grace"}`, 200, ""},
		{"unmod", `{"broadcaster":"ada","user":"grace"}`, 200, ""},
	} {
		status, body := call(t, tw, "", http.MethodPost, "/larkspur/"+row.verb, row.body)
		if status != row.status || !strings.Contains(body, row.want) {
			t.Errorf("%s %s: got %d %s, want %d with %q", row.verb, row.body, status, body, row.status, row.want)
		}
	}
	if status, _ := call(t, tw, access, http.MethodGet, "/helix/users", ""); status != http.StatusUnauthorized {
		t.Errorf("got %d with a revoked token, want 401", status)
	}
}

func TestRevokedTokenEndsChat(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	for name, end := range map[string]func(token string){
		"revoked":      tw.RevokeToken,
		"disconnected": func(string) { tw.Disconnect("grace") },
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := tw.DialContext(t.Context(), "tcp", strings.TrimPrefix(tw.IRCAddr(), "irc://"))
			if err != nil {
				t.Fatal(err)
			}
			token := tw.UserToken("grace", "chat:read")
			c := newIRC(t, conn)
			c.enter(token, "grace", "ada")
			end(token)
			c.want("NOTICE * :Login authentication failed")
			if _, err := c.r.ReadString('\n'); err == nil {
				t.Error("got a connection that goes on, want it closed")
			}
		})
	}
}
