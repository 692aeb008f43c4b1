package daemon_test

import (
	"strings"
	"testing"
)

func TestWebSection(t *testing.T) {
	const twitch = "connectors: {twitch: {client-id: a, client-secret: b, channel: ada"
	for _, tt := range []struct{ name, src, listen, forward, problem string }{
		{"nothing", twitch + "}}", "127.0.0.1:8477", "", ""},
		{"empty", "web:\n" + twitch + "}}", "127.0.0.1:8477", "", ""},
		{"listen", "web: {listen: ':80'}\n" + twitch + "}}", ":80", "", ""},
		{"opsdroid's port", "web: {port: 9000}\n" + twitch + "}}", "127.0.0.1:9000", "", ""},
		{"opsdroid's host", "web: {host: 0.0.0.0}\n" + twitch + "}}", "0.0.0.0:8080", "", ""},
		{"forward-url", twitch + ", forward-url: 'https://bot.example.org/'}}", "127.0.0.1:8477", "https://bot.example.org", ""},
		{"without TLS", twitch + ", forward-url: 'http://bot.example.org'}}", "127.0.0.1:8477", "https://bot.example.org", ""},
		{"an emulator", twitch + ", forward-url: 'http://127.0.0.1:9999'}}", "127.0.0.1:8477", "http://127.0.0.1:9999", ""},
		{"base-url first", "web: {base-url: 'https://b.example.org'}\n" + twitch + ", forward-url: 'https://a.example.org'}}", "127.0.0.1:8477", "https://b.example.org", ""},
		{"a local base-url", "web: {base-url: 'http://localhost:8080'}\n" + twitch + ", forward-url: 'https://a.example.org'}}", "127.0.0.1:8477", "https://a.example.org", ""},
		{"empty forward-url", twitch + ", forward-url: ''}}", "127.0.0.1:8477", "", ""},
		{"no port", "web: {listen: localhost}\n" + twitch + "}}", "", "", "want an address and a port"},
		{"bad port", "web: {port: 70000}\n" + twitch + "}}", "", "", "want a port from 1 to 65535"},
		{"unknown key", "web: {lisen: ':80'}\n" + twitch + "}}", "", "", `did you mean "listen"?`},
		{"a query", twitch + ", forward-url: 'https://bot.example.org?a=b'}}", "", "", "want a web address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, err := read(tt.src)
			if tt.problem != "" {
				if err == nil || !strings.Contains(err.Error(), tt.problem) {
					t.Fatalf("got %v, want %q", err, tt.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Web.Listen != tt.listen || cfg.Twitch.ForwardURL != tt.forward {
				t.Errorf("got %q and %q, want %q and %q", cfg.Web.Listen, cfg.Twitch.ForwardURL, tt.listen, tt.forward)
			}
		})
	}
}
