package irc_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// A server is a chat server of a few lines over net.Pipe, for what a well-behaved
// server would not do.
type server struct {
	t *testing.T

	mu       sync.Mutex
	down     bool            // refuse connections
	token    string          // the token that is accepted; "" any
	silent   map[string]bool // channels whose JOIN is not answered
	banned   map[string]bool // channels whose JOIN is refused
	mods     map[string]bool // channels in which the client moderates
	mute     bool            // answer nothing, not even PING
	restless bool            // ask to reconnect after each login
	rule     int             // channels at once in which the client does not moderate; 0: any number
	stuck    chan struct{}   // if there is one, a PRIVMSG is answered once it is closed, and nothing read before
	conns    []*serverConn   // all there ever were
	dials    []time.Time
}

type serverConn struct {
	s    *server
	conn net.Conn
	mu   sync.Mutex
	nick string
	in   map[string]bool // guarded by server.mu
	got  []string        // lines, in order
	at   []time.Time
}

func newServer(t *testing.T) *server {
	return &server{t: t, silent: map[string]bool{}, banned: map[string]bool{}, mods: map[string]bool{}}
}

func (s *server) set(f func(s *server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (s *server) dial(context.Context, string, string) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials = append(s.dials, time.Now())
	if s.down {
		return nil, errors.New("connection refused")
	}
	ours, theirs := net.Pipe()
	c := &serverConn{s: s, conn: ours}
	s.conns = append(s.conns, c)
	go c.serve()
	return theirs, nil
}

// last returns the newest connection, of which there must be n by now.
func (s *server) last(n int) *serverConn {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) != n {
		s.t.Fatalf("got %d connections, want %d", len(s.conns), n)
	}
	return s.conns[n-1]
}

// all returns the connections there ever were.
func (s *server) all() []*serverConn {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conns)
}

// dialled returns when connections were attempted.
func (s *server) dialled() []time.Time {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.dials)
}

func (c *serverConn) serve() {
	in := bufio.NewScanner(c.conn)
	for in.Scan() {
		c.mu.Lock()
		c.got = append(c.got, in.Text())
		c.at = append(c.at, time.Now())
		c.mu.Unlock()
		c.s.mu.Lock()
		stuck := c.s.stuck
		c.s.mu.Unlock()
		if stuck != nil && strings.Contains(in.Text(), "PRIVMSG") {
			<-stuck
		}
		if !c.answer(in.Text()) {
			break
		}
	}
	_ = c.conn.Close()
	c.s.set(func(*server) { clear(c.in) })
}

// isOver reports whether a channel is one too many.
func (s *server) isOver(name string) bool {
	in := map[string]bool{}
	for _, c := range s.conns {
		for other := range c.in {
			in[other] = !s.mods[other]
		}
	}
	n := 0
	for other, counts := range in {
		if counts && other != name {
			n++
		}
	}
	return s.rule > 0 && !s.mods[name] && n >= s.rule
}

func (c *serverConn) answer(line string) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.s.mute {
		return true
	}
	var out strings.Builder
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case "CAP":
		fmt.Fprintf(&out, ":tmi.twitch.tv CAP * ACK %s\r\n", strings.TrimPrefix(rest, "REQ "))
	case "PASS":
		if c.s.token != "" && rest != "oauth:"+c.s.token {
			_, _ = c.conn.Write([]byte(":tmi.twitch.tv NOTICE * :Login authentication failed\r\n"))
			return false
		}
	case "NICK":
		c.nick = rest
		fmt.Fprintf(&out, ":tmi.twitch.tv 001 %s :Welcome, GLHF!\r\n:tmi.twitch.tv 376 %s :>\r\n", rest, rest)
		if c.s.restless {
			out.WriteString(":tmi.twitch.tv RECONNECT\r\n")
		}
	case "JOIN":
		for ch := range strings.SplitSeq(rest, ",") {
			name := strings.TrimPrefix(ch, "#")
			switch {
			case c.s.silent[name], c.s.isOver(name):
			case c.s.banned[name]:
				fmt.Fprintf(&out, "@msg-id=msg_banned :tmi.twitch.tv NOTICE %s :You are permanently banned from talking in %s.\r\n", ch, name)
			default:
				if c.in == nil {
					c.in = map[string]bool{}
				}
				c.in[name] = true
				fmt.Fprintf(&out, ":%s!%s@%s.tmi.twitch.tv JOIN %s\r\n", c.nick, c.nick, c.nick, ch)
				out.WriteString(c.userState(name, ""))
			}
		}
	case "PART":
		delete(c.in, strings.TrimPrefix(rest, "#"))
		fmt.Fprintf(&out, ":%s!%s@%s.tmi.twitch.tv PART %s\r\n", c.nick, c.nick, c.nick, rest)
	case "PING":
		fmt.Fprintf(&out, ":tmi.twitch.tv PONG tmi.twitch.tv %s\r\n", rest)
	default:
		if m, err := irc.Parse(line); err == nil && m.Command == "PRIVMSG" {
			out.WriteString(c.userState(m.Channel(), m.Tags.Get("client-nonce")))
		}
	}
	if out.Len() > 0 {
		_, _ = c.conn.Write([]byte(out.String()))
	}
	return true
}

func (c *serverConn) userState(channel, nonce string) string {
	mod := 0
	if c.s.mods[channel] {
		mod = 1
	}
	return fmt.Sprintf("@badges=;client-nonce=%s;display-name=Larkspur;mod=%d :tmi.twitch.tv USERSTATE #%s\r\n", nonce, mod, channel)
}

func (c *serverConn) send(lines ...string) {
	c.write(lines...)
	synctest.Wait()
}

// write is send without waiting for what follows from it.
func (c *serverConn) write(lines ...string) {
	_, _ = c.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

// lines returns what arrived and contains part, without tags.
func (c *serverConn) lines(part string) []string {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []string
	for _, line := range c.got {
		if strings.HasPrefix(line, "@") {
			_, line, _ = strings.Cut(line, " ")
		}
		if strings.Contains(line, part) {
			found = append(found, line)
		}
	}
	return found
}

// times returns when the lines that contain part arrived.
func (c *serverConn) times(part string) []time.Time {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []time.Time
	for i, line := range c.got {
		if strings.Contains(line, part) {
			found = append(found, c.at[i])
		}
	}
	return found
}

// states collects what OnState is told.
type states struct {
	mu   sync.Mutex
	list []irc.State
}

func (s *states) add(st irc.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, st)
}

// kinds returns the kinds told so far, with their channels, and forgets them.
func (s *states) take() []irc.State {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

func (s *states) text() string {
	var b strings.Builder
	for _, st := range s.take() {
		fmt.Fprintf(&b, "%s %s\n", st.Kind, st.Channel)
	}
	return b.String()
}

// options connect to the server as larkspur.
func (s *server) options(o irc.Options) irc.Options {
	o.Addr, o.Dial = "irc://chat.test:6667", s.dial
	if o.Login == "" {
		o.Login = "larkspur"
	}
	if o.Token == nil {
		o.Token = func(context.Context) (string, error) { return "secret", nil }
	}
	return o
}

// start runs a client until the test ends.
func start(t *testing.T, o irc.Options) *irc.Client {
	t.Helper()
	return run(t, irc.New(o))
}

func run(t *testing.T, c *irc.Client) *irc.Client {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got %v, want Run to end without an error", err)
		}
	})
	synctest.Wait()
	return c
}
