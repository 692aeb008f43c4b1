package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A page on the web cannot use the browser of the person who runs the emulator, not even
// when its name resolves to this machine.
func TestBrowserUnderForeignName(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Hosts("twitch.bots.example"))
	rows := []struct {
		host, header, value string
		status              int
	}{
		{"evil.example:8080", "Origin", "http://evil.example:8080", http.StatusMisdirectedRequest},
		{"evil.example.", "Origin", "http://evil.example.", http.StatusMisdirectedRequest},
		{"EVIL.example", "Sec-Fetch-Site", "same-origin", http.StatusMisdirectedRequest},
		{"evil.example", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64)", http.StatusMisdirectedRequest},
		{"localhost.evil.example", "Origin", "http://localhost.evil.example", http.StatusMisdirectedRequest},
		{"127.0.0.1.evil.example", "Origin", "null", http.StatusMisdirectedRequest},
		{"", "Origin", tw.URL(), http.StatusOK},
		{"[::1]:8080", "Origin", "http://[::1]:8080", http.StatusOK},
		{"localhost:8080", "Origin", "http://localhost:8080", http.StatusOK},
		{"emulator:8080", "Origin", "http://emulator:8080", http.StatusOK},
		{"api.twitch.tv", "Origin", "https://api.twitch.tv", http.StatusOK},
		{"twitch.bots.example", "Origin", "http://twitch.bots.example", http.StatusOK},
		{"ci.bots.example", "User-Agent", "Go-http-client/1.1", http.StatusOK},
	}
	for _, row := range rows {
		for _, path := range []string{"/larkspur/say", "/larkspur/state"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.URL()+path, http.NoBody)
			if strings.HasSuffix(path, "say") {
				r, err = http.NewRequestWithContext(t.Context(), http.MethodPost, tw.URL()+path, strings.NewReader(`{"broadcaster":"ada","user":"grace","text":"!quit"}`))
			}
			if err != nil {
				t.Fatal(err)
			}
			r.Host = row.host
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(row.header, row.value)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != row.status {
				t.Errorf("%s as %q with %s %s: got %d, want %d", path, row.host, row.header, row.value, res.StatusCode, row.status)
			}
		}
	}
}
