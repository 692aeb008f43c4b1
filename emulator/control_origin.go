package emulator

import (
	"net/http"
	"net/url"
	"strings"
)

// ownPagesOnly refuses requests that a web page of another origin has sent, whatever their
// method and content type: the control API gives tokens without a login, and a page
// must not use the browser of the person who runs the emulator. Programs send neither
// Origin nor Referer.
func ownPagesOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isForeign(r) {
			answer(w, http.StatusForbidden, map[string]string{"error": "pages of other origins may not use the control API"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isForeign reports whether a page of another origin sent a request.
func isForeign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	for _, name := range []string{"Origin", "Referer"} {
		for _, value := range r.Header.Values(name) {
			from, err := url.Parse(value) // "null" has no host
			if err != nil || !strings.EqualFold(from.Host, r.Host) {
				return true
			}
		}
	}
	return false
}
