package push

import (
	"slices"
	"time"
)

// unusedFor is how long a conduit lives on while none of its shards is enabled.
const unusedFor = 72 * time.Hour

// mind starts or stops the timer after which a conduit without enabled shards is
// deleted. It is called after every change of its shards. The caller holds mu.
func (s *Server) mind(c *conduit) {
	if slices.ContainsFunc(c.shards, func(sh *shard) bool { return sh != nil && sh.Status == Enabled }) {
		c.spare()
		return
	}
	if c.unused != nil || s.closed {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(unusedFor, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.unused == timer { // not used again meanwhile
			s.removeConduit(c)
		}
	})
	c.unused = timer
}

// spare stops the timer that mind started. The caller holds mu.
func (c *conduit) spare() {
	if c.unused != nil {
		c.unused.Stop()
		c.unused = nil
	}
}

// removeConduit ends a conduit and the subscriptions that use it. The caller holds mu.
func (s *Server) removeConduit(c *conduit) {
	for _, sub := range slices.Clone(s.order) {
		if sub.conduit == c {
			s.disable(sub, "conduit_deleted")
		}
	}
	for _, gone := range c.shards {
		gone.leave()
	}
	c.spare()
	s.conduits = slices.DeleteFunc(s.conduits, func(other *conduit) bool { return other == c })
}
