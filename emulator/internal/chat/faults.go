package chat

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"
)

// A Connection is a client as tests and operators see it.
type Connection struct {
	ID          string
	Login       string // "" before the login
	Anonymous   bool
	Channels    []string // logins, sorted
	ConnectedAt time.Time
}

// List returns the connections in the order of connecting.
func (s *Server) List() []Connection {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := s.chosen(nil)
	list := make([]Connection, len(all))
	for i, c := range all {
		list[i] = Connection{ID: c.id(), ConnectedAt: c.at, Channels: []string{}}
		if !c.registered.Load() {
			continue
		}
		list[i].Login, list[i].Anonymous = c.user.Login, c.anonymous
		for id, r := range s.rooms {
			if r.members[c] {
				u, _ := s.world.UserByID(id)
				list[i].Channels = append(list[i].Channels, u.Login)
			}
		}
		slices.Sort(list[i].Channels)
	}
	return list
}

// id names the connection. A login cannot look like this.
func (c *client) id() string { return "irc-" + strconv.FormatUint(c.number, 10) }

// chosen returns connections in the order of connecting: those with one of the ids or of
// the logins, all if there are none. The caller holds mu.
func (s *Server) chosen(which []string) []*client {
	all := make([]*client, 0, len(s.clients))
	for c := range s.clients {
		if len(which) == 0 || slices.Contains(which, c.id()) || (c.registered.Load() && slices.Contains(which, c.user.Login)) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *client) int { return cmp.Compare(a.number, b.number) })
	return all
}

// each calls do for the chosen connections and returns their number.
func (s *Server) each(which []string, do func(*client)) int {
	s.mu.RLock()
	all := s.chosen(which)
	if s.closed {
		all = nil
	}
	s.mu.RUnlock()
	for _, c := range all {
		do(c)
	}
	return len(all)
}

// Reconnect sends RECONNECT and ends the connections after grace. Like the other faults it
// applies to the connections with the ids or logins, to all if there are none, and
// returns their number.
func (s *Server) Reconnect(grace time.Duration, which ...string) int {
	m := newMessage(nil, ":"+host+" RECONNECT")
	return s.each(which, func(c *client) {
		c.send(m, capCommands)
		c.endIn(grace)
	})
}

// End closes connections. What was sent before still arrives.
func (s *Server) End(which ...string) int {
	return s.each(which, func(c *client) { c.out.Close() })
}

// Drop cuts connections without a word. What was not written yet is lost.
func (s *Server) Drop(which ...string) int {
	return s.each(which, func(c *client) { c.cancel(errDropped) })
}

// Tear cuts connections in the middle of the next line.
func (s *Server) Tear(which ...string) int {
	return s.each(which, func(c *client) { c.link.Tear() })
}

// Mute makes connections send nothing any more, except PING and PONG if pings is true.
// They do not end because a PING is not answered.
func (s *Server) Mute(pings bool, which ...string) int {
	return s.each(which, func(c *client) {
		c.pingless.Store(!pings)
		c.muted.Store(true)
	})
}

// HalfOpen lets connections stay open and lose what both sides write. The server gives
// the connection up when its PING is not answered; the client does not learn of it.
func (s *Server) HalfOpen(which ...string) int {
	return s.each(which, func(c *client) {
		drain := c.link.HalfOpen()
		s.serving.Go(func() { drain(s.ctx) })
	})
}

// Slow makes connections write so many lines in a second, one by one; 0 ends that.
func (s *Server) Slow(linesPerSecond int, which ...string) int {
	var pause time.Duration
	if linesPerSecond > 0 {
		pause = time.Second / time.Duration(linesPerSecond)
	}
	return s.each(which, func(c *client) { c.pause.Store(int64(pause)) })
}

var (
	errDropped  = errors.New("dropped on demand")
	errShutdown = errors.New("server is closed")
)
