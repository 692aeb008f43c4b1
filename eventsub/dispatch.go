package eventsub

import (
	"context"
	"log/slog"
)

// Dispatch accepts n and returns as soon as it is queued; handlers run later on
// the mux's own goroutines. It waits while the queue is full, until there is room
// or ctx ends; in the latter case n was not accepted. A transport that must not
// wait, because it has a connection to read, uses [Mux.Offer].
//
// Handlers see the values of ctx, not its end. A handler that dispatches itself
// can wait for ever on a full queue. After a [Mux.Drain] that ran out of time
// Dispatch returns [ErrClosed].
func (m *Mux) Dispatch(ctx context.Context, n Notification) error {
	j := newJob(ctx, n)
	for {
		result, room := m.queue.push(j)
		switch result {
		case accepted:
			m.stats.dispatched.Add(1)
			return nil
		case shut:
			return ErrClosed
		case refused: // full: wait for room
		}
		select {
		case <-room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Offer is Dispatch for a caller that cannot wait. Where the queue is full, it
// drops the oldest or newest notification, as [MuxOptions].DropNewest says, of the
// same broadcaster or, if the queue as a whole is full, of the busiest one. What it
// drops is counted in [MuxStats].Dropped and told to handlers as a [Gap]: before
// the broadcaster's next notification, or after [MuxOptions].StuckAfter if nothing
// moves. Offer returns [ErrClosed] as Dispatch does.
func (m *Mux) Offer(ctx context.Context, n Notification) error {
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
	m.queue.mu.Lock()
	m.keepWatch()
	m.queue.mu.Unlock()
	if begun {
		m.logger.LogAttrs(ctx, slog.LevelWarn, "event queue is full, dropping events",
			append(dropped[0].n.attrs(), slog.Any("stuck", m.Stuck()))...)
	}
	return nil
}

// A job is a notification on its way to the handlers.
type job struct {
	ctx     context.Context // carries the values of Dispatch's context to the worker, without its end
	n       Notification
	lane    string
	size    int  // bytes that it counts for
	counted bool // it takes a place in the queue; the mux's own Gap does not
}

// jobSize is what a job takes in memory beside its event, roughly.
const jobSize = 512

func newJob(ctx context.Context, n Notification) job {
	return job{ctx: context.WithoutCancel(ctx), n: n, lane: n.lane(), size: jobSize + len(n.Event), counted: true}
}

// lane is the key of the lane n belongs in: whose channel it is about. What is
// about no channel or user shares one lane.
func (n Notification) lane() string {
	for _, field := range laneFields {
		if id := n.Meta.Subscription.Condition[field]; id != "" {
			return id
		}
	}
	return ""
}

var laneFields = []string{
	"broadcaster_user_id", "to_broadcaster_user_id", "from_broadcaster_user_id",
	"user_id", "client_id", "organization_id", "extension_client_id",
}
