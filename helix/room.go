package helix

import (
	"context"
	"time"
)

// A Room is the chat of one channel as a moderator works in it. Its methods do what the
// chat commands of the same names did, which Twitch removed from chat in 2023:
//
//	room := tw.Room(channelID, botID)
//	err := room.Timeout(ctx, userID, 10*time.Minute, "links")
//
// Users are named by ID; see [UsersService.ByLogin]. Methods that only the broadcaster may
// call use the broadcaster's token, all others the moderator's.
type Room struct {
	c                          *Client
	broadcasterID, moderatorID string
}

// Room returns the chat of a channel as a moderator, or the broadcaster, works in it.
func (c *Client) Room(broadcasterID, moderatorID string) *Room {
	return &Room{c, broadcasterID, moderatorID}
}

// Ban removes a user from the chat for good. The reason may be empty.
//
// Twitch: Ban User. Scope: moderator:manage:banned_users.
func (r *Room) Ban(ctx context.Context, userID, reason string) error {
	return r.ban(ctx, userID, 0, reason)
}

// Timeout removes a user from the chat for a while: a second to two weeks, in whole seconds
// rounded up. The reason may be empty.
//
// Twitch: Ban User. Scope: moderator:manage:banned_users.
func (r *Room) Timeout(ctx context.Context, userID string, d time.Duration, reason string) error {
	return r.ban(ctx, userID, max(1, up(d, time.Second)), reason)
}

func (r *Room) ban(ctx context.Context, userID string, seconds int, reason string) error {
	_, err := r.c.Moderation.Ban(ctx, BanUserParams{
		BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID, UserID: userID, Duration: seconds, Reason: reason,
	})
	return err
}

// Unban ends a ban or a timeout.
//
// Twitch: Unban User. Scope: moderator:manage:banned_users.
func (r *Room) Unban(ctx context.Context, userID string) error {
	return r.c.Moderation.Unban(ctx, UnbanUserParams{BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID, UserID: userID})
}

// Warn warns a user, who cannot write until they have agreed. The reason has at most 500
// characters.
//
// Twitch: Warn Chat User. Scope: moderator:manage:warnings.
func (r *Room) Warn(ctx context.Context, userID, reason string) error {
	_, err := r.c.Moderation.Warn(ctx, WarnChatUserParams{BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID, UserID: userID, Reason: reason})
	return err
}

// Delete removes a message, which must be at most six hours old.
//
// Twitch: Delete Chat Messages. Scope: moderator:manage:chat_messages.
func (r *Room) Delete(ctx context.Context, messageID string) error {
	if messageID == "" { // would remove all messages
		return &ParamError{Endpoint: deleteChatMessages, Param: "message_id", Rule: "is required"}
	}
	return r.c.Moderation.DeleteMessages(ctx, DeleteChatMessagesParams{BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID, MessageID: messageID})
}

// Clear removes all messages.
//
// Twitch: Delete Chat Messages. Scope: moderator:manage:chat_messages.
func (r *Room) Clear(ctx context.Context) error {
	return r.c.Moderation.DeleteMessages(ctx, DeleteChatMessagesParams{BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID})
}

// Announce writes a highlighted message. The colour "" is the channel's own.
//
// Twitch: Send Chat Announcement. Scope: moderator:manage:announcements.
func (r *Room) Announce(ctx context.Context, text string, color AnnouncementColor) error {
	return r.c.Chat.SendAnnouncement(ctx, SendChatAnnouncementParams{
		BroadcasterID: r.broadcasterID, ModeratorID: r.moderatorID, Message: text, Color: color,
	})
}

// Shoutout recommends another broadcaster. The channel must be live.
//
// Twitch: Send a Shoutout. Scope: moderator:manage:shoutouts.
func (r *Room) Shoutout(ctx context.Context, broadcasterID string) error {
	return r.c.Chat.SendShoutout(ctx, SendAShoutoutParams{FromBroadcasterID: r.broadcasterID, ToBroadcasterID: broadcasterID, ModeratorID: r.moderatorID})
}

// Whisper sends a private message from the moderator to a user. Twitch may drop it
// without saying so.
//
// Twitch: Send Whisper. Scope: user:manage:whispers.
func (r *Room) Whisper(ctx context.Context, userID, text string) error {
	return r.c.Whispers.Send(ctx, SendWhisperParams{FromUserID: r.moderatorID, ToUserID: userID, Message: text})
}

// Color sets the colour of the moderator's own name; see [ParseColor]. Only Turbo and
// Prime users may have a colour without a name.
//
// Twitch: Update User Chat Color. Scope: user:manage:chat_color.
func (r *Room) Color(ctx context.Context, color Color) error {
	name, ok := color.Name()
	if !ok {
		name = color.String()
	}
	return r.c.Chat.UpdateUserColor(ctx, UpdateUserChatColorParams{UserID: r.moderatorID, Color: ChatColor(name)})
}

// up returns how many units d lasts, rounded up.
func up(d, unit time.Duration) int { return int((d + unit - 1) / unit) }
