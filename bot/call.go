package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Call is one use of a command.
type Call struct {
	Command       string        // name of the command, also if an alias was used
	Alias         string        // the word that was used
	Args          string        // what follows it
	Message       *chat.Message // the message that called; do not change it
	Chatter       chat.Chatter  // who wrote it
	BroadcasterID string        // whose chat it was written in
	Twitch        *helix.Client // acts as the bot's account

	bot *Bot
	cmd *command
}

func newCall(b *Bot, cmd *command, alias, args string, m *chat.Message) *Call {
	return &Call{
		Command: cmd.Name, Alias: alias, Args: args,
		Message: m, Chatter: m.Chatter, BroadcasterID: m.Broadcaster.ID,
		Twitch: b.tw.As(b.o.UserID), bot: b, cmd: cmd,
	}
}

// Usage returns how the command is used: "!give <to> <amount> [message]".
func (c *Call) Usage() string { return c.bot.usage(c.cmd) }

// Reply answers the message that called. The text is cleaned by [chat.Clean] and
// shortened to one message. An empty text is not sent.
func (c *Call) Reply(ctx context.Context, format string, args ...any) error {
	return c.bot.say(ctx, c.BroadcasterID, c.Message.ID, fmt.Sprintf(format, args...))
}

// Send writes to the chat of the channel. It treats the text as [Call.Reply] does.
// A message that Twitch drops is a [*helix.DroppedError].
func (c *Call) Send(ctx context.Context, format string, args ...any) error {
	return c.bot.say(ctx, c.BroadcasterID, "", fmt.Sprintf(format, args...))
}

// say sends a message. Twitch drops a text that it saw within the last 30 seconds,
// but a bot may well have to say the same again: then it is sent with an invisible
// character at its end.
func (b *Bot) say(ctx context.Context, broadcasterID, replyTo, text string) error {
	text = chat.Shorten(chat.Clean(text), chat.MaxLength)
	if text == "" {
		return nil
	}
	p := helix.SendChatMessageParams{BroadcasterID: broadcasterID, SenderID: b.o.UserID, Message: text, ReplyTo: replyTo}
	_, err := b.tw.Chat.Say(ctx, p)
	if dropped, ok := errors.AsType[*helix.DroppedError](err); ok && dropped.Code == "msg_duplicate" {
		p.Message, _ = chat.Vary(chat.Shorten(text, chat.MaxLength-2), 1)
		_, err = b.tw.Chat.Say(ctx, p)
	}
	if err != nil {
		return fmt.Errorf("bot: %w", err)
	}
	return nil
}
