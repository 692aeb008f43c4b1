package relay

import "net/netip"

// reserved are the ranges that no public server has, beyond those that package
// netip knows by name. IANA's registries of special-purpose addresses list them.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT; one cloud keeps its metadata here
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast

	netip.MustParsePrefix("::/96"),          // IPv4-compatible, deprecated
	netip.MustParsePrefix("64:ff9b::/96"),   // NAT64: an IPv4 address, perhaps a private one
	netip.MustParsePrefix("64:ff9b:1::/48"), // local NAT64
	netip.MustParsePrefix("100::/64"),       // discard
	netip.MustParsePrefix("2001::/23"),      // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"),  // documentation
	netip.MustParsePrefix("2002::/16"),      // 6to4: an IPv4 address, perhaps a private one
	netip.MustParsePrefix("3fff::/20"),      // documentation
	netip.MustParsePrefix("fec0::/10"),      // site-local, deprecated
}

// translated are the addresses of RFC 2765 (SIIT): an IPv4 address after ::ffff:0.
var translated = netip.MustParsePrefix("::ffff:0:0:0/96")

// isPublic reports whether an address can be that of a server on the internet: not
// loopback, private, link-local (where clouds keep their metadata), multicast or
// reserved. An IPv4 address inside an IPv6 one (::ffff:127.0.0.1, ::ffff:0:127.0.0.1) counts as itself.
func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if translated.Contains(a) {
		inside := a.As16()
		a, _ = netip.AddrFromSlice(inside[12:])
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
