package chat

import "context"

// handle does what one line of a client asks for.
func (c *client) handle(ctx context.Context, l line) {
	switch l.command { // commands that are accepted before the login
	case "CAP":
		if len(l.params) > 0 {
			c.capability(l)
		}
		return
	case "PASS":
		if !c.registered.Load() {
			c.pass = l.param(0)
		}
		return
	case "NICK":
		c.login(l.param(0))
		return
	case "PING":
		c.answerPing(l)
		return
	case "PONG":
		c.pong()
		return
	case "USER":
		return // part of the login elsewhere; Twitch needs nothing from it
	case "QUIT":
		c.closed = true
		return
	}
	if !c.registered.Load() {
		return
	}
	switch l.command {
	case "JOIN":
		c.join(ctx, l.param(0))
	case "PART":
		c.part(l.param(0))
	case "PRIVMSG":
		c.say(ctx, l)
	default:
		c.reply(":" + host + " 421 " + c.user.Login + " " + l.command + " :Unknown command")
	}
}

// answerPing answers a client's PING. Without a parameter Twitch answers
// without a prefix; tmi.js knows no other answer and hangs up without it.
func (c *client) answerPing(l line) {
	if len(l.params) == 0 {
		c.reply("PONG :" + host)
		return
	}
	c.reply(":" + host + " PONG " + host + " :" + l.param(0))
}
