package relay

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// maxRedirects is how many redirects one message follows.
const maxRedirects = 3

// newClient returns the HTTP client of one relay. Every hop of a request is
// checked: a public server may redirect to a private one.
func newClient(g guard) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second, Control: g.control}
	direct := &http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		MaxIdleConns: 2, IdleConnTimeout: 30 * time.Second, TLSHandshakeTimeout: timeout,
	}
	// The proxy itself is the operator's choice, and is often a private address.
	byProxy := direct.Clone()
	byProxy.Proxy = environmentProxy
	byProxy.DialContext = (&net.Dialer{Timeout: timeout}).DialContext
	return &http.Client{
		Transport: &transport{guard: g, direct: direct, byProxy: byProxy},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return nil
		},
	}
}

// A transport connects directly, checking the address when it dials, or through the
// proxy of the environment, checking what the name resolves to.
type transport struct {
	guard           guard
	direct, byProxy *http.Transport
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if proxy, err := environmentProxy(r); err != nil || proxy == nil {
		return t.direct.RoundTrip(r)
	}
	if err := t.guard.resolve(r.Context(), r.URL.Hostname()); err != nil {
		return nil, err
	}
	return t.byProxy.RoundTrip(r)
}

// CloseIdleConnections closes connections that no request uses.
func (t *transport) CloseIdleConnections() {
	t.direct.CloseIdleConnections()
	t.byProxy.CloseIdleConnections()
}

// NewClient returns a client for requests to addresses that skills name. It refuses addresses
// of this machine and its local network, unless allowPrivate is set, and follows three
// redirects at most.
func NewClient(allowPrivate bool) *http.Client { return newClient(guard{allowPrivate: allowPrivate}) }
