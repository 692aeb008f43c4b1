package skill

import (
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// maxCooling bounds how many users a cooldown remembers at once.
const maxCooling = 10_000

// A cooldownConfig says how often a skill runs: in all, and for each user.
type cooldownConfig struct {
	global  time.Duration
	perUser time.Duration
}

// start returns a cooldown that has not begun, nil for nil.
func (c *cooldownConfig) start() *cooldown {
	if c == nil {
		return nil
	}
	return &cooldown{cooldownConfig: *c, users: map[string]time.Time{}}
}

// A cooldown counts for one engine.
type cooldown struct {
	cooldownConfig

	mu    sync.Mutex
	last  time.Time            // of any run; guarded by mu
	users map[string]time.Time // last run by user; guarded by mu
}

// take reports whether the skill may run now, and starts the cooldown if so.
func (c *cooldown) take(user string, now time.Time) bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.last.IsZero() && now.Sub(c.last) < c.global {
		return false
	}
	if c.perUser > 0 && user != "" {
		last, known := c.users[user]
		if known && now.Sub(last) < c.perUser {
			return false
		}
		if !known && len(c.users) >= maxCooling {
			c.forget(now)
		}
		c.users[user] = now
	}
	c.last = now
	return true
}

// forget removes users whose cooldown is over, or all users if that removes none. The
// caller holds mu.
func (c *cooldown) forget(now time.Time) {
	for user, last := range c.users {
		if now.Sub(last) >= c.perUser {
			delete(c.users, user)
		}
	}
	if len(c.users) >= maxCooling {
		clear(c.users)
	}
}

// loadCooldown reads cooldown: 10s, or {global: 2s, per-user: 10s}.
func loadCooldown(n *config.Node, ps *config.Problems) *cooldownConfig {
	if n == nil {
		return nil
	}
	c := &cooldownConfig{}
	if n.Kind != config.Map {
		c.global, _ = n.Duration(ps)
		return c
	}
	s := n.Section(ps, "global", "per-user")
	c.global, c.perUser = s.Duration("global", 0), s.Duration("per-user", 0)
	return c
}
