package helix

import (
	"context"
	"net/http"
)

// Priority says which of several waiting calls goes first: the one with the
// higher priority, and of equals the one that came first. It decides nothing as
// long as there is room for all.
type Priority int

// The priorities that calls have unless something else is said: what changes
// something in the group Moderation comes first, then everything else that changes
// something, then what only reads.
const (
	PriorityPolling    Priority = 1
	PriorityChat       Priority = 2
	PriorityModeration Priority = 3
)

type priorityKey struct{}

// WithPriority returns a context whose calls have the given priority, such as
// [PriorityChat] for a look-up that a chatter waits for.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// priority returns the priority of a call: its own, else the context's, else
// that of the endpoint.
func (c *Call) priority(ctx context.Context) Priority {
	if c.Priority != 0 {
		return c.Priority
	}
	if p, ok := ctx.Value(priorityKey{}).(Priority); ok && p != 0 {
		return p
	}
	switch e := c.Endpoint; {
	case e.Method == http.MethodGet || e.Method == http.MethodHead:
		return PriorityPolling
	case e.Group == "Moderation":
		return PriorityModeration
	default:
		return PriorityChat
	}
}
