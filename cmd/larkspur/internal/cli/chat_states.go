package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// fewChannels are so many that joining each is worth a line.
const fewChannels = 10

func (c *conversation) note(text string) { c.notes.show(entry{Kind: "note", Text: visibleLine(text)}) }

func (c *conversation) warn(text string) { c.warnAnd(text, "") }

// warnAnd prints a problem, and the command that solves it on a line of its own.
func (c *conversation) warnAnd(text, command string) {
	c.notes.show(entry{Kind: "warning", Text: visibleLine(text), command: command})
}

// connection tells about changes of the connection and of channels.
func (c *conversation) connection(s irc.State) {
	switch s.Kind {
	case irc.Connected:
		c.repeats.forget("")
		c.connected()
	case irc.Disconnected:
		c.mu.Lock()
		if c.lost == nil {
			c.lost = map[int]bool{}
		}
		if c.told { // not before the first connection
			c.lost[s.Connection] = true
		}
		c.mu.Unlock()
		if c.repeats.isNew("", s.Err) {
			c.warnAnd(s.String(), hint(s.Err))
		}
	case irc.JoinFailed:
		if c.repeats.isNew(s.Channel, s.Err) {
			c.warn(s.String())
		}
	case irc.HandlerStuck:
		c.warn(s.String())
	case irc.Moving:
		c.note(s.String())
	case irc.Joined:
		c.repeats.forget(s.Channel)
		c.back(s.Connection)
		c.joined(s.Channel)
	case irc.Connecting, irc.Parted:
	}
}

// connected tells once that the program is connected.
func (c *conversation) connected() {
	c.mu.Lock()
	first := !c.told
	c.told = true
	c.mu.Unlock()
	if first {
		c.note(c.welcome())
	}
}

// back tells that a connection that was lost is replaced, once it is in a channel again:
// before that, nothing is read.
func (c *conversation) back(number int) {
	c.mu.Lock()
	again := c.lost[number]
	delete(c.lost, number)
	c.mu.Unlock()
	if again {
		c.note("connected to chat again")
	}
}

// welcome says who reads, and how messages are sent.
func (c *conversation) welcome() string {
	login := c.account.user.Login
	switch {
	case c.account.api == nil:
		return "connected to chat without an account; reading only"
	case c.account.helix:
		return "connected to chat as " + login + "; messages are sent over Helix"
	case c.account.irc:
		return "connected to chat as " + login + "; messages are sent over IRC"
	default:
		return fmt.Sprintf("connected to chat as %s; reading only, since %s is not granted", login, scopeWrite)
	}
}

// joined tells once that a channel was joined.
func (c *conversation) joined(login string) {
	first, left, all := false, 0, 0
	c.rooms.in(login, func(r *chatRoom) { first, r.joined = !r.joined, true })
	c.rooms.each(func(r *chatRoom) {
		all++
		if !r.joined {
			left++
		}
	})
	switch {
	case !first:
	case all <= fewChannels:
		c.note("in the chat of " + login)
	case left == 0:
		c.note(fmt.Sprintf("in the chats of all %d channels", all))
	}
}

// repeatsAfter is how long a problem that lasts is not told again.
const repeatsAfter = time.Hour

// A repeatFilter leaves out problems that the user knows: the program tries again for
// days.
type repeatFilter struct {
	mu    sync.Mutex
	known map[string]knownProblem // guarded by mu; by channel, "" for the connection
}

type knownProblem struct {
	text string
	at   time.Time
}

// isNew reports whether a problem is another one than the last time, or long ago.
func (f *repeatFilter) isNew(channel string, err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := fmt.Sprint(err)
	if last := f.known[channel]; last.text == text && time.Since(last.at) < repeatsAfter {
		return false
	}
	if f.known == nil {
		f.known = map[string]knownProblem{}
	}
	f.known[channel] = knownProblem{text, time.Now()}
	return true
}

// forget makes the next problem a new one.
func (f *repeatFilter) forget(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.known, channel)
}
