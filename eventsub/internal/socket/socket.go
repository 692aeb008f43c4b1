// Package socket is one EventSub connection: a [connection.Machine] and the
// WebSockets it asks for.
//
// A [Socket] has no loop of its own. Its owner receives what happens from one
// channel, hands each [Event] to [Socket.Take], and calls [Socket.Tick] when
// [Socket.Deadline] has come, so that one goroutine can own several sockets and
// all that depends on them without locks.
//
// A Socket subscribes nothing: its [Handler] is told the session's id and makes
// subscriptions there, or assigns a conduit's shard to it.
package socket

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// Options configure a Socket. All fields are required.
type Options struct {
	URL        string
	Keepalive  time.Duration // that Twitch is asked for, in whole seconds
	HTTPClient *http.Client
	Logger     *slog.Logger
	Random     func() float64 // jitter of waits, in [0, 1)

	// CloseError makes the error for a close frame.
	CloseError func(code int, reason string) error
}

// A Handler is what a Socket works for. Its methods are called within
// [Socket.Take], [Socket.Tick] and [Socket.Want], from the owner's goroutine.
type Handler interface {
	// Connecting tells of a dial of a fresh connection, before it is made.
	Connecting(ctx context.Context)
	// Session tells that subscriptions can be made with the last of ids. Fresh says
	// that there is none yet; else those made under the other ids live on.
	Session(ctx context.Context, ids []string, fresh bool)
	// Lost tells that the session is gone and its subscriptions with it.
	Lost(ctx context.Context, loss connection.Loss)
	// Gap tells that the session was without a connection and lives on.
	Gap(ctx context.Context, loss connection.Loss, to time.Time) error
	// Notification hands a notification over. Late is set if it is older than ten
	// minutes by Twitch's clock.
	Notification(ctx context.Context, m *wire.Message, late bool) error
	// Revocation tells that Twitch has ended a subscription.
	Revocation(ctx context.Context, m *wire.Message)
	// Waiting tells that there is no connection, and when one is dialled again.
	Waiting(ctx context.Context, w connection.Waiting)
	// Refused tells that a reconnect address was not Twitch's.
	Refused(ctx context.Context, session string)
	// Unknown tells of a frame that is not understood. Kind is "" if it is not a
	// message at all.
	Unknown(ctx context.Context, kind string, frame []byte)
}

// A Socket is one connection. It is not safe for concurrent use.
type Socket struct {
	o       Options
	handler Handler
	events  chan<- Event
	machine *connection.Machine
	links   map[int]context.CancelFunc
	readers sync.WaitGroup
	opened  int
}

// New returns a Socket that sends what happens to events, whose receiver hands it to
// the Socket that [Event.Socket] names.
func New(o Options, handler Handler, events chan<- Event) *Socket {
	return &Socket{
		o: o, handler: handler, events: events,
		machine: connection.New(withKeepalive(o.URL, o.Keepalive), o.Keepalive, o.Random),
		links:   map[int]context.CancelFunc{},
	}
}

func withKeepalive(address string, keepalive time.Duration) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // the dial says what is wrong
	}
	q := u.Query()
	q.Set("keepalive_timeout_seconds", strconv.Itoa(int(keepalive/time.Second)))
	u.RawQuery = q.Encode()
	return u.String()
}

// Want says whether a connection is needed. Without one, the Socket closes what it
// has, and its Handler hears nothing more of that. Connections end with ctx.
func (s *Socket) Want(ctx context.Context, needed bool) error {
	return s.apply(ctx, s.machine.Step(connection.Want{Needed: needed}, time.Now()), nil)
}

// Tick has to be called when [Socket.Deadline] has come.
func (s *Socket) Tick(ctx context.Context) error {
	return s.apply(ctx, s.machine.Step(connection.Tick{}, time.Now()), nil)
}

// Deadline is when to call Tick at the latest; zero: never.
func (s *Socket) Deadline() time.Time { return s.machine.Deadline() }

// Skew is how far the local clock is ahead of Twitch's.
func (s *Socket) Skew() time.Duration { return s.machine.Skew() }

// Connections is how many WebSockets were opened so far.
func (s *Socket) Connections() int { return s.opened }

// Wait returns when all goroutines of the Socket have ended, which they do soon
// after the contexts of its calls.
func (s *Socket) Wait() { s.readers.Wait() }

// Take handles an event. It returns what the Handler returned, if that is an error.
func (s *Socket) Take(ctx context.Context, e Event) error {
	switch e.input.(type) {
	case nil:
		s.handler.Unknown(ctx, e.message.Kind, e.frame)
		return nil
	case connection.Opened:
		s.opened++
	}
	return s.apply(ctx, s.machine.Step(e.input, time.Now()), e.message)
}

// apply carries out what the machine answered; message is what it was fed with.
func (s *Socket) apply(ctx context.Context, outputs []connection.Output, message *wire.Message) error {
	for _, out := range outputs {
		var err error
		switch out := out.(type) {
		case connection.Dial:
			if !out.Handover {
				s.handler.Connecting(ctx)
			}
			linkCtx, cancel := context.WithCancel(ctx)
			s.links[out.Link] = cancel
			s.readers.Go(func() { s.read(linkCtx, out.Link, out.URL) })
		case connection.Drop:
			if cancel, ok := s.links[out.Link]; ok {
				cancel()
				delete(s.links, out.Link)
			}
		case connection.Session:
			s.handler.Session(ctx, out.IDs, out.Fresh)
		case connection.Lost:
			s.handler.Lost(ctx, out.Loss)
		case connection.Gap:
			err = s.handler.Gap(ctx, out.Loss, out.To)
		case connection.Deliver:
			err = s.handler.Notification(ctx, message, out.Late)
		case connection.Revoke:
			s.handler.Revocation(ctx, message)
		case connection.Waiting:
			s.handler.Waiting(ctx, out)
		case connection.Refused:
			s.handler.Refused(ctx, out.Session)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
