// Package heat is the emulated server of the Heat extension (heat.j38.net): a WebSocket
// for each channel over which the clicks of its viewers are sent.
package heat

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	queued       = 256 // messages that may wait for a slow client; then it is disconnected
	writeTimeout = 10 * time.Second
)

// Server is an [http.Handler] for /channel/ID. A channel without the extension is
// answered with 404.
type Server struct {
	ctx context.Context //nolint:containedctx // ends with the emulator and with it all connections
	has func(broadcasterID string) bool

	mu      sync.Mutex
	off     map[string]bool             // guarded by mu; channels without the extension
	clients map[string]map[*client]bool // guarded by mu; by broadcaster ID
}

// A client is one connection.
type client struct {
	out  chan []byte
	slow context.CancelFunc
}

// New makes a Server whose connections end with ctx. Every channel for which has
// returns true uses the extension, until Disable is called.
func New(ctx context.Context, has func(broadcasterID string) bool) *Server {
	return &Server{ctx: ctx, has: has, off: map[string]bool{}, clients: map[string]map[*client]bool{}}
}

// ServeHTTP accepts a connection for a channel.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutPrefix(r.URL.Path, "/channel/")
	s.mu.Lock()
	ok = ok && !s.off[id] && s.has(id)
	s.mu.Unlock()
	if !ok {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // as the extension's server, which pages everywhere use
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	c := &client{out: make(chan []byte, queued), slow: cancel}
	if !s.add(id, c) {
		return
	}
	defer s.remove(id, c)
	c.serve(ctx, conn) //nolint:contextcheck // the connection ends with the server: its request knows nothing of that
}

// serve writes messages until the client goes or ctx ends. Messages of the client are
// read and ignored.
func (c *client) serve(ctx context.Context, conn *websocket.Conn) {
	gone := conn.CloseRead(ctx)
	for {
		select {
		case message := <-c.out:
			writing, cancel := context.WithTimeout(ctx, writeTimeout)
			err := conn.Write(writing, websocket.MessageText, message)
			cancel()
			if err != nil {
				return
			}
		case <-gone.Done():
			return
		}
	}
}

func (s *Server) add(id string, c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.off[id] {
		return false
	}
	if s.clients[id] == nil {
		s.clients[id] = map[*client]bool{}
	}
	s.clients[id][c] = true
	return true
}

func (s *Server) remove(id string, c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.clients[id], c); len(s.clients[id]) == 0 {
		delete(s.clients, id)
	}
}

// Enable lets a channel use the extension again.
func (s *Server) Enable(broadcasterID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.off, broadcasterID)
}

// Disable removes the extension from a channel and ends its connections.
func (s *Server) Disable(broadcasterID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off[broadcasterID] = true
	for c := range s.clients[broadcasterID] {
		c.slow()
	}
}

// Click sends a click to all clients of a channel. X and y are from 0 to 1. It returns
// how many clients there are.
func (s *Server) Click(broadcasterID, viewerID string, x, y float64) int {
	return s.send(broadcasterID, struct {
		Type string `json:"type"`
		ID   string `json:"id"`
		X    string `json:"x"`
		Y    string `json:"y"`
	}{"click", viewerID, coordinate(x), coordinate(y)})
}

// System sends a message of the extension itself.
func (s *Server) System(broadcasterID, text string) int {
	return s.send(broadcasterID, struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}{"system", text})
}

// Raw sends a message as it is, for tests of clients with messages they do not expect.
func (s *Server) Raw(broadcasterID string, message []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients[broadcasterID] {
		select {
		case c.out <- message:
		default:
			c.slow()
		}
	}
	return len(s.clients[broadcasterID])
}

func (s *Server) send(broadcasterID string, message any) int {
	encoded, err := json.Marshal(message)
	if err != nil { // strings only
		return 0
	}
	return s.Raw(broadcasterID, encoded)
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
