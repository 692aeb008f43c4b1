package emulator

import (
	"net/http"
	"strings"
	"time"
)

// A RequestFault is what goes wrong with HTTP requests, OAuth's and Helix's.
// The control requests are spared.
type RequestFault struct {
	Method string        // default: any
	Path   string        // beginning of the path, like "/helix/users"; default: all
	Status int           // answered instead of doing anything, like 503
	Lost   bool          // the request is done, and its answer is lost with the connection
	Delay  time.Duration // before anything else
	Times  int           // how many requests; default: 1
}

// FailRequests has coming requests fail. Several faults may wait; the first
// that fits a request is taken. [Server.HealRequests] ends them.
func (s *Server) FailRequests(f RequestFault) {
	f.Times = max(f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// HealRequests takes back all faults of [Server.FailRequests].
func (s *Server) HealRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault takes the fault that a request meets.
func (s *Server) fault(r *http.Request) (RequestFault, bool) {
	if strings.HasPrefix(r.URL.Path, "/larkspur/") {
		return RequestFault{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := &s.faults[i]
		if (f.Method != "" && f.Method != r.Method) || !strings.HasPrefix(r.URL.Path, f.Path) {
			continue
		}
		taken := *f
		if f.Times--; f.Times == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return taken, true
	}
	return RequestFault{}, false
}

// faulty serves requests with their faults.
func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.fault(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
			return
		}
		switch {
		case f.Lost:
			next.ServeHTTP(&unheard{header: http.Header{}}, r)
			panic(http.ErrAbortHandler) // cuts the connection
		case f.Status != 0:
			answer(w, f.Status, map[string]any{"error": http.StatusText(f.Status), "status": f.Status, "message": "a fault of the emulator, on demand"})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// unheard takes an answer that nobody gets.
type unheard struct{ header http.Header }

func (u *unheard) Header() http.Header         { return u.header }
func (u *unheard) Write(b []byte) (int, error) { return len(b), nil }
func (u *unheard) WriteHeader(int)             {}
