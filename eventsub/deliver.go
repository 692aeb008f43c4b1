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

// decoded remembers the payload of a notification that is being handled, so that
// middleware and handlers decode it once between them.
type decoded struct {
	fresh func() Payload // makes the value to decode into; nil where the type is not known
	mux   *Mux           // counts what cannot be read
	job   *running       // is told which handler begins
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

// countUnread notes fields that could not be read. The event is delivered all the
// same, with the zero value in their place.
func (m *Mux) countUnread(n Notification, unread []wire.Unread) {
	m.stats.unread.Add(uint64(len(unread)))
	for _, u := range unread {
		m.logger.Debug("event field not understood", "type", n.Type.String(), "message_id", n.Meta.MessageID,
			"field", u.Path, "got", u.Got, "want", u.Want)
	}
}

// handle takes one notification through middleware and handlers.
func (m *Mux) handle(ctx context.Context, n Notification, r *running) {
	m.countUnread(n, n.unread)
	m.routesMu.RLock()
	chain := m.chain
	routes := m.routes[n.Type]
	m.routesMu.RUnlock()

	// The handlers' own type goes before the generated one: a test or a program
	// may have brought a type this package has never heard of.
	n.decoded = &decoded{fresh: payloadOf(n.Type), mux: m, job: r}
	if len(routes) > 0 {
		n.decoded.fresh = routes[0].payload
	}
	if err := guard(func() error { return chain(ctx, n) }); err != nil {
		m.logger.LogAttrs(ctx, slog.LevelError, "event handler", append(n.attrs(), failed(err)...)...)
	}
}

// deliver is the innermost Handler: it calls all handlers of n one after another
// and joins their errors.
func (m *Mux) deliver(ctx context.Context, n Notification) error {
	m.routesMu.RLock()
	routes, others := m.routes[n.Type], m.any
	m.routesMu.RUnlock()

	if n.decoded == nil { // middleware made a notification of its own
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
