package emulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// call sends a request of Helix with a token.
func call(t *testing.T, tw *emulator.Server, token, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, tw.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Client-Id", tw.ClientID())
	r.Header.Set("Content-Type", "application/json")
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestTwurpleSendsIDsOfAMessageInTheQuery(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	token := tw.UserToken("bot", "user:write:chat")
	path := "/helix/chat/messages?broadcaster_id=" + tw.UserID("ada") + "&sender_id=" + tw.UserID("bot")
	if status, body := call(t, tw, token, http.MethodPost, path, `{"message":"hello"}`); status != http.StatusOK {
		t.Errorf("got %d %s, want 200", status, body)
	}
	tw.WantChat(t, "ada", "hello")
	if status, body := call(t, tw, token, http.MethodPost, path+"&message=hi", ""); status != http.StatusOK { // twitchAPI
		t.Errorf("got %d %s without a body, want 200", status, body)
	}
	tw.WantChat(t, "ada", "hi")
	if status, _ := call(t, tw, token, http.MethodPost, path, `not JSON`); status != http.StatusBadRequest {
		t.Errorf("got %d for a body that is no JSON, want 400", status)
	}
}

// twurple with TWURPLE_MOCK_API_PORT subscribes where Twitch's own mock server has it.
func TestTwurpleInMockModeFindsNoSubscriptions(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	token := tw.UserToken("bot", "user:read:chat")
	if status, body := call(t, tw, token, http.MethodGet, "/eventsub/subscriptions", ""); status != http.StatusOK || !strings.Contains(body, `"total"`) {
		t.Errorf("got %d %s, want a list", status, body)
	}
}

// twitch.py 4 sends forms, which the documentation does not have.
func TestFormBodyUnlessStrict(t *testing.T) {
	for _, row := range []struct {
		name   string
		opts   []emulator.Option
		status int
	}{{"as usual", nil, http.StatusOK}, {"strict", []emulator.Option{emulator.Strict()}, http.StatusBadRequest}} {
		t.Run(row.name, func(t *testing.T) {
			tw := emulator.Start(t, append(row.opts, emulator.Channel("ada"))...)
			form := "broadcaster_id=" + tw.UserID("ada") + "&sender_id=" + tw.UserID("bot") + "&message=hello"
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tw.HelixURL()+"/chat/messages", strings.NewReader(form))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+tw.UserToken("bot", "user:write:chat"))
			r.Header.Set("Client-Id", tw.ClientID())
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := tw.HTTPClient().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != row.status {
				t.Errorf("got %d, want %d", res.StatusCode, row.status)
			}
		})
	}
}
