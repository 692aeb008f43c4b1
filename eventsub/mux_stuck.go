package eventsub

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// mostStuck bounds how many workers are replaced because their handler is stuck.
const mostStuck = 256

// A StuckHandler is a handler that has worked on one notification for longer than
// [MuxOptions].StuckAfter. Notifications of the same broadcaster wait until it returns.
type StuckHandler struct {
	Handler       string // its name, see [Named]; "middleware" if that does not return
	Type          Type
	MessageID     string
	BroadcasterID string // "" if the notification is about no broadcaster
	Since         time.Time
	Waiting       int // notifications of that broadcaster in the queue
}

// LogValue returns the fields as attributes.
func (s StuckHandler) LogValue() slog.Value {
	return slog.GroupValue(slog.String("handler", s.Handler), slog.String("type", s.Type.String()),
		slog.String("broadcaster_id", s.BroadcasterID), slog.Duration("for", time.Since(s.Since)), slog.Int("waiting", s.Waiting))
}

// A running is a job that is being handled.
type running struct {
	job      *job
	ctx      jobContext
	decoded  decoded
	handler  atomic.Pointer[route] // nil in middleware
	since    atomic.Int64          // when it began, in nanoseconds of Unix time
	stuck    bool                  // guarded by queue.mu; it was reported
	replaced bool                  // guarded by queue.mu; another worker was started to replace its worker
}

// at records which handler begins. It does nothing if r is nil, which is the case for
// notifications that no Mux handles.
func (r *running) at(handler *route) {
	if r != nil {
		r.handler.Store(handler)
		r.since.Store(time.Now().UnixNano())
	}
}

// Stuck returns the handlers that are stuck now, the longest-running first.
func (m *Mux) Stuck() []StuckHandler {
	q := &m.queue
	limit := time.Now().Add(-m.stuckAfter)
	q.mu.Lock()
	defer q.mu.Unlock()
	var list []StuckHandler
	for r := range q.running {
		if s := r.report(q); !s.Since.After(limit) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b StuckHandler) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.BroadcasterID, b.BroadcasterID))
	})
	return list
}

// report returns r as a StuckHandler. The caller holds q.mu.
func (r *running) report(q *queue) StuckHandler {
	s := StuckHandler{
		Handler: "middleware", Type: r.job.n.Type, MessageID: r.job.n.Meta.MessageID, BroadcasterID: r.job.n.lane(),
		Since: time.Unix(0, r.since.Load()),
	}
	if handler := r.handler.Load(); handler != nil {
		s.Handler = handler.name
	}
	if l := q.lanes[r.job.lane]; l != nil {
		s.Waiting = len(l.work)
	}
	return s
}

// watch looks for stuck handlers. A timer calls it while handlers are running.
func (m *Mux) watch() {
	q := &m.queue
	limit := time.Now().Add(-m.stuckAfter)
	var found []StuckHandler
	q.mu.Lock()
	for r := range q.running {
		if r.stuck || time.Unix(0, r.since.Load()).After(limit) {
			continue
		}
		r.stuck = true
		found = append(found, r.report(q))
		if q.stuck == mostStuck {
			continue
		}
		r.replaced = true
		q.stuck++
		if len(q.ready) > 0 {
			q.hire()
		}
	}
	left := q.tellOverflows(limit)
	if q.watching = len(q.running) > 0 || left; q.watching {
		time.AfterFunc(m.stuckAfter/2, m.watch)
	}
	q.mu.Unlock()
	for _, s := range found {
		m.stats.stuck.Add(1)
		m.logger.LogAttrs(context.Background(), slog.LevelWarn, "event handler is stuck",
			slog.String("handler", s.Handler), slog.String("type", s.Type.String()), slog.String("message_id", s.MessageID),
			slog.String("broadcaster_id", s.BroadcasterID), slog.Duration("for", time.Since(s.Since)), slog.Int("waiting", s.Waiting))
	}
}

// keepWatch schedules the next call of watch. The caller holds q.mu.
func (m *Mux) keepWatch() {
	if !m.queue.watching {
		m.queue.watching = true
		time.AfterFunc(m.stuckAfter/2, m.watch)
	}
}
