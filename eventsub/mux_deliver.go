package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// decoded caches the payload of a notification while it is being handled, so that
// middleware and handlers decode it only once.
type decoded struct {
	fresh func() Payload // returns the value to decode into; nil if the type is unknown
	mux   *Mux           // counts undecodable fields
	job   *running       // records which handler is running
	once  sync.Once
	p     Payload
	err   error
}

func (d *decoded) payload(n Notification) (Payload, error) {
	d.once.Do(func() {
		var unread []wire.Unread
		d.p, unread, d.err = decode(n, d.fresh)
		d.mux.countUnread(n, unread)
	})
	return d.p, d.err
}

func decode(n Notification, fresh func() Payload) (Payload, []wire.Unread, error) {
	if fresh == nil {
		return nil, nil, fmt.Errorf("eventsub: %s: %w", n.Type, ErrUnknownType)
	}
	p := fresh()
	unread, err := decodeInto(n, p)
	if err != nil {
		return nil, nil, err
	}
	return p, unread, nil
}

// countUnread counts and logs fields that could not be decoded. The event is still
// delivered, with the zero value in their place.
func (m *Mux) countUnread(n Notification, unread []wire.Unread) {
	m.stats.unread.Add(uint64(len(unread)))
	for _, u := range unread {
		m.logger.Debug("event field not understood", "type", n.Type.String(), "message_id", n.Meta.MessageID,
			"field", u.Path, "got", u.Got, "want", u.Want)
	}
}

// handle passes one notification through middleware and handlers. It logs and returns
// their errors.
func (m *Mux) handle(ctx context.Context, n Notification, r *running) error {
	m.countUnread(n, n.unread)
	m.routesMu.RLock()
	chain := m.chain
	routes := m.routes[n.Type]
	m.routesMu.RUnlock()

	// The type that the handlers registered is preferred to the generated one: a
	// test or a program may define an event type that this package does not have.
	n.decoded = &r.decoded
	n.decoded.mux, n.decoded.job = m, r
	if len(routes) > 0 {
		n.decoded.fresh = routes[0].payload
	} else {
		n.decoded.fresh = payloadOf(n.Type)
	}
	err := guard(func() error { return chain(ctx, n) })
	if err != nil {
		m.logger.LogAttrs(ctx, slog.LevelError, "event handler", append(n.attrs(), failed(err)...)...)
	}
	return err
}

// deliver is the innermost Handler: it calls all handlers of n one after another
// and joins their errors.
func (m *Mux) deliver(ctx context.Context, n Notification) error {
	m.routesMu.RLock()
	routes, others := m.routes[n.Type], m.any
	m.routesMu.RUnlock()

	if n.decoded == nil { // middleware created this notification
		n.decoded = &decoded{fresh: payloadOf(n.Type), mux: m}
	}
	var errs []error
	if len(routes) > 0 {
		p, err := n.Payload()
		switch {
		case err != nil:
			m.stats.errors.Add(1)
			errs = append(errs, err)
		default:
			for _, r := range routes {
				errs = append(errs, m.call(ctx, r, n, p))
			}
		}
	}
	for _, r := range others {
		errs = append(errs, m.call(ctx, r, n, nil))
	}
	return errors.Join(errs...)
}

func (m *Mux) call(ctx context.Context, r *route, n Notification, p Payload) error {
	n.decoded.job.at(r)
	err := guard(func() error { return r.call(ctx, n, p) })
	n.decoded.job.at(nil)
	if err == nil {
		return nil
	}
	m.stats.errors.Add(1)
	if _, ok := errors.AsType[*PanicError](err); ok {
		m.stats.panics.Add(1)
	}
	return &HandlerError{Handler: r.name, Err: err}
}

// guard turns a panic of f into an error.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
