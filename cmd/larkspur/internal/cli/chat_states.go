package cli

import (
	"fmt"

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
		if c.lost.Swap(false) {
			c.note("connected to chat again")
		} else if c.told.CompareAndSwap(false, true) {
			c.note(c.welcome())
		}
	case irc.Disconnected:
		c.lost.Store(true)
		c.warnAnd(s.String(), hint(s.Err))
	case irc.JoinFailed, irc.HandlerStuck:
		c.warn(s.String())
	case irc.Moving:
		c.note(s.String())
	case irc.Joined:
		c.joined(s.Channel)
	case irc.Connecting, irc.Parted:
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
