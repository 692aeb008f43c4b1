// Package chat is the emulated Twitch chat over IRC.
//
//	s := chat.New(chat.Config{World: w, Auth: lookup})
//	defer s.Close()
//	mux.Handle("/", s)          // IRC over WebSocket
//	go s.ServeConn(ctx, conn)   // IRC over TCP
//
// It speaks as Twitch does to a client that it has never met: capabilities,
// logins with a token or as justinfan, JOIN and PART, PRIVMSG with replies and
// nonces, and from the facts of the world everything that Twitch sends by
// itself. Rules over messages (bans, modes, pace) are the world's; this package
// knows the rules over connections.
//
// Lines for one connection are in the order of the facts.
// A connection whose client does not read is dropped once thousands of lines
// wait for it; it never holds up the others. Replayed lines ([world.RawLine])
// are the exception: they wait for every client that still takes lines, so that
// a replay at full speed loses nothing, and a client that takes none for ten
// seconds is dropped.
package chat

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/link"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// Config says what a Server works with. World and Auth are required.
type Config struct {
	World *world.World
	// Auth says what a token stands for: Lookup of an [auth.Server].
	Auth func(token string) (auth.Grant, bool)
	// NoLimits lifts the limits on JOIN and on logins.
	NoLimits bool
	// Strict refuses a NICK that is not the login of the token.
	Strict bool
	// EventSubRooms returns the ids of the broadcasters in whose chats a user is by EventSub;
	// they count with those of IRC. Default: none.
	EventSubRooms func(userID string) []string
	Logger        *slog.Logger // default: discard
}

// A Server serves chat to any number of connections.
type Server struct {
	world    *world.World
	auth     func(token string) (auth.Grant, bool)
	noLimits bool
	strict   bool
	others   func(userID string) []string
	log      *slog.Logger

	unsubscribe func()
	scratch     []byte // of deliver, which the world calls for one fact at a time
	serving     sync.WaitGroup
	ctx         context.Context    //nolint:containedctx // ends with the server, bounds half-open connections
	stop        context.CancelFunc // ends ctx
	refusals    refusals
	weather     atomic.Pointer[weather] // nil: fair

	entering sync.Mutex // held while it is decided whether a user may be in one more channel; taken before mu

	mu       sync.RWMutex
	closed   bool                // guarded by mu
	entered  uint64              // guarded by mu; clients that there were
	clients  map[*client]bool    // guarded by mu
	rooms    map[string]*room    // guarded by mu; by broadcaster id
	accounts map[string]*account // guarded by mu; by user id

	// posting is held while a message of a connection goes through the world,
	// and poster says which one: its own connection must not get it back.
	posting sync.Mutex
	poster  atomic.Pointer[post]
}

// A room is the connections that joined a channel.
type room struct{ members map[*client]bool }

// New returns a Server that follows the world from now on.
func New(cfg Config) *Server {
	cfg.Logger = quiet.Or(cfg.Logger)
	if cfg.EventSubRooms == nil {
		cfg.EventSubRooms = func(string) []string { return nil }
	}
	s := &Server{
		world: cfg.World, auth: cfg.Auth, noLimits: cfg.NoLimits, strict: cfg.Strict, others: cfg.EventSubRooms, log: cfg.Logger,
		clients: map[*client]bool{}, rooms: map[string]*room{}, accounts: map[string]*account{},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.unsubscribe = cfg.World.Subscribe(s.deliver)
	return s
}

// Close drops all connections and returns when nothing runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for _, c := range s.all() { // before unsubscribe, which waits for a replay that waits for a client
		c.cancel(errShutdown)
	}
	s.unsubscribe()
	s.stop()
	s.serving.Wait()
}

// ServeConn serves IRC on a stream until either side ends it, and closes it.
func (s *Server) ServeConn(ctx context.Context, conn net.Conn) {
	l := link.New(conn)
	s.serve(ctx, newTCP(l), l)
}

// ServeHTTP serves IRC over a WebSocket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hijacked := &linking{ResponseWriter: w}
	conn, err := websocket.Accept(hijacked, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // browsers of any origin may connect, as at Twitch
		Subprotocols:       []string{"irc"},
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		s.log.DebugContext(r.Context(), "irc handshake refused", "error", err)
		return
	}
	// The request's context ends with a hijacked connection only when its
	// server is closed; the values of it are all that is needed.
	s.serve(context.WithoutCancel(r.Context()), newWS(conn), hijacked.link)
}

// Connections returns how many clients are connected.
func (s *Server) Connections() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.clients)
}

func (s *Server) all() []*client {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*client, 0, len(s.clients))
	for c := range s.clients {
		all = append(all, c)
	}
	return all
}

// enter counts a client in. It reports false when the server is closed.
func (s *Server) enter(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.entered++
	c.number = s.entered
	s.clients[c] = true
	s.serving.Add(1)
	return true
}

// exit is the end of a client that was counted in.
func (s *Server) exit(c *client) {
	s.mu.Lock()
	var joined []string
	for id, r := range s.rooms {
		if r.members[c] {
			delete(r.members, c)
			joined = append(joined, id)
		}
	}
	delete(s.clients, c)
	s.mu.Unlock()
	if !c.anonymous {
		for _, id := range joined {
			s.world.LeaveChat(id, c.user.ID)
		}
	}
	s.serving.Done()
}
