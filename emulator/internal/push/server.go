// Package push is the emulated EventSub: the WebSocket endpoint, webhooks,
// conduits, the subscriptions, and the events that come of the facts of the world.
//
//	s := push.New(push.Config{World: w})
//	defer s.Close()
//	mux.Handle("/ws", s)
//	sub, err := s.Create(grant, push.Request{Type: "channel.follow", …}) // Helix calls these
//
// It keeps Twitch's rules: ten seconds for the first subscription, nothing from
// the client but pongs, one user per session, costs, revocations, reconnects
// with a grace time. Events of one session are in the order in which the world
// told the facts. A session whose client does not read is closed once thousands
// of messages wait for it.
package push

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Config says what a Server works with. World is required.
type Config struct {
	World *world.World
	// Consent returns the scopes that a user granted to a client: Consent of an
	// auth.Server. A subscription to what a user consented to costs nothing.
	// Default: only the user of the token consented.
	Consent func(clientID, userID string) []string
	Logger  *slog.Logger // default: discard
	Client  *http.Client // calls webhooks; default: one that calls this machine only and follows no redirects
	Remote  bool         // the default Client may call other machines
	Seed    uint64       // of choices that are made at random
	// ChatRooms returns the ids of the broadcasters in whose chats a user is over IRC; they
	// count with those of EventSub. Default: none.
	ChatRooms func(userID string) []string
	NoLimits  bool // no limit on rooms of chat
}

// A Server serves EventSub.
type Server struct {
	world       *world.World
	consent     func(clientID, userID string) []string
	chatRooms   func(userID string) []string
	noLimits    bool
	log         *slog.Logger
	unsubscribe func()
	serving     sync.WaitGroup
	client      *http.Client
	ctx         context.Context //nolint:containedctx // ends with the server, bounds its webhooks
	cancel      context.CancelFunc

	mu         sync.RWMutex
	closed     bool                              // guarded by mu
	sessions   map[string]*session               // guarded by mu; connected ones, by id
	reconnects map[string]*session               // guarded by mu; sessions that got a reconnect message, by token
	subs       map[string]*subscription          // guarded by mu; all that are listed
	order      []*subscription                   // guarded by mu; the same, oldest first
	byType     map[eventsub.Type][]*subscription // guarded by mu; the enabled ones
	conduits   []*conduit                        // guarded by mu; oldest first
	connected  uint64                            // guarded by mu; sessions that there have been
	badShards  []ShardError                      // guarded by mu; answers to coming updates of shards
	speechless int                               // guarded by mu; coming sessions that get no welcome

	seed    uint64 // of choices that Twitch makes
	counts  counts
	weather atomic.Pointer[weather] // nil in fine weather
}

// New returns a Server that follows the world from now on.
func New(cfg Config) *Server {
	cfg.Logger = quiet.Or(cfg.Logger)
	if cfg.Consent == nil {
		cfg.Consent = func(string, string) []string { return nil }
	}
	if cfg.ChatRooms == nil {
		cfg.ChatRooms = func(string) []string { return nil }
	}
	s := &Server{
		world: cfg.World, consent: cfg.Consent, chatRooms: cfg.ChatRooms, noLimits: cfg.NoLimits, log: cfg.Logger, client: cfg.Client,
		sessions: map[string]*session{}, reconnects: map[string]*session{},
		subs: map[string]*subscription{}, byType: map[eventsub.Type][]*subscription{}, seed: cfg.Seed,
	}
	if s.client == nil {
		s.client = newCaller(cfg.Remote)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.unsubscribe = cfg.World.Subscribe(s.fact)
	return s
}

// Close drops all sessions and returns when nothing runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	for _, c := range s.conduits {
		c.spare()
	}
	for _, ss := range s.sessions {
		ss.cancel()
	}
	s.mu.Unlock()
	s.unsubscribe()
	s.cancel()
	s.serving.Wait()
	s.client.CloseIdleConnections()
}
