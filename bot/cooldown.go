package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// A Scope says who shares a cooldown.
type Scope int

// The scopes of a [Cooldown].
const (
	PerChannel Scope = iota // everybody in a channel
	PerChatter              // one chatter in a channel
	Global                  // everybody everywhere
)

// maxCooldowns bounds what chatters can make the bot remember.
const maxCooldowns = 10_000

// Cooldown makes a command deaf once it was used n times within a stretch of time,
// until there is room again. The scope is [PerChannel] if none is given. [Command]
// refuses a cooldown of no use or no time.
func Cooldown(n int, per time.Duration, scope ...Scope) Option {
	by := PerChannel
	if len(scope) > 0 {
		by = scope[0]
	}
	if n < 1 || per <= 0 {
		return func(s *Spec) { s.wrong = fmt.Errorf("a cooldown of %d uses in %v cannot be", n, per) }
	}
	uses := &cooldown{n: n, per: per, windows: make(map[string]*limit.Window), used: make(map[string]time.Time)}
	return With(func(next Handler) Handler {
		return func(ctx context.Context, c *Call) error {
			key := ""
			switch by {
			case PerChatter:
				key = c.BroadcasterID + " " + c.Chatter.ID
			case Global:
			default:
				key = c.BroadcasterID
			}
			if wait, ok := uses.take(key, time.Now()); !ok {
				c.bot.o.Logger.DebugContext(ctx, "command cooling down", "command", c.Command, "user_id", c.Chatter.ID, "wait", wait)
				return nil
			}
			return next(ctx, c)
		}
	})
}

type cooldown struct {
	n   int
	per time.Duration

	mu      sync.Mutex
	windows map[string]*limit.Window // guarded by mu; at most maxCooldowns
	used    map[string]time.Time     // guarded by mu; latest use, same keys
}

func (cd *cooldown) take(key string, now time.Time) (wait time.Duration, ok bool) {
	cd.mu.Lock()
	defer cd.mu.Unlock()
	w, found := cd.windows[key]
	if !found {
		if len(cd.windows) >= maxCooldowns {
			cd.sweep(now)
		}
		w = limit.NewWindow(cd.n, cd.per)
		cd.windows[key] = w
	}
	if wait, ok = w.TryTake(now); ok {
		cd.used[key] = now
	}
	return wait, ok
}

// sweep forgets whoever has cooled down; if nobody has, everybody: then so many
// chatters use the command that the cooldown of one hardly matters.
func (cd *cooldown) sweep(now time.Time) {
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
