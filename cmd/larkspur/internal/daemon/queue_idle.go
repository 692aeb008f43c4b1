package daemon

import (
	"context"
	"strings"
)

// waitIdle returns when no job that may write to chat waits or runs, or when ctx ends.
// It does not wait for relays.
func (q *queues) waitIdle(ctx context.Context) {
	q.mu.Lock()
	if q.isIdle() {
		q.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	q.idle = append(q.idle, idle)
	q.mu.Unlock()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// tellIdle ends waitIdle if no such job is left.
func (q *queues) tellIdle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.idle) == 0 || !q.isIdle() {
		return
	}
	for _, idle := range q.idle {
		close(idle)
	}
	q.idle = nil
}

// isIdle reports whether the lanes that write to chat are empty. The caller holds mu.
func (q *queues) isIdle() bool {
	for name, l := range q.lanes {
		if !strings.HasPrefix(name, relayPrefix) && (l.running > 0 || len(l.waiting) > 0) {
			return false
		}
	}
	return true
}
