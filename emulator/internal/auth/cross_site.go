package auth

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// crossSite reports whether a page of another site may have sent the browser here, to have
// a code or a token sent to a public address: the user must confirm that. A registered
// address belongs to the developer and is always fine.
func crossSite(r *http.Request, req request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	elsewhere := site == "cross-site" || site == "same-site"
	target, err := url.Parse(req.RedirectURI)
	return elsewhere && len(req.Client.RedirectURIs) == 0 && (err != nil || IsPublic(target.Host))
}

// privateSuffixes are suffixes of names that the public DNS does not have, and Twitch's,
// which tests resolve to the emulator.
var privateSuffixes = []string{".localhost", ".test", ".internal", ".local", ".twitch.tv"}

// IsPublic reports whether a host may belong to a stranger on the internet: it is no address
// of this machine or its network, and no name without a dot.
func IsPublic(host string) bool {
	name := Hostname(host)
	if ip := net.ParseIP(name); ip != nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() && !ip.IsUnspecified()
	}
	if !strings.Contains(name, ".") {
		return false
	}
	return !slices.ContainsFunc(privateSuffixes, func(end string) bool { return strings.HasSuffix(name, end) })
}

// Hostname returns a host without its port, in lower case.
func Hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
