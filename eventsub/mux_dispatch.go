package eventsub

import (
	"context"
	"errors"
	"log/slog"
)

// Dispatch accepts n and returns as soon as it is queued; handlers run later on the
// mux's own goroutines. While the queue is full it waits until there is room or ctx
// ends; in the latter case n was not accepted and ctx's error is returned. Calls that
// wait for room for the same broadcaster are served in order of arrival. A transport
// that must not wait, because it has a connection to read, uses [Mux.Offer].
//
// The context of a handler has the values of ctx, but does not end with it. A handler
// that calls Dispatch can wait for ever on a full queue. After a [Mux.Drain] that ran
// out of time Dispatch returns [ErrClosed].
func (m *Mux) Dispatch(ctx context.Context, n Notification) error {
	m.mustBeNew()
	return m.dispatch(ctx, newJob(ctx, n))
}

func (m *Mux) dispatch(ctx context.Context, j job) error {
	m.tap(j.n)
	result, waiting := m.queue.push(j)
	if waiting != nil {
		select {
		case <-waiting.done:
		case <-ctx.Done():
		}
		if result = m.queue.leave(waiting); result == refused {
			return context.Cause(ctx)
		}
	}
	if result == shut {
		return ErrClosed
	}
	m.stats.dispatched.Add(1)
	return nil
}

// Offer is like Dispatch but never waits. If the queue is full, it drops the oldest or
// newest notification (see [MuxOptions].DropNewest) of the same broadcaster or, if the
// queue as a whole is full, of the broadcaster with the most waiting ones. Dropped
// notifications are counted in [MuxStats].Dropped and reported to handlers as a [Gap]:
// before the broadcaster's next notification, or after [MuxOptions].StuckAfter if none
// is handled by then. If more than 1,024 broadcasters have unreported drops, one Gap
// without broadcaster reports those of all further ones. Offer returns [ErrClosed] under the same condition as Dispatch.
func (m *Mux) Offer(ctx context.Context, n Notification) error {
	m.mustBeNew()
	m.tap(n)
	result, dropped, begun := m.queue.offer(newJob(ctx, n))
	switch result {
	case shut:
		return ErrClosed
	case accepted:
		m.stats.dispatched.Add(1)
	case refused: // n is among the dropped
	}
	if len(dropped) == 0 {
		return nil
	}
	m.stats.dropped.Add(uint64(len(dropped)))
	for _, j := range dropped {
		j.end(ErrQueueFull)
	}
	m.queue.mu.Lock()
	m.keepWatch()
	m.queue.mu.Unlock()
	if begun {
		m.logger.LogAttrs(ctx, slog.LevelWarn, "event queue is full, dropping events",
			append(dropped[0].n.attrs(), slog.Any("stuck", m.Stuck()))...)
	}
	return nil
}

// A job is a notification that waits for handlers or is being handled.
type job struct {
	ctx     context.Context // has the values of Dispatch's context, but does not end with it
	n       Notification
	lane    string
	size    int          // bytes that it counts against the limit
	number  int64        // in the inbox; 0 if it is not stored there
	counted bool         // it takes a place in the queue; the mux's own Gap does not
	result  chan<- error // of a call of Handle: gets the result; has room for it; else nil
}

// end passes the result of j to those who wait for it. An event that the queue dropped
// counts as handled, because a Gap reports it; one that a closed mux discarded does not.
func (j job) end(err error) {
	if j.n.handled != nil && !errors.Is(err, ErrClosed) {
		j.n.handled()
	}
	if j.result != nil {
		j.result <- err
	}
}

// jobSize is roughly the memory of a job without its event.
const jobSize = 512

func newJob(ctx context.Context, n Notification) job {
	return job{ctx: context.WithoutCancel(ctx), n: n, lane: n.lane(), size: jobSize + len(n.Event), counted: true}
}

// lane returns the key of n's lane: the broadcaster or user whom the event is about.
// Notifications about no channel or user share one lane.
func (n Notification) lane() string { return laneOf(n.Meta.Subscription.Condition) }

// laneOf returns the key of the lane for the fields of a condition.
func laneOf(condition map[string]string) string {
	for _, field := range laneFields {
		if id := condition[field]; id != "" {
			return id
		}
	}
	return ""
}

var laneFields = []string{
	"broadcaster_user_id", "to_broadcaster_user_id", "from_broadcaster_user_id",
	"user_id", "client_id", "organization_id", "extension_client_id",
}
