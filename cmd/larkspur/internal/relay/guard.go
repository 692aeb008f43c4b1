package relay

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// A privateError says that a relay leads to an address that is not public.
type privateError struct{ host string }

func (e *privateError) Error() string {
	return e.host + " is a private address; set allow-private: true beside the url if that is intended"
}

// A guard keeps relays away from the machine itself and its local network, where a
// mistaken or malicious address could reach what trusts its neighbours: routers,
// databases, the metadata service of a cloud.
type guard struct {
	allowPrivate bool
	lookup       func(ctx context.Context, host string) ([]netip.Addr, error) // default: the system's resolver
}

// control is a [net.Dialer]'s: it sees the address that is about to be connected to,
// after the name was resolved, so a name that resolves differently the second time
// changes nothing.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	if g.allowPrivate {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	if !isPublic(to.Addr()) {
		return &privateError{to.Addr().String()}
	}
	return nil
}

// literal refuses a host that is private as it is written, without looking it up.
func (g guard) literal(host string) error {
	if g.allowPrivate {
		return nil
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return &privateError{host}
	}
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && !isPublic(ip) {
		return &privateError{host}
	}
	return nil
}

// resolve refuses a host if one of its addresses is private. It serves senders whose
// connections are made by others: a library, or an HTTP proxy.
func (g guard) resolve(ctx context.Context, host string) error {
	if g.allowPrivate {
		return nil
	}
	if err := g.literal(host); err != nil {
		return err
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return nil
	}
	addresses, err := g.addresses(ctx, host)
	if err != nil {
		if proxied(host) {
			return nil // behind a proxy, public names often resolve only there
		}
		return fmt.Errorf("look up %s: %w", host, err)
	}
	for _, a := range addresses {
		if !isPublic(a) {
			return &privateError{fmt.Sprintf("%s (%s)", host, a.Unmap())}
		}
	}
	return nil
}

// addresses looks up a host.
func (g guard) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if g.lookup != nil {
		return g.lookup(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// proxied reports whether requests to a host go through the proxy of the environment.
func proxied(host string) bool {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: host}})
	return err == nil && proxy != nil
}
