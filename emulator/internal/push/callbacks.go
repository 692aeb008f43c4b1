package push

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errRemote says that a callback is not on this machine.
var errRemote = errors.New("the emulator calls webhooks on this machine only, unless it is started with --remote-webhooks")

// newCaller returns the client that calls webhooks. It follows no redirects. Unless remote
// is set it connects to loopback addresses only, whatever a name resolves to: a test
// sends nothing to other machines, and no client can reach a private network through it.
func newCaller(remote bool) *http.Client {
	dialer := &net.Dialer{Timeout: hookTimeout}
	transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute}
	if remote {
		transport.Proxy = http.ProxyFromEnvironment
	} else {
		dialer.Control = loopbackOnly
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// loopbackOnly is the Control of a dialer: it sees the address after the name was resolved.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err == nil && to.Addr().Unmap().IsLoopback() {
		return nil
	}
	return errRemote
}
