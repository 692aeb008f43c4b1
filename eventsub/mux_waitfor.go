package eventsub

import (
	"context"
	"fmt"
)

// waitMost is the number of notifications that one call of WaitFor has not looked at.
const waitMost = 1024

// WaitFor returns the next event of type E for which match returns true; a nil match
// means any. It is for dialogues, such as a question in chat and its answer:
//
//	answer, err := eventsub.WaitFor(ctx, mux, func(e *eventsub.ChannelChatMessage) bool {
//		return e.ChatterUserID == asked && e.BroadcasterUserID == channel
//	})
//
// It sees the events that arrive during the call, before they wait for their turn. So a
// handler may wait for an event of its own broadcaster, whose next events are not
// handled before it returns; use a ctx with a deadline there. The event is handled as
// usual besides. Of events that Twitch delivers twice with the same message id, the
// second is not seen, as long as no more than some thousand others came in between;
// events recovered after a [Gap] are seen and marked in their Meta.
//
// match runs on the goroutine of the caller and delays nothing else. If it is so slow
// that more than 1,024 events of the type wait for it, further ones are skipped and
// counted in [MuxStats].Missed. Events that cannot be decoded are skipped.
//
// WaitFor returns ctx's error when ctx ends first. The returned event belongs to the
// caller, unless [Mux.Emit] dispatched it: then it is the value that was passed to Emit.
func WaitFor[E Payload](ctx context.Context, m *Mux, match func(e *E) bool) (*E, error) {
	m.mustBeNew()
	var zero E
	kind := zero.Type()
	t := m.taps.open(kind, waitMost)
	defer m.taps.close(kind, t)
	for {
		n, err := t.take(ctx)
		if err != nil {
			return nil, fmt.Errorf("eventsub: wait for %s: %w", kind, err)
		}
		if e, err := eventOf[E](n); err == nil && (match == nil || match(e)) {
			return e, nil
		}
	}
}

// Chan returns a channel of the events of type E that arrive from now on, for programs
// that select from several sources:
//
//	follows := eventsub.Chan[eventsub.ChannelFollow](ctx, mux, 16)
//
// Like [WaitFor] it sees events before they wait for their turn, and no duplicates. It
// holds size events, or one if size is less; further ones are dropped and counted in
// [MuxStats].Missed. The channel is closed when ctx ends; one goroutine exists until
// then. The events belong to the receiver, like those of WaitFor.
func Chan[E Payload](ctx context.Context, m *Mux, size int) <-chan *E {
	m.mustBeNew()
	var zero E
	kind := zero.Type()
	t := m.taps.open(kind, max(size, 1))
	events := make(chan *E)
	go func() {
		defer close(events)
		defer m.taps.close(kind, t)
		for {
			n, err := t.take(ctx)
			if err != nil {
				return
			}
			e, err := eventOf[E](n)
			if err != nil {
				continue
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return events
}

// eventOf returns the event of n: the value that was passed to Emit, or a new one.
func eventOf[E Payload](n Notification) (*E, error) {
	if e, ok := any(n.emitted).(*E); ok {
		return e, nil
	}
	e := new(E)
	_, err := decodeInto(n, e)
	return e, err
}
