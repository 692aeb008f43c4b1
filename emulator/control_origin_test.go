package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A web page of another origin got a token of any user: JSON was let through.
func TestForeignPageGetsNoToken(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	own := strings.TrimPrefix(tw.URL(), "http://")
	for _, row := range []struct {
		name   string
		header map[string]string
		status int
	}{
		{"a program", nil, 200},
		{"curl -d", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 200},
		{"its own page", map[string]string{"Origin": "http://" + own, "Referer": "http://" + own + "/larkspur/", "Sec-Fetch-Site": "same-origin"}, 200},
		{"JSON of a foreign page", map[string]string{"Content-Type": "application/json", "Origin": "http://evil.example"}, 403},
		{"text of a foreign page", map[string]string{"Content-Type": "text/plain", "Origin": "http://evil.example"}, 403},
		{"another port", map[string]string{"Content-Type": "application/json", "Origin": "http://127.0.0.1:1"}, 403},
		{"sandboxed page", map[string]string{"Content-Type": "application/json", "Origin": "null"}, 403},
		{"Referer alone", map[string]string{"Content-Type": "application/json", "Referer": "https://evil.example/page"}, 403},
		{"own Origin, foreign Referer", map[string]string{"Origin": "http://" + own, "Referer": "https://evil.example/" + own}, 403},
		{"newer browser", map[string]string{"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403},
		{"malformed", map[string]string{"Origin": "http://[evil"}, 403},
	} {
		for _, request := range []string{"POST /larkspur/token", "GET /larkspur/state", "GET /larkspur/grants", "GET /larkspur/"} {
			method, path, _ := strings.Cut(request, " ")
			r, err := http.NewRequestWithContext(t.Context(), method, tw.URL()+path, strings.NewReader(`{"user":"ada","scopes":["chat:read"]}`))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range row.header {
				r.Header.Set(name, value)
			}
			res, err := tw.HTTPClient().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != row.status {
				t.Errorf("%s, %s: got %s, want %d", row.name, request, res.Status, row.status)
			}
		}
	}
}

// Everything but the control API is for pages of any origin, as at Twitch.
func TestPagesMayCallTwitch(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	for _, path := range []string{"/helix/users?login=ada", "/oauth2/validate"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.URL()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+tw.UserToken("ada"))
		r.Header.Set("Client-Id", tw.ClientID())
		r.Header.Set("Origin", "https://overlay.example")
		res, err := tw.HTTPClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: got %s with %v, want 200 for any origin", path, res.Status, res.Header)
		}
	}
}
