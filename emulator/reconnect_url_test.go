package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Clients move to the address that they are told, so it must be one that they can reach:
// behind a proxy that speaks TLS, ws://127.0.0.1 is not.
func TestReconnectURLKeepsTheAddressOfTheConnection(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	own := strings.TrimPrefix(tw.EventSubURL(), "ws://")
	forwarded := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set("X-Forwarded-"+pairs[i], pairs[i+1])
		}
		return h
	}
	for _, row := range []struct {
		name, dial, host string
		header           http.Header
		want             string
	}{
		{"plain", "ws://" + own, "", nil, "ws://" + own},
		{"TLS", "wss://" + own, "", nil, "wss://" + own},
		{"name of the hosts file", "wss://" + own, "eventsub.wss.twitch.tv", nil, "wss://eventsub.wss.twitch.tv/ws"},
		{"proxy that speaks TLS", "ws://" + own, "", forwarded("Proto", "https", "Host", "twitch.example"), "wss://twitch.example/ws"},
		{"proxy with a port", "ws://" + own, "", forwarded("Proto", "https", "Host", "twitch.example", "Port", "8443"), "wss://twitch.example:8443/ws"},
		{"proxy that passes Host", "ws://" + own, "twitch.example:444", forwarded("Proto", "wss"), "wss://twitch.example:444/ws"},
		{"two proxies", "ws://" + own, "", forwarded("Proto", "https, http", "Host", "twitch.example, inner:80"), "wss://twitch.example/ws"},
		{"TLS to a proxy's back end only", "wss://" + own, "", forwarded("Proto", "http", "Host", "twitch.example"), "ws://twitch.example/ws"},
	} {
		conn, _, err := websocket.Dial(t.Context(), row.dial, &websocket.DialOptions{ //nolint:bodyclose // the connection owns it
			HTTPClient: tw.HTTPClient(), HTTPHeader: row.header, Host: row.host,
		})
		if err != nil {
			t.Fatal(row.name, err)
		}
		read(t, conn) // the welcome
		tw.ReconnectEventSub(0)
		_, raw, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(row.name, err)
		}
		var f struct {
			Payload struct {
				Session struct {
					URL string `json:"reconnect_url"`
				}
			}
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(row.name, err)
		}
		if got, _, _ := strings.Cut(f.Payload.Session.URL, "?"); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
		_ = conn.CloseNow()
	}
}
