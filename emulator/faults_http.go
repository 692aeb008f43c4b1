package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A RequestFault makes HTTP requests of OAuth and Helix fail. It does not apply to
// the control API.
type RequestFault struct {
	Method string        // default: any
	Path   string        // beginning of the path, like "/helix/users"; default: all
	Status int           // answered, and nothing is done; 503 for example
	Lost   bool          // the request is executed, and the connection closed instead of an answer
	Delay  time.Duration // before anything else
	Times  int           // how many requests; default: 1
}

// FailRequests makes the next requests fail. Several faults may be pending; a
// request gets the first one that matches it. [Server.HealRequests] removes them.
func (s *Server) FailRequests(f RequestFault) {
	f.Times = max(f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// HealRequests removes all pending faults of [Server.FailRequests].
func (s *Server) HealRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault removes and returns the fault that matches a request.
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

// faulty applies faults to requests.
func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.fault(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		if retry.Sleep(r.Context(), f.Delay) != nil {
			return
		}
		switch {
		case f.Lost:
			next.ServeHTTP(&discardWriter{header: http.Header{}}, r)
			panic(http.ErrAbortHandler) // cuts the connection
		case f.Status != 0:
			answer(w, f.Status, map[string]any{"error": http.StatusText(f.Status), "status": f.Status, "message": "a fault of the emulator, on demand"})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// discardWriter discards an answer.
type discardWriter struct{ header http.Header }

func (d *discardWriter) Header() http.Header         { return d.header }
func (d *discardWriter) Write(b []byte) (int, error) { return len(b), nil }
func (d *discardWriter) WriteHeader(int)             {}
