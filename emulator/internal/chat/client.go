package chat

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/link"
	"github.com/larkspur-dev/larkspur/emulator/internal/outbox"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A capability is one of the three extensions that clients may ask for.
type capability uint32

const (
	capTags capability = 1 << iota
	capCommands
	capMembership
)

// Times of a connection.
const (
	// loginTimeout is how long a connection may stay without logging in.
	loginTimeout = time.Minute
	// pingEvery is how often the server asks whether the client is there.
	pingEvery = 5 * time.Minute
	// pongTimeout is how long it waits for the answer.
	pongTimeout = 30 * time.Second
)

var (
	errSilent  = errors.New("no answer to ping")
	errNoLogin = errors.New("no login in time")
)

// A client is one connection. Its fields without a comment belong to the
// goroutine that reads.
type client struct {
	server *Server
	number uint64 // of the client, in the order of connecting
	at     time.Time
	t      transport
	link   *link.Conn // under t
	out    *outbox.Queue
	cancel context.CancelCauseFunc // cuts the connection; safe anywhere

	// Faults.
	muted    atomic.Bool   // sends nothing
	pingless atomic.Bool   // no PING and PONG either
	pause    atomic.Int64  // nanoseconds before each line
	lines    atomic.Uint64 // that a disturbance decided about

	caps    atomic.Uint32 // of capability
	waiting atomic.Bool   // a PING is not answered yet
	pulse   *time.Timer   // asks with PING, or gives up

	mu     sync.Mutex
	ending *time.Timer // guarded by mu: ends the connection after a RECONNECT

	// user, anonymous and token are set before registered, and do not change after.
	registered atomic.Bool
	user       world.User // only ID and Login matter; ID is "" when anonymous
	anonymous  bool
	token      string // that the client logged in with

	pass   string
	grant  auth.Grant
	joins  window // of an anonymous client; others share their account's
	closed bool   // no more input is taken
}

func (s *Server) serve(ctx context.Context, t transport, l *link.Conn) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c := &client{server: s, at: time.Now().UTC(), t: t, link: l, out: outbox.New(), cancel: cancel}
	if !s.enter(c) {
		t.abort()
		return
	}
	defer s.exit(c)

	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { // a cancelled context ends whatever waits in t
		<-ctx.Done()
		t.abort()
	})
	c.pulse = time.AfterFunc(loginTimeout, c.beat)
	defer c.pulse.Stop()
	defer c.endIn(0)

	running.Go(func() {
		defer cancel(nil)
		if err := c.write(ctx); err != nil {
			s.log.DebugContext(ctx, "irc write ended", "login", c.name(), "error", err)
		}
	})
	err := c.read(ctx)
	c.out.Close() // queued lines are still sent: a NOTICE gives the reason of a failed login
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	s.log.DebugContext(ctx, "irc connection ended", "login", c.name(), "error", err)
}

func (c *client) read(ctx context.Context) error {
	for !c.closed {
		text, err := c.t.read(ctx)
		if err != nil {
			return err
		}
		if l, ok := parseLine(text); ok {
			c.handle(ctx, l)
		}
	}
	return nil
}

func (c *client) write(ctx context.Context) error {
	var lines [][]byte
	for {
		var ok bool
		if lines, ok = c.out.Take(ctx, lines); !ok {
			if ctx.Err() == nil {
				c.leave()
			}
			return nil
		}
		if err := c.writeAll(ctx, lines); err != nil {
			return err
		}
	}
}

// leave ends the connection after what was written. A client that is cut off does not
// learn of it.
func (c *client) leave() {
	if c.link.Dead() {
		c.t.abort()
		return
	}
	c.t.close()
}

// writeAll writes lines as far as the faults of the connection let it.
func (c *client) writeAll(ctx context.Context, lines [][]byte) error {
	if c.muted.Load() {
		lines = slices.DeleteFunc(slices.Clone(lines), func(b []byte) bool { return c.pingless.Load() || !isPing(b) })
	}
	pause := time.Duration(c.pause.Load())
	if pause == 0 {
		if len(lines) == 0 {
			return nil
		}
		return c.t.write(ctx, lines)
	}
	for i := range lines {
		if err := retry.Sleep(ctx, pause); err != nil {
			return err
		}
		if err := c.t.write(ctx, lines[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// isPing reports whether a line is a PING of the server or its answer to one.
func isPing(b []byte) bool {
	return bytes.HasPrefix(b, []byte("PING ")) || bytes.HasPrefix(b, []byte("PONG ")) || bytes.HasPrefix(b, []byte(":"+host+" PONG "))
}

// has reports whether the client asked for a capability; none is always there.
func (c *client) has(need capability) bool { return capability(c.caps.Load())&need == need }

// send queues a message, in the shape the client asked for, if it asked for
// messages of that kind. A client that does not read is dropped. It never blocks.
func (c *client) send(m *message, need capability) {
	if !c.has(need) {
		return
	}
	c.check(c.out.Add(m.bytes(c.has(capTags))))
}

// sendSlowly is send for replays: it waits for a client that is behind.
func (c *client) sendSlowly(m *message) {
	c.check(c.out.AddSlowly(m.bytes(c.has(capTags))))
}

func (c *client) check(err error) {
	if errors.Is(err, outbox.ErrOverflow) {
		c.cancel(err)
	}
}

// reply queues a line without tags.
func (c *client) reply(body string) { c.send(newMessage(nil, body), 0) }

// fail sends the reason of a refused login and ends the connection.
func (c *client) fail(reason string) {
	c.reply(":" + host + " NOTICE * :" + reason)
	c.closed = true
}

// beat runs when the client was not heard of for a while.
func (c *client) beat() {
	switch {
	case !c.registered.Load():
		c.cancel(errNoLogin)
	case c.muted.Load() && c.pingless.Load():
		c.pulse.Reset(pingEvery)
	case c.waiting.Swap(true):
		c.cancel(errSilent)
	default:
		c.reply("PING :" + host)
		c.pulse.Reset(pongTimeout)
	}
}

// pong is the answer to a PING of the server.
func (c *client) pong() {
	if c.waiting.Swap(false) {
		c.pulse.Reset(pingEvery)
	}
}

// endIn ends the connection after a while; 0 takes that back.
func (c *client) endIn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending != nil {
		c.ending.Stop()
	}
	if d > 0 {
		c.ending = time.AfterFunc(d, func() { c.out.Close() })
	}
}

// name is the login for prefixes and logs, "*" before there is one.
func (c *client) name() string {
	if c.registered.Load() {
		return c.user.Login
	}
	return "*"
}
