package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// A deed is a command of a moderator: the client, and whom and what it is about.
type deed struct {
	tw        *helix.Client
	channelID string
	myID      string
	userID    string // of the first argument, where the command names a user
	rest      string // the arguments; without the first where the command names a user
}

// moderatorCommands are the commands that go to Helix.
var moderatorCommands = []chatCommand{
	onUser("/timeout", "NAME [TIME] [REASON]", "keeps a user from writing for a time such as 30s, 10m or 1d (10m)", func(ctx context.Context, d deed) error {
		first, reason, _ := strings.Cut(d.rest, " ")
		length, err := parseSpan(first)
		if err != nil {
			length, reason = 10*time.Minute, d.rest
		}
		_, err = d.tw.Moderation.Ban(ctx, helix.BanUserParams{BroadcasterID: d.channelID, ModeratorID: d.myID, UserID: d.userID, Duration: int(length.Seconds()), Reason: reason})
		return err
	}),
	onUser("/ban", "NAME [REASON]", "keeps a user from writing for good", func(ctx context.Context, d deed) error {
		_, err := d.tw.Moderation.Ban(ctx, helix.BanUserParams{BroadcasterID: d.channelID, ModeratorID: d.myID, UserID: d.userID, Reason: d.rest})
		return err
	}),
	onUser("/unban", "NAME", "ends a ban or a timeout", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.Unban(ctx, helix.UnbanUserParams{BroadcasterID: d.channelID, ModeratorID: d.myID, UserID: d.userID})
	}),
	onUser("/warn", "NAME REASON", "warns a user, who must confirm it before writing again", func(ctx context.Context, d deed) error {
		_, err := d.tw.Moderation.Warn(ctx, helix.WarnChatUserParams{BroadcasterID: d.channelID, ModeratorID: d.myID, UserID: d.userID, Reason: d.rest})
		return err
	}),
	{"/delete", "NAME", "removes the last message of a user, or one by its id", func(ctx context.Context, c *conversation, args string) error {
		id := args
		if !strings.Contains(args, "-") { // ids are UUIDs
			m, err := c.lastOf(args)
			if err != nil {
				return err
			}
			id = m.id
		}
		return c.moderate(ctx, "", args, func(ctx context.Context, d deed) error {
			return d.tw.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{BroadcasterID: d.channelID, ModeratorID: d.myID, MessageID: id})
		})
	}},
	onChat("/clear", "", "removes all messages", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{BroadcasterID: d.channelID, ModeratorID: d.myID})
	}),
	onChat("/slow", "[TIME|off]", "makes each user wait between two messages (30s)", func(ctx context.Context, d deed) error {
		return d.mode(ctx, 30*time.Second, func(p *helix.UpdateChatSettingsParams, on bool, t time.Duration) {
			p.SlowMode, p.SlowModeWaitTime = &on, int(t.Seconds())
		})
	}),
	onChat("/followers", "[TIME|off]", "lets only followers write, after a time such as 10m or 3d", func(ctx context.Context, d deed) error {
		return d.mode(ctx, 0, func(p *helix.UpdateChatSettingsParams, on bool, t time.Duration) {
			if p.FollowerMode = &on; on {
				p.FollowerModeDuration = new(int(t.Minutes()))
			}
		})
	}),
	onChat("/subscribers", "[off]", "lets only subscribers write", func(ctx context.Context, d deed) error {
		return d.mode(ctx, 0, func(p *helix.UpdateChatSettingsParams, on bool, _ time.Duration) { p.SubscriberMode = &on })
	}),
	onChat("/emoteonly", "[off]", "lets only messages of emotes through", func(ctx context.Context, d deed) error {
		return d.mode(ctx, 0, func(p *helix.UpdateChatSettingsParams, on bool, _ time.Duration) { p.EmoteMode = &on })
	}),
	onChat("/uniquechat", "[off]", "lets no message through that was written before", func(ctx context.Context, d deed) error {
		return d.mode(ctx, 0, func(p *helix.UpdateChatSettingsParams, on bool, _ time.Duration) { p.UniqueChatMode = &on })
	}),
	onChat("/announce", "TEXT", "writes an announcement", func(ctx context.Context, d deed) error {
		return d.tw.Chat.SendAnnouncement(ctx, helix.SendChatAnnouncementParams{BroadcasterID: d.channelID, ModeratorID: d.myID, Message: d.rest})
	}),
	onUser("/shoutout", "NAME", "recommends a channel", func(ctx context.Context, d deed) error {
		return d.tw.Chat.SendShoutout(ctx, helix.SendAShoutoutParams{FromBroadcasterID: d.channelID, ToBroadcasterID: d.userID, ModeratorID: d.myID})
	}),
	onUser("/raid", "NAME", "takes the viewers of your channel to another", func(ctx context.Context, d deed) error {
		_, err := d.tw.Raids.Start(ctx, helix.StartARaidParams{FromBroadcasterID: d.channelID, ToBroadcasterID: d.userID})
		return err
	}),
	onChat("/unraid", "", "cancels a raid", func(ctx context.Context, d deed) error {
		return d.tw.Raids.Cancel(ctx, helix.CancelARaidParams{BroadcasterID: d.channelID})
	}),
	onUser("/vip", "NAME", "makes a user a VIP of your channel", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.AddVIP(ctx, helix.AddChannelVIPParams{BroadcasterID: d.channelID, UserID: d.userID})
	}),
	onUser("/unvip", "NAME", "ends that", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.RemoveVIP(ctx, helix.RemoveChannelVIPParams{BroadcasterID: d.channelID, UserID: d.userID})
	}),
	onUser("/mod", "NAME", "makes a user a moderator of your channel", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.AddModerator(ctx, helix.AddChannelModeratorParams{BroadcasterID: d.channelID, UserID: d.userID})
	}),
	onUser("/unmod", "NAME", "ends that", func(ctx context.Context, d deed) error {
		return d.tw.Moderation.RemoveModerator(ctx, helix.RemoveChannelModeratorParams{BroadcasterID: d.channelID, UserID: d.userID})
	}),
}

// onUser is a command whose first argument names a user.
func onUser(name, args, help string, do func(context.Context, deed) error) chatCommand {
	return chatCommand{name, args, help, func(ctx context.Context, c *conversation, args string) error {
		user, rest, _ := strings.Cut(args, " ")
		return c.moderate(ctx, user, strings.TrimSpace(rest), do)
	}}
}

// onChat is a command about the whole chat.
func onChat(name, args, help string, do func(context.Context, deed) error) chatCommand {
	return chatCommand{name, args, help, func(ctx context.Context, c *conversation, args string) error {
		return c.moderate(ctx, "", args, do)
	}}
}

// moderate does something in the current channel, about a user if one is named.
func (c *conversation) moderate(ctx context.Context, user, rest string, do func(context.Context, deed) error) error {
	here, ok := c.rooms.here()
	if !ok {
		return errors.New("no channel is left")
	}
	d := deed{tw: c.account.api.tw, channelID: here.ID, myID: c.account.user.ID, rest: rest}
	if user != "" {
		login, err := channelArg(user)
		if err != nil {
			return fmt.Errorf("%q is not a login", cut(user, maxName))
		}
		found, err := c.account.api.findUsers(ctx, []string{"@" + login})
		if err != nil {
			return err
		}
		if d.userID = found["@"+login].id; d.userID == "" {
			return fmt.Errorf("there is no user %q on Twitch", login)
		}
	}
	if err := do(ctx, d); err != nil {
		return err
	}
	c.note("done")
	return nil
}

// mode changes a chat mode. The argument is nothing, a time, or "off".
func (d deed) mode(ctx context.Context, otherwise time.Duration, set func(p *helix.UpdateChatSettingsParams, on bool, t time.Duration)) error {
	p := helix.UpdateChatSettingsParams{BroadcasterID: d.channelID, ModeratorID: d.myID}
	on, t := d.rest != "off", otherwise
	if on && d.rest != "" {
		var err error
		if t, err = parseSpan(d.rest); err != nil {
			return err
		}
	}
	if set(&p, on, t); !on {
		p.SlowModeWaitTime = 0
	}
	_, err := d.tw.Chat.UpdateSettings(ctx, p)
	return err
}

// parseSpan parses a time as Twitch's commands take it: seconds, or "10m", "3d", "1w".
func parseSpan(text string) (time.Duration, error) {
	units := map[string]time.Duration{
		"": time.Second, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	}
	digits := strings.TrimRight(text, "smhdw")
	n, err := strconv.Atoi(digits)
	unit, ok := units[text[len(digits):]]
	if err != nil || !ok || n < 0 || n > 10_000_000 {
		return 0, fmt.Errorf("%q: want a time such as 30s, 10m or 1d, or off", cut(text, maxName))
	}
	return time.Duration(n) * unit, nil
}
