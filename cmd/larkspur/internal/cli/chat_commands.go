package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A chatCommand is what the user types after "/". In args, a word in brackets may be left
// out, and TEXT or REASON is the rest of the line.
type chatCommand struct {
	name, args, help string
	do               func(ctx context.Context, c *conversation, args string) error
}

// fits reports whether a command can take the arguments: neither too few nor too many words,
// and nothing but off where it may follow alone.
func (c chatCommand) fits(args string) bool {
	given, wanted := strings.Fields(args), strings.Fields(c.args)
	needed := len(wanted) - strings.Count(c.args, "[")
	if len(given) < needed {
		return false
	}
	if c.args == "[off]" {
		return len(given) == 0 || len(given) == 1 && given[0] == "off"
	}
	if strings.Contains(c.args, "TEXT") || strings.Contains(c.args, "REASON") {
		return true
	}
	return len(given) <= len(wanted)
}

// usage shows how the command is typed.
func (c chatCommand) usage() string { return strings.TrimSpace(c.name + " " + c.args) }

// other returns another name of the command, which Twitch's chat has; "": none.
func (c chatCommand) other() string {
	switch c.name {
	case "/unban":
		return "/untimeout"
	case "/uniquechat":
		return "/r9kbeta"
	case "/w":
		return "/whisper"
	}
	return ""
}

// chatCommands returns all commands, in the order of /help.
func chatCommands() []chatCommand { return slices.Concat(talkCommands, moderatorCommands) }

// talkCommands are the commands that everybody may use.
var talkCommands = []chatCommand{
	{"/help", "[COMMAND]", "lists the commands, or explains one", nil}, // see command: it would refer to itself
	{"/me", "TEXT", "writes a text in italics, as what you do", func(_ context.Context, c *conversation, args string) error {
		c.queue(outgoingLine{text: args, action: true})
		return nil
	}},
	{"/say", "TEXT", "writes a text that begins with a slash, as //TEXT does; it never becomes a command", func(_ context.Context, c *conversation, args string) error {
		c.queue(outgoingLine{text: args})
		return nil
	}},
	{"/reply", "NAME TEXT", "answers the last message of a user", func(_ context.Context, c *conversation, args string) error {
		name, text, _ := strings.Cut(args, " ")
		m, err := c.lastOf(name)
		if err != nil {
			return err
		}
		c.queue(outgoingLine{text: text, replyTo: m.id})
		return nil
	}},
	{"/channel", "CHANNEL", "writes to another of the channels from now on", func(_ context.Context, c *conversation, args string) error {
		login, err := channelArg(args)
		if err != nil {
			return err
		}
		if !c.rooms.in(login, func(*chatRoom) {}) {
			return fmt.Errorf("%s is not one of the channels; to enter it, use /join %s", login, login)
		}
		c.rooms.enter(channel{login: login})
		c.showChannel()
		c.note("you write in " + login)
		return nil
	}},
	{"/join", "CHANNEL", "reads one more channel, and writes to it", func(ctx context.Context, c *conversation, args string) error {
		login, err := channelArg(args)
		if err != nil {
			return err
		}
		found := []channel{{login: login}}
		if c.account.api != nil {
			if found, err = c.account.channels(ctx, []string{login}); err != nil {
				return err
			}
		}
		c.rooms.enter(found[0])
		c.showChannel()
		go func() { _ = c.client.Join(ctx, found[0].login) }() // a refusal is told by connection
		return nil
	}},
	{"/part", "[CHANNEL]", "leaves a channel", func(ctx context.Context, c *conversation, args string) error {
		here, _ := c.rooms.here()
		login := here.Login
		if args != "" {
			var err error
			if login, err = channelArg(args); err != nil {
				return err
			}
		}
		if !c.rooms.in(login, func(*chatRoom) {}) {
			return fmt.Errorf("%s is not one of the channels", login)
		}
		c.rooms.leave(login)
		c.repeats.forget(login)
		c.showChannel()
		if err := c.client.Part(ctx, login); err != nil {
			return err
		}
		text := "left " + login
		if next, ok := c.rooms.here(); ok && next.Login != here.Login {
			text += "; you write in " + next.Login
		}
		c.note(text)
		return nil
	}},
	{"/channels", "", "lists the channels, and why one is not joined", func(_ context.Context, c *conversation, _ string) error {
		here, _ := c.rooms.here()
		missing := map[string]error{}
		for _, s := range c.client.NotJoined() {
			missing[s.Channel] = s.Err
		}
		for _, login := range c.rooms.channels("") {
			text := login
			if login == here.Login {
				text += " (you write here)"
			}
			if err := missing[login]; err != nil {
				text += ": not joined: " + bare(err)
			}
			c.note(text)
		}
		return nil
	}},
	{"/quit", "", "ends the program, as Ctrl-C does", func(_ context.Context, c *conversation, _ string) error {
		c.end(errLeft)
		return nil
	}},
}

// command carries out a command.
func (c *conversation) command(ctx context.Context, line string) {
	name, args, _ := strings.Cut(line, " ")
	name, args = strings.ToLower(name), strings.TrimSpace(args)
	if name == "/help" {
		c.help(args)
		return
	}
	for _, command := range chatCommands() {
		called := command.name
		if name == command.other() {
			called = name
		}
		if strings.Contains(command.args, "off]") && (name == command.name+"off" || command.other() != "" && name == command.other()+"off") { // as Twitch had it: /slowoff
			called, args = name, strings.TrimSpace("off "+args)
		}
		if name != called {
			continue
		}
		if command.do == nil || !command.fits(args) {
			c.warn("usage: " + command.usage())
			return
		}
		if err := command.do(ctx, c, args); err != nil && ctx.Err() == nil {
			text, remedy, _ := strings.Cut(c.explain(err), "\n")
			c.warnAnd(name+": "+text, strings.TrimSpace(remedy))
		}
		return
	}
	var names []string
	for _, command := range chatCommands() {
		names = append(names, command.name)
	}
	if near := closest(name, names); near != "" {
		c.warn(fmt.Sprintf("unknown command %s; did you mean %s?", cut(name, maxName), near))
		return
	}
	c.warn(fmt.Sprintf("unknown command %s; /help lists them", cut(name, maxName)))
}

// lastOf returns the last message of a user in the current channel.
func (c *conversation) lastOf(name string) (recentMessage, error) {
	login := strings.ToLower(strings.TrimPrefix(name, "@"))
	m, ok := c.rooms.last(login)
	if !ok {
		return m, fmt.Errorf("no message of %s was seen in this channel", cut(login, maxName))
	}
	return m, nil
}
