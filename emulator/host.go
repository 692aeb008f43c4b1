package emulator

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// Hosts are names that the server goes by and that the public DNS knows. Browsers are
// refused under such names otherwise: a page of a stranger could lead them here.
func Hosts(names ...string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.hosts = append(s.hosts, auth.Hostname(name))
		}
	}
}

// strange reports whether a web page may have lured a browser here: who owns a name can
// have it lead to this machine once their page is loaded (DNS rebinding), and then the
// browser takes the server for a part of their site. Names that nobody can own are no
// danger, and programs that are no browser cannot be lured.
func (s *Server) strange(r *http.Request) bool {
	isBrowser := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || strings.HasPrefix(r.UserAgent(), "Mozilla/")
	name := auth.Hostname(r.Host)
	return isBrowser && net.ParseIP(name) == nil && auth.IsPublic(name) && !slices.Contains(s.set.hosts, name)
}
