package emulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/api"
	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/heat"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// A Server is one emulated Twitch.
type Server struct {
	set   settings
	log   *slog.Logger
	world *world.World
	auth  *auth.Server
	api   *api.Server
	chat  *chat.Server
	push  *push.Server
	heat  *heat.Server
	watch *watcher
	err   error // of the options

	cert       certificate
	clientOnce sync.Once
	client     *http.Client
	http       *http.Server
	conns      *httpConns

	ctx    context.Context //nolint:containedctx // ends with the server, bounds its connections
	cancel context.CancelFunc
	wg     sync.WaitGroup // every goroutine of the server and every request

	mu        sync.Mutex // guards what follows
	closed    bool
	open      map[net.Conn]bool
	listeners []net.Listener
	addr      string // of the first listener
	faults    []RequestFault
}

// New makes a server. It can be used at once through [Server.DialContext];
// [Server.Listen] opens a port. A mistake in the options is returned by
// [Server.Err] and by Listen.
func New(opts ...Option) *Server {
	s := &Server{set: defaults(), conns: newHTTPConns(), open: map[net.Conn]bool{}}
	for _, o := range opts {
		o(&s.set)
	}
	s.log = quiet.Or(s.set.log)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.world = world.New(s.set.world)
	s.heat = heat.New(s.ctx, func(id string) bool {
		_, ok := s.world.UserByID(id)
		return ok
	})
	s.set.auth.Clients = []auth.Client{s.set.client}
	s.set.auth.Logger = s.log
	s.auth = auth.New(s.world, s.set.auth)
	s.cert.certFile, s.cert.keyFile, s.cert.names = s.set.certFile, s.set.keyFile, s.set.hosts
	if s.set.certFile != "" {
		_, s.err = s.cert.get()
	}
	for _, f := range s.set.setUp {
		s.err = errors.Join(s.err, f(s))
	}
	s.watch = newWatcher(s.world)
	s.chat = chat.New(chat.Config{
		World: s.world, Auth: s.auth.Lookup, NoLimits: s.set.world.NoChatLimits, Strict: s.set.strict, Logger: s.log,
		EventSubRooms: func(userID string) []string { return s.push.Rooms(userID) },
	})
	s.auth.OnRevoked(func(tokens []string) { s.chat.Revoke(tokens...) })
	s.push = push.New(push.Config{
		World: s.world, Consent: s.auth.Consent, Logger: s.log, Client: s.set.webhooks, Remote: s.set.remote, Seed: s.set.world.Seed,
		ChatRooms: s.chat.Rooms, NoLimits: s.set.world.NoChatLimits,
	})
	s.api = api.New(api.Config{World: s.world, Auth: s.auth, EventSub: s.push, Points: s.set.rate, Strict: s.set.strict, Logger: s.log})
	s.http = &http.Server{
		Handler:     s.handler(),
		ConnContext: withConn,

		ReadHeaderTimeout: sniffTimeout,
		IdleTimeout:       time.Hour,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	s.wg.Go(func() { _ = s.http.Serve(s.conns) })
	return s
}

// Err returns what was wrong with the options, nil if nothing.
func (s *Server) Err() error {
	if s.err != nil {
		return fmt.Errorf("emulator: %w", s.err)
	}
	return nil
}

// Listen opens a TCP port and serves it until Close. The port of the first
// call is the one that [Server.URL] and its like tell. Port 0 takes a free one.
func (s *Server) Listen(addr string) error {
	if s.err != nil {
		return s.Err()
	}
	var lc net.ListenConfig
	l, err := lc.Listen(s.ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = l.Close()
		return fmt.Errorf("emulator: %w", net.ErrClosed)
	}
	s.listeners = append(s.listeners, l)
	if s.addr == "" {
		s.addr = l.Addr().String()
	}
	s.wg.Go(func() { s.accept(l) })
	return nil
}

// Run opens a TCP port, serves it until ctx ends, and closes the server.
func (s *Server) Run(ctx context.Context, addr string) error {
	defer s.Close()
	if err := s.Listen(addr); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func (s *Server) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				s.log.WarnContext(s.ctx, "accept", "error", err)
			}
			return
		}
		s.take(conn)
	}
}

// take serves a connection in a goroutine of its own. False after Close.
func (s *Server) take(conn net.Conn) bool {
	tracked := &tracked{Conn: conn, s: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = conn.Close()
		return false
	}
	s.open[tracked] = true
	s.wg.Go(func() { s.route(tracked) })
	return true
}

// tracked is a connection that Close can find.
type tracked struct {
	net.Conn
	s *Server
}

func (t *tracked) Close() error {
	t.s.mu.Lock()
	delete(t.s.open, t)
	t.s.mu.Unlock()
	return t.Conn.Close()
}

// route finds out what a connection speaks and hands it on.
func (s *Server) route(conn net.Conn) {
	p, first, err := sniff(conn)
	if err != nil {
		_ = conn.Close()
		return
	}
	if p == speaksTLS {
		config, err := s.cert.config()
		if err != nil {
			s.log.ErrorContext(s.ctx, "certificate", "error", err)
			_ = conn.Close()
			return
		}
		encrypted := tls.Server(first, config)
		if p, first, err = sniff(encrypted); err != nil || p == speaksTLS {
			_ = conn.Close()
			return
		}
		first.(*peeked).tls = encrypted
	}
	if p == speaksHTTP {
		s.conns.hand(first)
		return
	}
	s.chat.ServeConn(s.ctx, first)
}

// Close ends all connections and returns when no goroutine of the server is
// left. A second call does nothing.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	for _, l := range s.listeners {
		_ = l.Close()
	}
	s.mu.Unlock()

	s.cancel()
	s.chat.Close() // first: a replay may wait for its clients and hold up all facts
	s.push.Close()
	_ = s.http.Close()
	_ = s.conns.Close()
	for _, conn := range s.rest() {
		_ = conn.Close()
	}
	s.wg.Wait()
	s.clientOnce.Do(func() {})
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
	s.watch.close()
}

func (s *Server) rest() []net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]net.Conn, 0, len(s.open))
	for conn := range s.open {
		all = append(all, conn)
	}
	return all
}
