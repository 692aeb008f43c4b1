package relay

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

var errRedirect = errors.New("the server redirects, which is refused; use the final address")

// GuardTransport returns a transport for a program's [http.DefaultTransport], which
// most services of shoutrrr use:
//
//	http.DefaultTransport = relay.GuardTransport(http.DefaultTransport)
//
// While a relay sends, requests to its host are checked when they are dialled, have a
// time limit, and are not redirected, because a public server may redirect to a
// private one. All other requests go to next.
func GuardTransport(next http.RoundTripper) http.RoundTripper { return &guardTransport{next} }

type guardTransport struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (g *guardTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	to := underWay.find(r.URL.Hostname())
	if to == nil || r.Header.Get("Upgrade") != "" { // no service opens a WebSocket; the program does
		return g.next.RoundTrip(r)
	}
	answer, err := limit(r, to.transport.RoundTrip)
	if err == nil && !to.follow && answer.Header.Get("Location") != "" && answer.StatusCode/100 == 3 {
		_ = answer.Body.Close()
		answer, err = nil, errRedirect
	}
	if err != nil {
		to.failure.Store(&err)
	}
	return answer, err
}

// CloseIdleConnections closes connections that no request uses.
func (g *guardTransport) CloseIdleConnections() {
	if next, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// Clone returns a plain transport with the settings of next, for clients that do not
// share the default one.
func (g *guardTransport) Clone() *http.Transport {
	if next, ok := g.next.(*http.Transport); ok {
		return next.Clone()
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
}

// A route is how requests of one relay reach its hosts.
type route struct {
	hosts     []string // one that starts with a dot stands for all names below it
	transport *transport
	follow    bool // redirects

	failure atomic.Pointer[error] // the latest request's, if it failed
}

// newRoute returns the route of a service of shoutrrr to host, or to the fixed hosts
// of the service if host is empty.
func newRoute(scheme, host string, g guard) *route {
	to := &route{hosts: []string{hostKey(host)}, follow: g.allowPrivate}
	if host == "" {
		// These are trusted to be public; a name need not resolve if there is a proxy.
		to.hosts, g = fixedHosts[scheme], guard{allowPrivate: true}
	}
	to.transport = newClient(g).Transport.(*transport)
	return to
}

// hostKey returns the form in which hosts are compared.
func hostKey(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// routes are those of the messages under way.
type routes struct {
	mu  sync.Mutex
	all []*route
}

// underWay is global because the transport that it serves is: shoutrrr's requests
// carry nothing else that tells them from the program's other requests.
var underWay routes

// add adds a route until the returned function is called.
func (rs *routes) add(to *route) (remove func()) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.all = append(rs.all, to)
	return func() {
		rs.mu.Lock()
		defer rs.mu.Unlock()
		if i := slices.Index(rs.all, to); i >= 0 {
			rs.all = slices.Delete(rs.all, i, i+1)
		}
	}
}

// find returns the route to a host, or nil. If two relays lead to the same host, the
// one that may reach private addresses decides: the other checked the name before.
func (rs *routes) find(host string) *route {
	host = hostKey(host)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var found *route
	for _, to := range rs.all {
		for _, h := range to.hosts {
			if (h == host || h[:1] == "." && strings.HasSuffix(host, h)) && (found == nil || to.follow) {
				found = to
			}
		}
	}
	return found
}
