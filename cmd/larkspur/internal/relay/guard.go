package relay

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
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
	name := strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return &privateError{host}
	}
	ip, err := netip.ParseAddr(name)
	if err == nil && !isPublic(ip) {
		return &privateError{host}
	}
	if err != nil && isNumeric(name) {
		return fmt.Errorf("%s is not a usual form of an IP address; write it like 192.0.2.1", host)
	}
	return nil
}

// isNumeric reports whether a name that is not an IP address ends like one, such as
// 127.1, 2130706433 and 0x7f.1. Proxies and resolvers may read it as a private
// address. No public name ends in a number.
func isNumeric(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
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
	if _, err := netip.ParseAddr(strings.TrimSuffix(strings.Trim(host, "[]"), ".")); err == nil {
		return nil
	}
	addresses, err := g.addresses(ctx, host)
	if err != nil {
		if proxied(host) && slices.Contains(discordHosts, hostKey(host)) {
			return nil // known to be public; need not resolve here
		}
		if proxied(host) { // the proxy may resolve it to anything
			return fmt.Errorf("look up %s: %w; if it resolves only at the proxy, set allow-private: true beside the url", host, err)
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

// environmentProxy is a variable for tests: the real one reads the environment once.
var environmentProxy = http.ProxyFromEnvironment

// proxied reports whether requests to a host go through the proxy of the environment.
func proxied(host string) bool {
	for _, scheme := range []string{"https", "http"} {
		proxy, err := environmentProxy(&http.Request{URL: &url.URL{Scheme: scheme, Host: host}})
		if err == nil && proxy != nil {
			return true
		}
	}
	return false
}
