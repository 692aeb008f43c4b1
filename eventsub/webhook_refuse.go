package eventsub

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// refuseEvery is the shortest time between two logged refusals for the same reason: a
// stranger must not fill the log.
const refuseEvery = 10 * time.Minute

// A refusalLog limits how often refusals are logged.
type refusalLog struct {
	mu   sync.Mutex
	last [refusals]time.Time // guarded by mu
}

// due reports whether a refusal may be logged now.
func (l *refusalLog) due(why refusedFor, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last := l.last[why]; !last.IsZero() && now.Sub(last) < refuseEvery {
		return false
	}
	l.last[why] = now
	return true
}

// refuse answers with a status and no body. The connection is closed if the body was
// not read to its end.
func (r *Receiver) refuse(ctx context.Context, w http.ResponseWriter, why refusedFor, status int) {
	n := r.stats.refused[why].Add(1)
	if why <= refusedBody {
		w.Header().Set("Connection", "close")
	}
	w.WriteHeader(status)
	if r.quiet.due(why, time.Now()) {
		r.o.Logger.WarnContext(ctx, "webhook request refused", "reason", why.String(), "so_far", n)
	}
}

// fail answers with 503: Twitch sends the message again.
func (r *Receiver) fail(ctx context.Context, w http.ResponseWriter, err error) {
	r.stats.failed.Add(1)
	w.WriteHeader(http.StatusServiceUnavailable)
	r.o.Logger.ErrorContext(ctx, "webhook request not handled", "error", err)
}
