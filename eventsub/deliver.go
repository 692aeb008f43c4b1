package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// decoded remembers the payload of a notification that is being handled, so that
// middleware and handlers decode it once between them.
type decoded struct {
	fresh func() Payload // makes the value to decode into; nil where the type is not known
	once  sync.Once
	p     Payload
	err   error
}

func (d *decoded) payload(n Notification) (Payload, error) {
	d.once.Do(func() { d.p, d.err = decode(n, d.fresh) })
	return d.p, d.err
}

func decode(n Notification, fresh func() Payload) (Payload, error) {
	if fresh == nil {
		return nil, fmt.Errorf("eventsub: %s: %w", n.Type, ErrUnknownType)
	}
	p := fresh()
	if err := decodeInto(n, p); err != nil {
		return nil, err
	}
	return p, nil
}

// handle takes one notification through middleware and handlers.
func (m *Mux) handle(ctx context.Context, n Notification) {
	m.routesMu.RLock()
	chain := m.chain
	routes := m.routes[n.Type]
	m.routesMu.RUnlock()

	// The handlers' own type goes before the generated one: a test or a program
	// may have brought a type this package has never heard of.
	n.decoded = &decoded{fresh: payloadOf(n.Type)}
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
	err := guard(func() error { return r.call(ctx, n, p) })
	if err != nil {
		m.stats.errors.Add(1)
		if _, ok := errors.AsType[*PanicError](err); ok {
			m.stats.panics.Add(1)
		}
	}
	return err
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
