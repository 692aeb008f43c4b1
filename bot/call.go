package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Call is one use of a command.
type Call struct {
	Command       string        // name of the command, also if an alias was used
	Alias         string        // the words that were used
	Args          string        // what follows them
	Prefix        string        // what the message began with
	Message       *chat.Message // the message that called; do not change it. Of a redemption it has no id, roles and badges
	Redemption    *Redemption   // of a [Reward]; nil if a message called
	Chatter       chat.Chatter  // who wrote it
	BroadcasterID string        // whose chat it was written in
	Twitch        *helix.Client // acts as the bot's account

	bot    *Bot
	cmd    *command
	ran    bool    // the command itself was called
	err    error   // of all stages
	pooled bool    // it runs on a worker of the bot's pool
	key    callKey // of the pool

	flagsEnded bool // a word "--" was read

	ctx      deadline
	keys     [2]string // room for cooled
	cooled   []string  // keys of the cooldowns that the call is a use of
	cooledAt time.Time
}

// Usage returns how the command is used: "!give <to> <amount> [message]".
func (c *Call) Usage() string {
	prefix := c.Prefix
	if prefix == "" {
		prefix = c.bot.o.Prefix
	}
	return c.bot.usage(c.cmd, prefix)
}

// usageHint returns the end of an error about arguments.
func (c *Call) usageHint() string { return c.Text(TextUsage, c.Usage()) }

// Reply answers the message that called, through Options.Sender, and returns when Twitch
// has accepted the answer. The text is cleaned by [chat.Clean] and shortened to one
// message. An empty text is not sent. The same answer may be given again within 30 seconds:
// see [chat.Vary]. Answers to moderators are sent before others.
//
// A message that Twitch drops is a [*chat.DroppedError]; for other errors see
// [chat.Sender].
//
// A redemption has no message to answer: its user is mentioned instead.
func (c *Call) Reply(ctx context.Context, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if c.Redemption != nil && text != "" {
		text = c.Chatter.Mention() + " " + text
	}
	return c.say(ctx, c.Message.ID, text)
}

// Send writes to the chat of the channel. It treats the text as [Call.Reply] does, and
// has the same errors.
func (c *Call) Send(ctx context.Context, format string, args ...any) error {
	return c.say(ctx, "", fmt.Sprintf(format, args...))
}

func (c *Call) say(ctx context.Context, replyTo, text string) error {
	return c.send(ctx, chat.Outgoing{ReplyTo: replyTo, Text: chat.Shorten(chat.Clean(text), chat.MaxLength)})
}

func (c *Call) send(ctx context.Context, m chat.Outgoing) error {
	m.Channel, m.Evade = c.Message.Broadcaster, true
	if chat.Clean(m.Text) == "" {
		return nil
	}
	if c.Chatter.CanModerate() {
		m.Priority = chat.PriorityHigh
	}
	_, err := c.bot.user().sender.Send(ctx, m)
	return c.wrap(err)
}
