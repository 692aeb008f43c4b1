// Package auth is the emulator's id.twitch.tv: it issues, validates and revokes
// tokens.
//
// The other servers look tokens up with [Server.Lookup].
package auth

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A Client is an application that is registered with Twitch.
type Client struct {
	ID           string
	Secret       string   // "" for a public client
	Name         string   // shown on the consent page
	RedirectURIs []string // that are registered; empty: any is accepted
}

// Options configure a Server. The zero value is usable.
type Options struct {
	Clients       []Client      // who may ask for tokens
	UserTokenLife time.Duration // default: 4 hours
	AppTokenLife  time.Duration // default: 60 days
	DevicePoll    time.Duration // the interval between two polls of a device, in whole seconds; default: 5 seconds
	ApproveAs     string        // login that approves every authorization without asking; "" asks
	Logger        *slog.Logger  // default: discard
}

// A Grant is what an access token allows.
type Grant struct {
	ClientID  string
	UserID    string // "" of an app token
	Login     string
	Scopes    []string // must not be changed
	ExpiresAt time.Time

	openID openID // what was asked for with a login
}

// IsApp reports whether the grant is of an app token.
func (g Grant) IsApp() bool { return g.UserID == "" }

// Server is the authorization server. It is an [http.Handler] for /oauth2/ and /activate.
type Server struct {
	world *world.World
	opts  Options
	log   *slog.Logger
	mux   *http.ServeMux

	sentences map[string]string // what the scopes that Twitch knows allow
	signer    signer

	mu      sync.Mutex // guards what follows; the world is not called while it is held
	clients map[string]Client
	access  map[string]*access
	refresh map[string]*refresh
	codes   map[string]code
	devices map[string]*device // by device code
	granted map[consentKey][]string
	swept   time.Time // when expired entries were removed
	revoked func(tokens []string)
}

type access struct {
	grant   Grant
	refresh *refresh // nil of what cannot be renewed
}

type refresh struct {
	token  string
	grant  Grant // without ExpiresAt
	made   time.Time
	issued []string // access tokens
}

type code struct {
	grant    Grant
	redirect string
	expires  time.Time
}

type device struct {
	code, userCode string
	grant          Grant // UserID is set when a user approved
	denied         bool
	expires        time.Time
}

type consentKey struct{ clientID, userID string }

// New makes a Server over a world.
func New(w *world.World, o Options) *Server {
	if o.UserTokenLife == 0 {
		o.UserTokenLife = 4 * time.Hour
	}
	if o.AppTokenLife == 0 {
		o.AppTokenLife = 60 * 24 * time.Hour
	}
	o.Logger = quiet.Or(o.Logger)
	s := &Server{
		world:     w,
		opts:      o,
		log:       o.Logger,
		sentences: sentences(),
		clients:   map[string]Client{},
		access:    map[string]*access{},
		refresh:   map[string]*refresh{},
		codes:     map[string]code{},
		devices:   map[string]*device{},
		granted:   map[consentKey][]string{},
	}
	for _, c := range o.Clients {
		s.clients[c.ID] = c
	}
	s.mux = s.routes()
	return s
}

// ServeHTTP answers /oauth2/authorize, logout, token, device, validate, revoke,
// userinfo, keys, the discovery document, and /activate.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Lookup returns the grant of an access token. It is false for a token that was never
// issued, has expired or was revoked.
func (s *Server) Lookup(token string) (Grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.access[token]
	if a == nil || !time.Now().Before(a.grant.ExpiresAt) {
		return Grant{}, false
	}
	return a.grant, true
}

// Client returns a registered client.
func (s *Server) Client(id string) (Client, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.clients[id]
	return c, ok
}

// Consent returns the scopes a user has granted to a client and not taken
// back: what an app token may act with.
func (s *Server) Consent(clientID, userID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.granted[consentKey{clientID, userID}]
}

// OnRevoked sets the function that is called with revoked access tokens, not with expired
// ones. Set it before the server is used.
func (s *Server) OnRevoked(f func(tokens []string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = f
}

// tell passes on which tokens were taken back. The caller does not hold mu.
func (s *Server) tell(tokens ...string) {
	s.mu.Lock()
	f := s.revoked
	s.mu.Unlock()
	if f != nil && len(tokens) > 0 {
		f(tokens)
	}
}
