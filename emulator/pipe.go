package emulator

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// memoryHost is the host in the addresses of a server that opened no port.
const memoryHost = "emulator.test"

// DialContext connects to the server without a network, whatever the address:
// what it returns is one end of a [net.Pipe]. It fits into http.Transport and
// into the options of this module's clients.
func (s *Server) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	if !s.take(far) {
		_ = near.Close()
		return nil, net.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		_ = near.Close()
		return nil, err
	}
	return near, nil
}

// HTTPClient returns a client that reaches the server: over its port, or
// without a network if the server was made with [InMemory]. It trusts the
// server's certificate. It has no timeout.
func (s *Server) HTTPClient() *http.Client {
	s.clientOnce.Do(func() {
		s.client = &http.Client{Transport: &http.Transport{
			DialContext:         s.dial,
			MaxIdleConnsPerHost: 64,
			TLSClientConfig:     &tls.Config{RootCAs: s.CertPool(), MinVersion: tls.VersionTLS12},
		}}
	})
	return s.client
}

// dial connects through the network only to those who need it.
func (s *Server) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, _, _ := net.SplitHostPort(addr); host == memoryHost || s.set.inMemory {
		return s.DialContext(ctx, network, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, addr)
}

// httpConns hands connections that speak HTTP to the HTTP server.
type httpConns struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newHTTPConns() *httpConns {
	return &httpConns{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *httpConns) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *httpConns) hand(c net.Conn) {
	select {
	case l.conns <- c:
	case <-l.closed:
		_ = c.Close()
	}
}

func (l *httpConns) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *httpConns) Addr() net.Addr { return memoryAddr{} }

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return memoryHost }
