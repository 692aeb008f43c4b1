package irc

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
)

// An address is Options.Addr in its parts.
type address struct {
	url       *url.URL
	websocket bool
	tls       bool
	hostPort  string
}

func parseAddr(s string) (address, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return address{}, fmt.Errorf("irc: address %q: want something like %s", s, DefaultAddr)
	}
	a := address{url: u}
	port := "6667"
	switch u.Scheme {
	case "irc":
	case "ircs":
		a.tls, port = true, "6697"
	case "ws":
		a.websocket, port = true, "80"
	case "wss":
		a.websocket, a.tls, port = true, true, "443"
	default:
		return address{}, fmt.Errorf("irc: address %q: the scheme must be ircs, irc, wss or ws", s)
	}
	if p := u.Port(); p != "" {
		port = p
	}
	a.hostPort = net.JoinHostPort(u.Hostname(), port)
	return a, nil
}

// shown is an address for logs: without user and query, which may be secret.
func shown(addr string) string {
	u, err := url.Parse(addr)
	if err != nil {
		return "an address that is none"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// dial opens a connection over whichever transport the address names.
func (a address) dial(ctx context.Context, o *Options) (wire, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	if a.websocket {
		return a.dialWebSocket(ctx, o)
	}
	conn, err := o.Dial(ctx, "tcp", a.hostPort)
	if err != nil {
		return nil, err
	}
	if a.tls {
		cfg := o.tlsConfig()
		if cfg.ServerName == "" {
			cfg.ServerName = a.url.Hostname()
		}
		secure := tls.Client(conn, cfg)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("tls: %w", err)
		}
		conn = secure
	}
	return newTCPWire(conn), nil
}

func (a address) dialWebSocket(ctx context.Context, o *Options) (wire, error) {
	client, done := o.httpClient()
	defer done()
	conn, resp, err := websocket.Dial(ctx, a.url.String(), &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		return nil, withoutAddress(err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	conn.SetReadLimit(maxChunk)
	return &wsWire{conn: conn}, nil
}

// noRedirect refuses redirects: the client connects only to the address it was given.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (o *Options) tlsConfig() *tls.Config {
	if o.TLSConfig != nil {
		return o.TLSConfig.Clone()
	}
	return &tls.Config{MinVersion: tls.VersionTLS12}
}
