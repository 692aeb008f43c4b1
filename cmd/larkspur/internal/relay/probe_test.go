package relay_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// status answers every request with one status.
type status int

func (s status) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if w.WriteHeader(int(s)); r.Method != http.MethodGet {
		panic("a probe sends nothing")
	}
	return w.Result(), nil
}

func TestProbeSendsNothing(t *testing.T) {
	served := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	const discord = "https://discord.com/api/webhooks/1/t0kenvalue"
	for _, tt := range []struct {
		name, address string
		o             relay.Options
		tested, err   string
	}{
		{"Discord", discord, relay.Options{HTTPClient: &http.Client{Transport: status(200)}}, "Discord knows the webhook", ""},
		{"Discord, deleted", discord, relay.Options{HTTPClient: &http.Client{Transport: status(404)}}, "", "Discord does not know the webhook"},
		{"webhook", server.URL + "/t0kenvalue", relay.Options{AllowPrivate: true}, "127.0.0.1 accepts connections; no message was sent", ""},
		{"generic", "generic://" + host + "/t0kenvalue?disabletls=yes", relay.Options{AllowPrivate: true}, "accepts connections", ""},
		{"webhook, no server", "http://" + nowhere + "/t0kenvalue", relay.Options{AllowPrivate: true}, "", "connection refused"},
		{"mail, no server", "smtp://ada:t0kenvalue@" + nowhere + "/?from=a@example.org&to=b@example.org", relay.Options{AllowPrivate: true}, "", "connection refused"},
		{"no such host", "https://relay.invalid/t0kenvalue", relay.Options{}, "", "relay.invalid"},
		{"service", "telegram://1234567:t0kenvalue@telegram?chats=@ada", relay.Options{}, "its address is well-formed", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := relay.New("team", tt.address, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			tested, err := r.Probe(t.Context())
			text := ""
			if err != nil {
				text = err.Error()
			}
			if !strings.Contains(tested, tt.tested) || !strings.Contains(text, tt.err) || (err == nil) != (tt.err == "") {
				t.Errorf("got %q, %v, want %q and %q", tested, err, tt.tested, tt.err)
			}
			if strings.Contains(text, "t0kenvalue") {
				t.Error("the error shows the token")
			}
		})
	}
	if served > 0 {
		t.Errorf("got %d requests, want none", served)
	}
}
