package emulator

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// Hosts are public host names of the server, such as "twitch.bots.example". Requests of
// browsers under other public names are refused, because of DNS rebinding.
func Hosts(names ...string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.hosts = append(s.hosts, auth.Hostname(name))
		}
	}
}

// mayBeRebound reports whether a request may come from a web page by DNS rebinding: the
// owner of a public name lets it resolve to this machine after their page is loaded, and
// the browser then treats the server as part of their site. Names without an owner, such as
// localhost, are safe, and so are programs that are no browser.
func (s *Server) mayBeRebound(r *http.Request) bool {
	isBrowser := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || strings.HasPrefix(r.UserAgent(), "Mozilla/")
	name := auth.Hostname(r.Host)
	return isBrowser && net.ParseIP(name) == nil && auth.IsPublic(name) && !slices.Contains(s.set.hosts, name)
}
