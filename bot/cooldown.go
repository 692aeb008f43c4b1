package bot

import (
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// A Scope says which calls share a cooldown.
type Scope int

// The scopes of a [Cooldown].
const (
	PerChannel Scope = iota // all calls in a channel
	PerChatter              // the calls of one chatter in a channel
	Global                  // all calls everywhere
)

// maxCooldowns bounds how many cooldowns chatters can make the bot remember.
const maxCooldowns = 10_000

// Cooldown limits a command to n uses within any stretch of time of a given length.
// Further calls get no reply. The scope is [PerChannel] if none is given. A call that
// is not allowed, or whose arguments are wrong, is no use. With several cooldowns a
// call needs room in all of them. Two commands with the same option count for
// themselves. [Command] returns an error if n or per is not positive.
func Cooldown(n int, per time.Duration, scope ...Scope) Option {
	return func(s *Spec) {
		if n < 1 || per <= 0 {
			s.wrong = fmt.Errorf("a cooldown of %d uses in %v cannot be", n, per)
			return
		}
		cd := newCooldown(n, per)
		if len(scope) > 0 {
			cd.scope = scope[0]
		}
		s.cooldowns = append(s.cooldowns, cd)
	}
}

// A cooldown counts uses by the key of its scope.
type cooldown struct {
	n     int
	per   time.Duration
	scope Scope

	mu      sync.Mutex
	windows map[string]*limit.Window // guarded by mu; at most maxCooldowns
	used    map[string]time.Time     // guarded by mu; latest use, same keys
}

func newCooldown(n int, per time.Duration) *cooldown {
	return &cooldown{n: n, per: per, windows: make(map[string]*limit.Window), used: make(map[string]time.Time)}
}

// take takes a use from all cooldowns of the command, or from none: wait is how long
// the call would have to wait then.
func (cmd *command) take(c *Call, now time.Time) (wait time.Duration, ok bool) {
	cmd.taking.Lock()
	defer cmd.taking.Unlock()
	for _, cd := range cmd.cooldowns {
		wait = max(wait, cd.room(cd.key(c), now))
	}
	if wait > 0 {
		return wait, false
	}
	for _, cd := range cmd.cooldowns {
		cd.take(cd.key(c), now)
	}
	return 0, true
}

func (cd *cooldown) key(c *Call) string {
	switch cd.scope {
	case PerChatter:
		return c.BroadcasterID + " " + c.Chatter.ID
	case Global:
		return ""
	default:
		return c.BroadcasterID
	}
}

// room returns how long it takes until there is room for a use.
func (cd *cooldown) room(key string, now time.Time) time.Duration {
	cd.mu.Lock()
	defer cd.mu.Unlock()
	if w, found := cd.windows[key]; found {
		return w.Room(now)
	}
	return 0
}

// take takes a use if there is room for it.
func (cd *cooldown) take(key string, now time.Time) bool {
	cd.mu.Lock()
	defer cd.mu.Unlock()
	w, found := cd.windows[key]
	if !found {
		if len(cd.windows) >= maxCooldowns {
			cd.evict(now)
		}
		w = limit.NewWindow(cd.n, cd.per)
		cd.windows[key] = w
	}
	_, ok := w.TryTake(now)
	if ok {
		cd.used[key] = now
	}
	return ok
}

// evict forgets the keys that have cooled down. If there are none it forgets all:
// with so many chatters at once the cooldown of one hardly matters.
func (cd *cooldown) evict(now time.Time) {
	for key, at := range cd.used {
		if now.Sub(at) >= cd.per {
			delete(cd.used, key)
			delete(cd.windows, key)
		}
	}
	if len(cd.windows) >= maxCooldowns {
		clear(cd.used)
		clear(cd.windows)
	}
}
