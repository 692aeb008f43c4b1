package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Call is one use of a command.
type Call struct {
	Command       string // name of the command, also if an alias was used
	Alias         string // the word that was used
	Args          string // what follows it
	Chatter       Chatter
	BroadcasterID string
	MessageID     string
	Event         *eventsub.ChannelChatMessage // shared with other handlers: do not change it
	Twitch        *helix.Client                // as the bot

	bot *Bot
	cmd *command
}

// A Chatter is who used a command.
type Chatter struct {
	User
	Badges []string // the kinds of their badges: "moderator", "subscriber" …
}

func newCall(b *Bot, cmd *command, alias, args string, e *eventsub.ChannelChatMessage) *Call {
	c := &Call{
		Command: cmd.Name, Alias: alias, Args: args,
		Chatter:       Chatter{User: User{ID: e.ChatterUserID, Login: e.ChatterUserLogin, Name: e.ChatterUserName}},
		BroadcasterID: e.BroadcasterUserID, MessageID: e.MessageID, Event: e,
		Twitch: b.tw.As(b.o.UserID), bot: b, cmd: cmd,
	}
	for _, badge := range e.Badges {
		c.Chatter.Badges = append(c.Chatter.Badges, badge.SetID)
	}
	return c
}

// Usage returns how the command is used: "!give <to> <amount> [message]".
func (c *Call) Usage() string { return c.bot.usage(c.cmd) }

// Reply answers the message that called. What does not fit into a message is cut.
func (c *Call) Reply(ctx context.Context, format string, args ...any) error {
	return c.bot.say(ctx, c.BroadcasterID, c.MessageID, fmt.Sprintf(format, args...))
}

// Send writes into the channel.
func (c *Call) Send(ctx context.Context, format string, args ...any) error {
	return c.bot.say(ctx, c.BroadcasterID, "", fmt.Sprintf(format, args...))
}

// say sends a message. Twitch drops what was written within 30 seconds already,
// which for a bot is no mistake: then it is sent again with something invisible.
func (b *Bot) say(ctx context.Context, broadcasterID, replyTo, text string) error {
	if text = cleanOutgoing(text); text == "" {
		return nil
	}
	p := helix.SendChatMessageParams{BroadcasterID: broadcasterID, SenderID: b.o.UserID, Message: text, ReplyTo: replyTo}
	err := b.send(ctx, p)
	if dropped, ok := errors.AsType[*DroppedError](err); ok && dropped.Code == "msg_duplicate" {
		p.Message = cut(text, maxText-2) + " " + filler
		err = b.send(ctx, p)
	}
	return err
}

func (b *Bot) send(ctx context.Context, p helix.SendChatMessageParams) error {
	sent, err := b.tw.Chat.SendMessage(ctx, p)
	if err != nil {
		return fmt.Errorf("bot: %w", err)
	}
	if sent.IsSent {
		return nil
	}
	if r := sent.DropReason; r != nil {
		return &DroppedError{Code: r.Code, Text: r.Message}
	}
	return &DroppedError{Code: "unknown", Text: "Twitch gave no reason"}
}
