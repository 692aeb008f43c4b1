package emulator

import (
	"net"
	"net/http"
	"strings"
)

// restoreAddress writes into a request the scheme and host that its client dialled: those
// that a proxy on this machine tells, else those of the connection. Addresses that the
// server gives out, such as EventSub's reconnect_url, are made of them.
func restoreAddress(r *http.Request) {
	if p, ok := r.Context().Value(connKey{}).(*peeked); ok && p.tls != nil {
		state := p.tls.ConnectionState()
		r.TLS = &state
	}
	r.URL.Scheme = "http"
	if r.TLS != nil {
		r.URL.Scheme = "https"
	}
	if !fromLoopback(r) {
		return
	}
	if host := firstOf(r.Header.Get("X-Forwarded-Host")); host != "" {
		if port := firstOf(r.Header.Get("X-Forwarded-Port")); port != "" && !hasPort(host) {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		r.Host = host
	}
	switch firstOf(r.Header.Get("X-Forwarded-Proto")) {
	case "https", "wss":
		r.URL.Scheme = "https"
	case "http", "ws":
		r.URL.Scheme = "http"
	}
}

// fromLoopback reports whether a request comes from this machine. Others could claim any
// address.
func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// firstOf returns the first value of a list: the one of the proxy next to the client.
func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.ToLower(strings.TrimSpace(first))
}

func hasPort(host string) bool {
	_, _, err := net.SplitHostPort(host)
	return err == nil
}
