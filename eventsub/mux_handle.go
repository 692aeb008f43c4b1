package eventsub

import "context"

// Handle passes n to the handlers like [Mux.Dispatch], in its turn among the
// notifications of its broadcaster, and returns when all of them have returned. It is
// for receivers that confirm a message to its sender only then, such as the consumer of
// a queue. It returns what middleware and handlers returned: their joined errors, each
// handler's as a [HandlerError]. These are also logged and counted.
//
// When ctx ends, Handle returns ctx's error. If n was still waiting for room it is not
// handled, else it is, although Handle does not wait for it. Handle returns
// [ErrQueueFull] if a call of [Mux.Offer] dropped n to make room, and [ErrClosed] if
// [Mux.Drain] ran out of time before n was handled.
//
// A handler must not call Handle for its own broadcaster: it would wait for itself.
func (m *Mux) Handle(ctx context.Context, n Notification) error {
	m.mustBeNew()
	result := make(chan error, 1)
	j := newJob(ctx, n)
	j.result = result
	if err := m.dispatch(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
