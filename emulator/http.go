package emulator

import (
	"context"
	"net"
	"net/http"
	"strings"
)

type connKey struct{}

// withConn remembers the connection of a request: the HTTP server cannot see
// by itself that it is encrypted.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// handler returns the handler for everything that is served over HTTP.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/helix/", s.api)
	// The paths of Twitch's own mock server.
	mux.Handle("/mock/", moved("/mock", "/helix", s.api))
	mux.Handle("/auth/", moved("/auth", "/oauth2", s.auth))
	mux.Handle("/eventsub/subscriptions", moved("/eventsub", "/helix/eventsub", s.api))
	mux.Handle("/ws", s.push)
	mux.Handle("/oauth2/", s.auth)
	mux.Handle("/activate", s.auth)
	mux.Handle("/larkspur/", ownPagesOnly(s.control()))
	mux.Handle("/heat/", http.StripPrefix("/heat", s.heat))
	mux.HandleFunc("/{$}", s.root)
	all := s.faulty(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.mayBeRebound(r) {
			http.Error(w, "this host name is not one of the emulator; use the address that it listens on, or start it with --host NAME", http.StatusMisdirectedRequest)
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			http.Error(w, "closed", http.StatusServiceUnavailable)
			return
		}
		s.wg.Add(1)
		s.mu.Unlock()
		defer s.wg.Done()
		restoreAddress(r)
		defer timeBody(w, r)()
		all.ServeHTTP(w, r)
	})
}

const about = `Larkspur's emulator of Twitch.

  /helix/      Twitch's API
  /oauth2/     authorization
  /ws          EventSub over WebSocket
  /heat/       the Heat extension over WebSocket: /heat/channel/ID
  /            IRC over WebSocket; IRC over TCP on the same port
  /larkspur/   control: GET lists what there is
`

// moved serves the paths below from as those below to.
func moved(from, to string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		there := r.Clone(r.Context())
		there.URL.Path = to + strings.TrimPrefix(r.URL.Path, from)
		h.ServeHTTP(w, there)
	})
}

// root serves chat over WebSocket, and a text about the server to other requests.
func (s *Server) root(w http.ResponseWriter, r *http.Request) {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.chat.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(about))
}
