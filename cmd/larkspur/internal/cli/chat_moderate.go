package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// A deed is one use of a command of a moderator.
type deed struct {
	room   *helix.Room
	userID string // of the first argument, where the command names a user
	rest   string // the arguments; without the first where the command names a user
	say    func(text string)
}

// moderatorCommands are the commands that go to Helix.
var moderatorCommands = []chatCommand{
	onUser("/timeout", "NAME [TIME] [REASON]", "keeps a user from writing for a time such as 30s, 10m or 1d (10m)", func(ctx context.Context, d deed) error {
		length, reason, err := timeoutArgs(d.rest)
		if err != nil {
			return err
		}
		return d.room.Timeout(ctx, d.userID, length, reason)
	}),
	onUser("/warn", "NAME REASON", "warns a user, who must agree before they write again", func(ctx context.Context, d deed) error { return d.room.Warn(ctx, d.userID, d.rest) }),
	onUser("/ban", "NAME [REASON]", "keeps a user from writing for good", func(ctx context.Context, d deed) error { return d.room.Ban(ctx, d.userID, d.rest) }),
	onUser("/unban", "NAME", "ends a ban or a timeout", func(ctx context.Context, d deed) error { return d.room.Unban(ctx, d.userID) }),
	{"/delete", "NAME", "removes the last message of a user, or the one with an id", deleteMessage},
	onChat("/clear", "", "removes all messages", func(ctx context.Context, d deed) error { return d.room.Clear(ctx) }),
	onChat("/slow", "[TIME|off]", "makes each user wait between two messages (30s)", func(ctx context.Context, d deed) error {
		if d.off() {
			return d.room.Slow(ctx, 0)
		}
		length, err := d.span(30*time.Second, 3*time.Second, 2*time.Minute)
		if err != nil {
			return err
		}
		return d.room.Slow(ctx, length)
	}),
	onChat("/followers", "[TIME|off]", "lets only followers write, after a time such as 10m or 3d", func(ctx context.Context, d deed) error {
		if d.off() {
			return d.room.FollowersOnlyOff(ctx)
		}
		length, err := d.span(0, 0, 90*24*time.Hour)
		if err != nil {
			return err
		}
		return d.room.FollowersOnly(ctx, length)
	}),
	onChat("/subscribers", "[off]", "lets only subscribers write", func(ctx context.Context, d deed) error { return d.room.SubscribersOnly(ctx, !d.off()) }),
	onChat("/emoteonly", "[off]", "lets only messages of emotes through", func(ctx context.Context, d deed) error { return d.room.EmoteOnly(ctx, !d.off()) }),
	onChat("/uniquechat", "[off]", "lets no message through that was written before", func(ctx context.Context, d deed) error { return d.room.UniqueChat(ctx, !d.off()) }),
	onChat("/announce", "TEXT", "writes an announcement", func(ctx context.Context, d deed) error { return d.room.Announce(ctx, d.rest, "") }),
	onUser("/shoutout", "NAME", "recommends another channel", func(ctx context.Context, d deed) error { return d.room.Shoutout(ctx, d.userID) }),
	onUser("/w", "NAME TEXT", "writes to a user in private", func(ctx context.Context, d deed) error { return d.room.Whisper(ctx, d.userID, d.rest) }),
	onChat("/marker", "[TEXT]", "marks this moment of the stream", func(ctx context.Context, d deed) error {
		_, err := d.room.Marker(ctx, d.rest)
		return err
	}),
	onChat("/commercial", "[TIME]", "shows commercials, in your channel (30s)", func(ctx context.Context, d deed) error {
		length, err := d.span(30*time.Second, 30*time.Second, 3*time.Minute)
		if err != nil {
			return err
		}
		_, err = d.room.Commercial(ctx, length)
		return err
	}),
	onChat("/color", "COLOR", "changes the colour of your name, to blue or #1E90FF for example", func(ctx context.Context, d deed) error {
		color, err := helix.ParseColor(d.rest)
		if err != nil {
			return err
		}
		return d.room.Color(ctx, color)
	}),
	onUser("/raid", "NAME", "takes your viewers to another channel", func(ctx context.Context, d deed) error { return d.room.Raid(ctx, d.userID) }),
	onChat("/unraid", "", "cancels a raid", func(ctx context.Context, d deed) error { return d.room.Unraid(ctx) }),
	onUser("/vip", "NAME", "makes a user a VIP of your channel", func(ctx context.Context, d deed) error { return d.room.VIP(ctx, d.userID) }),
	onUser("/unvip", "NAME", "takes that back", func(ctx context.Context, d deed) error { return d.room.Unvip(ctx, d.userID) }),
	onUser("/mod", "NAME", "makes a user a moderator of your channel", func(ctx context.Context, d deed) error { return d.room.Mod(ctx, d.userID) }),
	onUser("/unmod", "NAME", "takes that back", func(ctx context.Context, d deed) error { return d.room.Unmod(ctx, d.userID) }),
	onChat("/mods", "", "lists the moderators of your channel", func(ctx context.Context, d deed) error {
		var names []string
		for m, err := range d.room.Mods(ctx) {
			if err != nil {
				return err
			}
			names = append(names, m.UserLogin)
		}
		d.list("moderators", names)
		return nil
	}),
	onChat("/vips", "", "lists the VIPs of your channel", func(ctx context.Context, d deed) error {
		var names []string
		for v, err := range d.room.VIPs(ctx) {
			if err != nil {
				return err
			}
			names = append(names, v.UserLogin)
		}
		d.list("VIPs", names)
		return nil
	}),
}

// deleteMessage removes the last message of a user, or the one with an id.
func deleteMessage(ctx context.Context, c *conversation, args string) error {
	id := args
	if !strings.Contains(args, "-") { // ids are UUIDs
		m, err := c.lastOf(args)
		if err != nil {
			return err
		}
		id = m.id
	}
	return c.moderate(ctx, "", args, func(ctx context.Context, d deed) error { return d.room.Delete(ctx, id) })
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
	if c.account.api == nil {
		return errAnonymous
	}
	here, ok := c.rooms.here()
	if !ok {
		return errors.New("no channel is left; enter one with /join CHANNEL")
	}
	d := deed{room: c.account.api.tw.Room(here.ID, c.account.user.ID), rest: rest, say: c.note}
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

// off reports whether the command is to end what it began.
func (d deed) off() bool { return d.rest == "off" }

// list prints names.
func (d deed) list(what string, names []string) {
	if len(names) == 0 {
		d.say(what + ": none")
		return
	}
	d.say(what + ": " + strings.Join(names, ", "))
}
