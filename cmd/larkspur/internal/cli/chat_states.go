package cli

import (
	"context"
	"fmt"
	"strings"
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

// maxStates is how many changes of the connection may wait to be told.
const maxStates = 1000

// connection takes a change of the connection. It does not wait for the terminal, which the
// user may have stopped: the client goes on only when it returns.
func (c *conversation) connection(s irc.State) {
	select {
	case c.states <- s:
	default:
		c.missed.Add(1)
	}
}

// tell tells about the changes, until ctx ends.
func (c *conversation) tell(ctx context.Context) {
	for {
		select {
		case s := <-c.states:
			c.change(s)
			if n := c.missed.Swap(0); n > 0 {
				c.warn(fmt.Sprintf("%d changes of the connection were not shown, since the terminal was stopped", n))
			}
		case <-ctx.Done():
			return
		}
	}
}

// change tells about a change of the connection or of a channel.
func (c *conversation) change(s irc.State) {
	switch s.Kind {
	case irc.Connected:
		c.repeats.forget("")
		c.connected()
	case irc.Disconnected:
		c.disconnected(s)
	case irc.JoinFailed:
		if tell, _ := c.repeats.next(s.Channel, s.Err); tell {
			c.warn(strings.ReplaceAll(s.String(), "irc: ", ""))
		}
	case irc.HandlerStuck:
		c.warn(s.String())
	case irc.Moving:
		c.mu.Lock()
		c.moving[s.Connection] = true
		c.mu.Unlock()
		c.note(s.String())
	case irc.Joined:
		c.repeats.forget(s.Channel)
		c.back(s.Connection)
		c.joined(s.Channel)
	case irc.Connecting, irc.Parted:
	}
}

// disconnected tells that a connection was lost, or could not be made.
func (c *conversation) disconnected(s irc.State) {
	c.mu.Lock()
	fresh := c.told && !c.lost[s.Connection]
	if c.told { // not before the first connection
		c.lost[s.Connection] = true
	} else {
		c.never = s.Err
	}
	c.mu.Unlock()
	if fresh {
		c.out.connection(&chatEvent{kind: chatLost, at: time.Now(), sent: &chatSent{why: bare(s.Err)}})
	}
	tell, lasts := c.repeats.next("", s.Err)
	switch {
	case !tell:
	case c.account.api != nil && isLoggedOut(s.Err):
		c.warnAnd(loggedOut(c.account.user.Login)+"; to log in again, run:", c.account.login(c.f))
	case lasts > 0:
		c.warn(fmt.Sprintf("still no connection to chat, for %s: %s", span(lasts), bare(s.Err)))
	default:
		c.warn(strings.ReplaceAll(s.String(), "irc: ", ""))
	}
}

// connected tells once that the program is connected.
func (c *conversation) connected() {
	c.mu.Lock()
	first := !c.told
	c.told, c.never = true, nil
	c.mu.Unlock()
	if first {
		c.note(c.welcome())
		c.out.connection(&chatEvent{kind: chatConnected, at: time.Now()})
	}
}

// back tells that a connection that was lost is replaced, once it is in a channel again:
// before that, nothing is read.
func (c *conversation) back(number int) {
	c.mu.Lock()
	again, moved := c.lost[number], c.moving[number]
	delete(c.lost, number)
	delete(c.moving, number)
	c.mu.Unlock()
	switch {
	case again:
		c.note("connected to chat again")
		c.out.connection(&chatEvent{kind: chatConnected, at: time.Now()})
	case moved:
		c.note("moved to a new connection; nothing was missed")
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

// reminders are the times after which a problem that lasts is told again; from then on, once
// in an hour.
var reminders = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// A repeatFilter leaves out problems that the user knows: the program tries again for
// days.
type repeatFilter struct {
	mu    sync.Mutex
	known map[string]knownProblem // guarded by mu; by channel, "" for the connection
}

type knownProblem struct {
	text  string
	since time.Time
	told  int // how often, after the first time
}

// next reports whether a problem is to be told: it is another one than the last time, or has
// lasted until the next reminder. lasts is how long it has lasted, 0 for a new one.
func (f *repeatFilter) next(channel string, err error) (tell bool, lasts time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := fmt.Sprint(err)
	if last, ok := f.known[channel]; ok && last.text == text {
		due := time.Duration(last.told-len(reminders)+2) * time.Hour
		if last.told < len(reminders) {
			due = reminders[last.told]
		}
		if lasts = time.Since(last.since); lasts < due {
			return false, 0
		}
		last.told++
		f.known[channel] = last
		return true, lasts.Round(time.Minute)
	}
	if f.known == nil {
		f.known = map[string]knownProblem{}
	}
	f.known[channel] = knownProblem{text: text, since: time.Now()}
	return true, 0
}

// forget makes the next problem a new one.
func (f *repeatFilter) forget(channel string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.known, channel)
}
