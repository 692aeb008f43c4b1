package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A chatCommand is what the user types after "/".
type chatCommand struct {
	name, args, help string
	do               func(ctx context.Context, c *conversation, args string) error
}

// other returns another name of the command, which Twitch's chat has; "": none.
func (c chatCommand) other() string {
	switch c.name {
	case "/unban":
		return "/untimeout"
	case "/uniquechat":
		return "/r9kbeta"
	}
	return ""
}

// chatCommands returns all commands, in the order of /help.
func chatCommands() []chatCommand { return slices.Concat(talkCommands, moderatorCommands) }

// talkCommands are the commands that everybody may use.
var talkCommands = []chatCommand{
	{"/help", "", "lists the commands", nil}, // see command: it would refer to itself
	{"/me", "TEXT", "writes a text in italics, as what you do", func(_ context.Context, c *conversation, args string) error {
		c.queue(outgoingLine{text: args, action: true})
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
		return nil
	}},
	{"/join", "CHANNEL", "reads one more channel, and writes to it", func(ctx context.Context, c *conversation, args string) error {
		login, err := channelArg(args)
		if err != nil {
			return err
		}
		found, err := c.account.channels(ctx, []string{login})
		if err != nil {
			return err
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
		return c.client.Part(ctx, login)
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
				text += ": not joined: " + strings.TrimPrefix(err.Error(), "irc: ")
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
		c.help()
		return
	}
	for _, command := range chatCommands() {
		if name == command.name+"off" && strings.Contains(command.args, "off]") { // as Twitch had it: /slowoff
			name, args = command.name, "off"
		}
		if name != command.name && name != command.other() {
			continue
		}
		needed := len(strings.Fields(command.args)) - strings.Count(command.args, "[")
		if len(strings.Fields(args)) < needed {
			c.warn("usage: " + command.name + " " + command.args)
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

// help lists the commands.
func (c *conversation) help() {
	c.note("what you type is sent; the tab key completes names and commands")
	for _, command := range chatCommands() {
		c.note(fmt.Sprintf("%-28s %s", command.name+" "+command.args, command.help))
	}
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

// explain turns an error into a sentence, and on a second line the command that solves it.
func (c *conversation) explain(err error) string {
	if missing, ok := errors.AsType[*helix.ScopeError](err); ok {
		who := c.account.api.name(missing.UserID)
		if missing.UserID != c.account.user.ID {
			return fmt.Sprintf("this needs the login of %s, with %s", who, scopeText(missing.Missing))
		}
		return fmt.Sprintf("%s has not granted %s; to grant it, run:\n%s", who, scopeText(missing.Missing), c.account.grant(c.f, missing.Missing.Minimal()...))
	}
	if missing, ok := errors.AsType[*helix.TokenError](err); ok && errors.Is(err, oauth.ErrNoToken) {
		return fmt.Sprintf("only the broadcaster may do this; %s has not logged in here", c.account.api.name(missing.UserID))
	}
	if wrong, ok := errors.AsType[*helix.ParamError](err); ok {
		return wrong.Param + " " + wrong.Rule
	}
	if refused, ok := errors.AsType[*helix.Error](err); ok {
		return fmt.Sprintf("Twitch refused it (%d): %s", refused.Status, cut(refused.Message, maxText))
	}
	if errors.Is(err, chat.ErrTooLong) {
		return "a message has at most 500 characters"
	}
	text := err.Error()
	for _, prefix := range []string{"irc: ", "chat: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}
