// Package socket implements one EventSub connection: a [connection.Machine] and its
// WebSockets.
//
// A [Socket] has no loop of its own. Its owner receives events from one channel, passes
// each [Event] to [Socket.Take], and calls [Socket.Tick] when [Socket.Deadline] has
// come. So one goroutine can own several sockets and their state without locks.
//
// A Socket creates no subscriptions: its [Handler] receives the session's id and creates
// subscriptions with it, or assigns a conduit's shard to it.
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
	Keepalive  time.Duration // requested from Twitch, in whole seconds
	HTTPClient *http.Client
	Logger     *slog.Logger
	Random     func() float64 // jitter of waits, in [0, 1)

	// CloseError returns the error for a close frame.
	CloseError func(code int, reason string) error
}

// A Handler receives what happens on a Socket. Its methods are called by
// [Socket.Take], [Socket.Tick] and [Socket.Want], on the owner's goroutine. They must not
// keep messages: their memory is used again.
type Handler interface {
	// Connecting is called before a fresh connection is dialled.
	Connecting(ctx context.Context)
	// Session is called when subscriptions can be created with the last of ids. Fresh
	// is set if the session has none yet; otherwise those created with the other ids
	// still exist.
	Session(ctx context.Context, ids []string, fresh bool)
	// Lost is called when the session has ended, and its subscriptions with it.
	Lost(ctx context.Context, loss connection.Loss)
	// Gap is called when the session had no connection for a while and continues.
	Gap(ctx context.Context, loss connection.Loss, to time.Time) error
	// Notification is called for each notification. Late is set if it is older than
	// ten minutes by Twitch's clock.
	Notification(ctx context.Context, m *wire.Message, late bool) error
	// Revocation is called when Twitch has ended a subscription.
	Revocation(ctx context.Context, m *wire.Message)
	// Waiting is called when there is no connection; w holds the time until the next
	// dial.
	Waiting(ctx context.Context, w connection.Waiting)
	// Refused is called for a reconnect address that is not one of Twitch's.
	Refused(ctx context.Context, session string)
	// Unknown is called for a frame that cannot be decoded, and may keep it. Kind is "" if it is not an
	// EventSub message.
	Unknown(ctx context.Context, kind string, frame []byte)
}

// messages holds memory for messages, which are used until Take has returned.
var messages = sync.Pool{New: func() any { return new(wire.Message) }}

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

// New returns a Socket that sends its events to events. The receiver must pass each to
// Take of the Socket in [Event.Socket].
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
		return address // the dial returns the error
	}
	q := u.Query()
	q.Set("keepalive_timeout_seconds", strconv.Itoa(int(keepalive/time.Second)))
	u.RawQuery = q.Encode()
	return u.String()
}

// Want sets whether a connection is needed. If not, the Socket closes its connection
// without further calls of its Handler. Connections end with ctx.
func (s *Socket) Want(ctx context.Context, needed bool) error {
	return s.apply(ctx, s.machine.Step(connection.Want{Needed: needed}, time.Now()), nil)
}

// Tick must be called when [Socket.Deadline] has come.
func (s *Socket) Tick(ctx context.Context) error {
	return s.apply(ctx, s.machine.Step(connection.Tick{}, time.Now()), nil)
}

// Deadline returns the latest time for the next call of Tick; zero means never.
func (s *Socket) Deadline() time.Time { return s.machine.Deadline() }

// Skew returns how far the local clock is ahead of Twitch's.
func (s *Socket) Skew() time.Duration { return s.machine.Skew() }

// Heard returns when the last keepalive, notification or welcome was sent, by Twitch's
// clock. It is zero before the first.
func (s *Socket) Heard() time.Time { return s.machine.Heard() }

// Connections returns the number of WebSockets opened so far.
func (s *Socket) Connections() int { return s.opened }

// Wait returns when all goroutines of the Socket have ended, which they do soon
// after the contexts of its calls.
func (s *Socket) Wait() { s.readers.Wait() }

// Take handles an event. It returns the error of the Handler, if any.
func (s *Socket) Take(ctx context.Context, e Event) error {
	if e.message != nil {
		defer func() {
			*e.message = wire.Message{}
			messages.Put(e.message)
		}()
	}
	switch e.input.(type) {
	case nil:
		s.handler.Unknown(ctx, e.message.Kind, e.message.Event)
		return nil
	case connection.Opened:
		s.opened++
	}
	return s.apply(ctx, s.machine.Step(e.input, time.Now()), e.message)
}

// apply carries out the machine's outputs; message is the message of its input.
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
