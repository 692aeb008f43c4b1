package eventsub

import "time"

const (
	// handOverTimeout is how long Run tries to hand over its shards after its context
	// ended.
	handOverTimeout = 5 * time.Second
	// handOverLinger is how long the connections are read afterwards, for events that
	// Twitch had sent before.
	handOverLinger = time.Second
)

// stopping is the state of a Run whose context has ended.
type stopping struct {
	until time.Time
	moved bool
}

// begin starts to hand over the shards to a connection of another process: to the one
// with the fewest shards.
func (r *conduitRun) begin(now time.Time) *stopping {
	best := ""
	for session, n := range r.refuges {
		if best == "" || n < r.refuges[best] || n == r.refuges[best] && session < best {
			best = session
		}
	}
	if best == "" || r.c.o.Callback != "" {
		return &stopping{until: now, moved: true}
	}
	r.set.Evacuate(best)
	return &stopping{until: now.Add(handOverTimeout)}
}

// over reports whether Run may close its connections.
func (s *stopping) over(r *conduitRun, now time.Time) bool {
	if !s.moved && r.set.Moved() {
		s.moved, s.until = true, now.Add(handOverLinger)
	}
	return !now.Before(s.until)
}
