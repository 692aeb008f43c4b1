// Package api is the emulated Helix. It routes requests with the endpoint table of package
// helix, checks them against it (tokens, scopes, parameters, roles, limits), and has one
// short handler for each endpoint.
package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// Config configures a Server. World and Auth are required.
type Config struct {
	World    *world.World
	Auth     *auth.Server
	EventSub *push.Server // nil: the endpoints of EventSub answer 501
	Points   int          // calls that a token has per minute; 0: no limits at all
	Strict   bool         // refuse what is not documented, see leniencies
	Logger   *slog.Logger // default: discard
}

// Server is an [http.Handler] for /helix/.
type Server struct {
	world    *world.World
	auth     *auth.Server
	eventsub *push.Server
	log      *slog.Logger
	limits   limits
	strict   bool
	routes   map[string]route // by method and path
}

// A route is an endpoint and its handler; nil if it is not emulated.
type route struct {
	endpoint *helix.Endpoint
	handle   handler
}

// A handler answers a call that has passed the checks of its endpoint. The
// answer is the body; nil is no body.
type handler func(c *call) (obj, error)

// obj is a JSON object.
type obj = map[string]any

// New makes a Server.
func New(cfg Config) *Server {
	cfg.Logger = quiet.Or(cfg.Logger)
	s := &Server{
		world: cfg.World, auth: cfg.Auth, eventsub: cfg.EventSub, log: cfg.Logger,
		limits: newLimits(cfg.Points), strict: cfg.Strict, routes: map[string]route{},
	}
	byID := map[string]handler{}
	for _, h := range handlers {
		byID[h.endpoint] = h.handle
	}
	for _, e := range helix.Endpoints() {
		s.routes[e.Method+" "+e.Path] = route{e, byID[e.ID]}
	}
	return s
}

// Implemented returns the ids of the endpoints that are answered.
func Implemented() []string {
	ids := make([]string, len(handlers))
	for i, h := range handlers {
		ids[i] = h.endpoint
	}
	return ids
}

// ServeHTTP serves one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if cors(w, r) {
		return
	}
	route, ok := s.routes[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/helix")]
	if !ok {
		refuse(w, http.StatusNotFound, "")
		return
	}
	c := &call{Server: s, endpoint: route.endpoint, query: r.URL.Query(), header: w.Header()}
	body, err := c.answer(r, route.handle)
	switch {
	case err != nil:
		s.refuse(w, r, route.endpoint, err)
	case c.calendar != "":
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		_, _ = w.Write([]byte(c.calendar))
	case body == nil:
		w.WriteHeader(route.endpoint.Success)
	default:
		write(w, route.endpoint.Success, body)
	}
}

// answer runs the checks and then the handler.
func (c *call) answer(r *http.Request, handle handler) (obj, error) {
	if err := c.authenticate(r); err != nil {
		return nil, err
	}
	if err := c.limits.take(c); err != nil {
		return nil, err
	}
	if handle == nil {
		return nil, notEmulated(c.endpoint)
	}
	if err := c.readBody(r); err != nil {
		return nil, err
	}
	if err := c.unwrap(); err != nil {
		return nil, err
	}
	c.beLenient()
	c.dropMisplaced()
	for _, check := range []func(*call) error{(*call).checkToken, (*call).checkParams, (*call).checkUser, (*call).checkRole} {
		if err := check(c); err != nil {
			return nil, err
		}
	}
	if err := c.limits.takeEndpoint(c); err != nil {
		return nil, err
	}
	return handle(c)
}

func notEmulated(e *helix.Endpoint) error {
	return &world.Error{
		Status:  http.StatusNotImplemented,
		Message: fmt.Sprintf("the emulator does not do %s (%s %s) yet", e.Name, e.Method, e.Path),
	}
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, e *helix.Endpoint, err error) {
	var refusal *world.Error
	if !errors.As(err, &refusal) {
		s.log.ErrorContext(r.Context(), "helix", "endpoint", e.ID, "error", err)
		refuse(w, http.StatusInternalServerError, "")
		return
	}
	s.log.DebugContext(r.Context(), "helix refused", "endpoint", e.ID, "error", refusal)
	refuse(w, refusal.Status, refusal.Message)
}

// refuse answers with an error in the form that all of Helix's errors have.
func refuse(w http.ResponseWriter, status int, message string) {
	write(w, status, struct {
		Error   string `json:"error"`
		Status  int    `json:"status"`
		Message string `json:"message"`
	}{http.StatusText(status), status, message})
}

func write(w http.ResponseWriter, status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encoded)
}
