package daemon

import (
	"context"
	"strings"
)

// waitIdle returns when nothing that may still speak in chat waits or runs, or when
// ctx ends. Relays do not count.
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

// tellIdle ends waitIdle if there is nothing left to wait for.
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

// isIdle reports whether the lanes that speak in chat are empty. The caller holds mu.
func (q *queues) isIdle() bool {
	for name, l := range q.lanes {
		if !strings.HasPrefix(name, relayPrefix) && (l.running > 0 || len(l.waiting) > 0) {
			return false
		}
	}
	return true
}
