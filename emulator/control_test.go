package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

func get(t *testing.T, client *http.Client, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func post(t *testing.T, client *http.Client, url, body string) (int, map[string]string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]string
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer
}

func TestControl(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	base := tw.URL() + "/larkspur/"
	rows := []struct {
		verb, body string
		status     int
	}{
		{"live", `{"broadcaster":"ada"}`, 200},
		{"live", `{"broadcaster":"ada"}`, 400},
		{"follow", `{"broadcaster":"ada","user":"grace"}`, 200},
		{"say", `{"broadcaster":"ada","user":"grace","text":"hi"}`, 200},
		{"subscribe", `{"broadcaster":"ada","user":"grace","tier":"3000"}`, 200},
		{"gift", `{"broadcaster":"ada","user":"grace","recipients":["linus"]}`, 200},
		{"cheer", `{"broadcaster":"ada","user":"grace","bits":100}`, 200},
		{"raid", `{"broadcaster":"ada","user":"grace","viewers":42}`, 200},
		{"timeout", `{"broadcaster":"ada","user":"spammer","seconds":60}`, 200},
		{"timeout", `{"broadcaster":"ada","user":"spammer"}`, 400},
		{"ban", `{"broadcaster":"ada","user":"spammer","text":"spam"}`, 200},
		{"unban", `{"broadcaster":"ada","user":"spammer"}`, 200},
		{"mod", `{"broadcaster":"ada","user":"grace"}`, 200},
		{"title", `{"broadcaster":"ada","text":"Chess"}`, 200},
		{"offline", `{"broadcaster":"ada"}`, 200},
		{"clear", `{"broadcaster":"ada"}`, 200},
		{"follow", `{"broadcaster":"no login","user":"grace"}`, 400},
		{"follow", `{"channel":"ada"}`, 400},
		{"follow", `{`, 400},
		{"nothing", `{}`, 404},
	}
	for _, row := range rows {
		if status, answer := post(t, tw.HTTPClient(), base+row.verb, row.body); status != row.status {
			t.Errorf("%s %s: got %d %v, want %d", row.verb, row.body, status, answer, row.status)
		}
	}
	if tw.IsLive("ada") || tw.Title("ada") != "Chess" || tw.IsBanned("ada", "spammer") {
		t.Errorf("got live %v, title %q, banned %v", tw.IsLive("ada"), tw.Title("ada"), tw.IsBanned("ada", "spammer"))
	}
	_, state := get(t, tw.HTTPClient(), base+"state")
	if !strings.Contains(state, `"moderators":["grace"]`) || !strings.Contains(state, `"followers":["grace"]`) {
		t.Errorf("got state %s", state)
	}
	if _, help := get(t, tw.HTTPClient(), base); !strings.Contains(help, "POST /larkspur/follow") {
		t.Errorf("got help %s", help)
	}
	_, banned := post(t, tw.HTTPClient(), base+"ban", `{"broadcaster":"ada","user":"spammer"}`)
	if _, answer := post(t, tw.HTTPClient(), base+"say", `{"broadcaster":"ada","user":"spammer","text":"hi"}`); answer["dropped"] != "msg_banned" {
		t.Errorf("got %v after %v, want msg_banned", answer, banned)
	}
}
