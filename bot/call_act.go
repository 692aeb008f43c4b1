package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// Room returns the chat of the channel as the bot moderates it: shoutouts, chat modes,
// raids and all else that chat commands did. The bot has to be moderator.
func (c *Call) Room() *helix.Room { return c.bot.tw.Room(c.BroadcasterID, c.bot.user().id) }

// Announce writes a highlighted message to the chat. The bot has to be moderator.
func (c *Call) Announce(ctx context.Context, format string, args ...any) error {
	text := chat.Shorten(chat.OneLine(fmt.Sprintf(format, args...)), chat.MaxLength)
	return c.wrap(c.Room().Announce(ctx, text, helix.AnnouncementColorPrimary))
}

// SendLong writes a text of any length to the chat of the channel, in as many messages as
// it needs, at most ten. The first is an answer to the message that called.
func (c *Call) SendLong(ctx context.Context, format string, args ...any) error {
	text := chat.Shorten(fmt.Sprintf(format, args...), 10*chat.MaxLength)
	return c.send(ctx, chat.Outgoing{ReplyTo: c.Message.ID, Text: text, Split: true})
}

// Act writes to the chat of the channel as /me does.
func (c *Call) Act(ctx context.Context, format string, args ...any) error {
	return c.send(ctx, chat.Outgoing{Text: fmt.Sprintf(format, args...), Action: true})
}

// Whisper sends the chatter a whisper. Twitch limits whispers strictly: 40 new users a day,
// and the bot needs a verified phone number.
func (c *Call) Whisper(ctx context.Context, format string, args ...any) error {
	return c.wrap(c.Room().Whisper(ctx, c.Chatter.ID, fmt.Sprintf(format, args...)))
}

// Delete deletes the message that called. The bot has to be moderator; messages of the
// broadcaster and of other moderators cannot be deleted.
func (c *Call) Delete(ctx context.Context) error {
	if c.Message.ID == "" {
		return errors.New("bot: delete: the call has no message")
	}
	return c.wrap(c.Room().Delete(ctx, c.Message.ID))
}

// Timeout keeps the chatter from writing for some time: a second to two weeks.
func (c *Call) Timeout(ctx context.Context, d time.Duration, reason string) error {
	return c.wrap(c.Room().Timeout(ctx, c.Chatter.ID, d, reason))
}

// Ban bans the chatter from the channel.
func (c *Call) Ban(ctx context.Context, reason string) error {
	return c.wrap(c.Room().Ban(ctx, c.Chatter.ID, reason))
}

func (c *Call) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("bot: %w", err)
	}
	return nil
}
