package auth

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// lured reports whether a page somewhere on the web may have sent the browser, to get
// what a consent brings: it must not go there unless a person at the browser says so.
// An address that is registered is the developer's own.
func lured(r *http.Request, req request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	elsewhere := site == "cross-site" || site == "same-site"
	target, err := url.Parse(req.RedirectURI)
	return elsewhere && len(req.Client.RedirectURIs) == 0 && (err != nil || IsPublic(target.Host))
}

// ownedByNobody are the ends of names that the public DNS does not have, and Twitch's,
// which people who test lead to the emulator.
var ownedByNobody = []string{".localhost", ".test", ".internal", ".local", ".twitch.tv"}

// IsPublic reports whether somebody on the web may own a host: it is no address of this
// machine or its network, and no name without a dot.
func IsPublic(host string) bool {
	name := Hostname(host)
	if ip := net.ParseIP(name); ip != nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() && !ip.IsUnspecified()
	}
	if !strings.Contains(name, ".") {
		return false
	}
	return !slices.ContainsFunc(ownedByNobody, func(end string) bool { return strings.HasSuffix(name, end) })
}

// Hostname returns a host without its port, in lower case.
func Hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
