package daemon

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// A WebConfig is the section web: where the bot's HTTP server listens. The bot has one
// only if something is to be served: a webhook for events.
type WebConfig struct {
	Listen  string // default: 127.0.0.1:8477
	BaseURL string // the address of the server as others reach it; "" if it has none
}

const defaultListen = "127.0.0.1:8477"

// webKeysOfOpsdroid are keys of opsdroid's section that have no effect here, with what
// replaces them.
var webKeysOfOpsdroid = []struct{ name, why string }{
	{"ssl", "let a proxy or a tunnel receive HTTPS and pass it on"},
	{"cors", "no page of another site may use the server"},
	{"webhook-token", "skills have no webhooks"},
	{"command-center", "the server has no such pages"},
	{"disable_web_index_handler_in_root", "the server has no start page"},
}

// web reads the section. Besides listen it takes opsdroid's keys for the same: host and
// port, and base-url.
func (c *Config) web(n *config.Node, ps *config.Problems) WebConfig {
	w := WebConfig{Listen: defaultListen}
	if n == nil || n.Kind == config.Null {
		return w
	}
	s := n.Section(ps, "listen", "host", "port", "base-url", "base_url", "ssl", "cors", "webhook-token",
		"command-center", "disable_web_index_handler_in_root")
	switch {
	case s.Has("listen"):
		if w.Listen = s.String("listen", defaultListen); !isListenAddress(w.Listen) {
			ps.Add(s.Get("listen"), "want an address and a port, such as %s", defaultListen)
		}
	case s.Has("host"), s.Has("port"):
		host, port := s.String("host", "127.0.0.1"), s.Int("port", 8080)
		if port < 1 || port > 65535 {
			ps.Add(s.Get("port"), "want a port from 1 to 65535")
		}
		w.Listen = net.JoinHostPort(host, strconv.Itoa(port))
	}
	for _, key := range []string{"base-url", "base_url"} {
		if s.Has(key) {
			w.BaseURL = c.publicAddress(s, key, ps)
		}
	}
	for _, key := range webKeysOfOpsdroid {
		if s.Has(key.name) {
			c.note(s, key.name, key.why)
		}
	}
	return w
}

// isListenAddress reports whether text is a host, which may be empty, and a port.
func isListenAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}

// publicAddress reads an address at which Twitch reaches the bot. Twitch calls only
// https addresses; tunnels that opsdroid's users name with http have both.
func (c *Config) publicAddress(s *config.Section, key string, ps *config.Problems) string {
	text := strings.TrimSuffix(s.String(key, ""), "/")
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if !webAddress(text) || err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		ps.Add(s.Get(key), "want a web address, such as https://bot.example.org")
		return ""
	}
	if u.Scheme == "http" && !isLocal(u.Hostname()) {
		u.Scheme = "https"
		c.Notes = append(c.Notes, s.Get(key).Problem("is used as %s: Twitch sends events to https addresses only", u).Error())
	}
	return u.String()
}

// hostOf returns the host of a web address, without its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// isLocal reports whether a host is on this machine or in its network, where an emulator
// of Twitch may send events without TLS.
func isLocal(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate())
}
