package bot

import (
	"errors"
	"fmt"
	"time"
)

// A Scope says which calls share a cooldown. It is a [CooldownOption].
type Scope int

// The scopes of a [Cooldown].
const (
	PerChannel Scope = iota // all calls in a channel
	PerChatter              // the calls of one chatter in a channel
	PerUser                 // the calls of one user in all channels
	Global                  // all calls everywhere
)

// A CooldownOption changes a [Cooldown].
type CooldownOption interface{ apply(cd *cooldown) }

type cooldownOption func(cd *cooldown)

func (o cooldownOption) apply(cd *cooldown) { o(cd) }

func (s Scope) apply(cd *cooldown) {
	cd.key = func(c *Call) string {
		switch s {
		case PerChatter:
			return c.BroadcasterID + " " + c.Chatter.ID
		case PerUser:
			return c.Chatter.ID
		case Global:
			return "all"
		default:
			return c.BroadcasterID
		}
	}
}

// Smoothly spreads the uses of a cooldown evenly: after n uses at once, one more comes
// back each per/n, instead of all of them after per. (The algorithm is known as GCRA.)
var Smoothly CooldownOption = cooldownOption(func(cd *cooldown) { cd.smooth = true })

// KeyedBy gives a cooldown a key of your own: calls with the same key share it, and calls
// for which key returns "" have no cooldown. Key is called for each call and must be fast.
func KeyedBy(key func(c *Call) string) CooldownOption {
	return cooldownOption(func(cd *cooldown) { cd.key = key })
}

// Telling makes a call that finds no room reply with a text: "again in %s" is formatted
// with the time to wait, rounded to seconds. The reply is sent at most once for each time
// that the cooldown lasts, so that viewers cannot make the bot talk. Options.Translate can
// translate it.
func Telling(format Text) CooldownOption {
	return cooldownOption(func(cd *cooldown) { cd.tell = format })
}

// Cooldown limits a command to n uses within any stretch of time of a given length.
// Further calls get no reply. The scope is [PerChannel] if none is given. A call that is
// not allowed, whose arguments are wrong, or whose function returns an error made by
// [Sorry] is no use. With several cooldowns a call needs room in all of them. Two commands
// with the same option count for themselves. [Command] returns an error if n or per is
// not positive.
//
// A cooldown remembers two million keys at most; when more chatters use a command within
// the time, it forgets the older half.
func Cooldown(n int, per time.Duration, options ...CooldownOption) Option {
	return func(s *Spec) {
		cd := &cooldown{}
		PerChannel.apply(cd)
		if n < 1 || per <= 0 {
			s.wrong = fmt.Errorf("a cooldown of %d uses in %v cannot be", n, per)
			return
		}
		for _, o := range options {
			if o == nil {
				s.wrong = errors.New("an option of a cooldown is nil")
				return
			}
			o.apply(cd)
		}
		if cd.key == nil {
			s.wrong = errors.New("the key of a cooldown is nil")
			return
		}
		cd.uses, cd.told = newCounts(n, per, cd.smooth), newCounts(1, per, false)
		s.cooldowns = append(s.cooldowns, cd)
	}
}

// A cooldown counts uses by a key.
type cooldown struct {
	key    func(c *Call) string
	smooth bool
	tell   Text
	uses   *counts
	told   *counts
}

// cooling returns the cooldowns of a command and of its groups.
func (cmd *command) cooling() []*cooldown { return cmd.chain.Load().cooldowns }

// take takes a use from all cooldowns of a call, or from none: wait is how long the call
// would have to wait then, and tell a text for the chatter, if there is one.
func (b *Bot) take(c *Call, now time.Time) (wait time.Duration, tell Text) {
	all := c.cmd.cooling()
	if len(all) == 0 {
		return 0, ""
	}
	keys := c.keys[:0]
	for _, cd := range all {
		keys = append(keys, cd.key(c)) // may be the caller's code
	}
	b.taking.Lock()
	defer b.taking.Unlock()
	for i, cd := range all {
		if keys[i] == "" {
			continue
		}
		if d := cd.uses.room(keys[i], now); d > wait {
			wait, tell = d, cd.telling(keys[i], now)
		}
	}
	if wait > 0 {
		return wait, tell
	}
	c.cooled, c.cooledAt = keys, now
	for i, cd := range all {
		if keys[i] != "" {
			cd.uses.use(keys[i], now)
		}
	}
	return 0, ""
}

// telling returns what to tell a chatter who has to wait, "" if nothing. Its verb is the
// time to wait.
func (cd *cooldown) telling(key string, now time.Time) Text {
	if cd.tell == "" || cd.told.room(key, now) > 0 {
		return ""
	}
	cd.told.use(key, now)
	return cd.tell
}

// giveBack takes back the use of a call that refused.
func (b *Bot) giveBack(c *Call) {
	for i, cd := range c.cmd.cooling() {
		if i < len(c.cooled) && c.cooled[i] != "" {
			cd.uses.giveBack(c.cooled[i], c.cooledAt)
		}
	}
	c.cooled = nil
}
