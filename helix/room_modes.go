package helix

import (
	"context"
	"time"
)

// Slow makes chatters wait between two messages: 3 seconds to 2 minutes, in whole seconds
// rounded up. 0 ends it.
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) Slow(ctx context.Context, d time.Duration) error {
	p := UpdateChatSettingsParams{SlowMode: new(d > 0)}
	if d > 0 {
		p.SlowModeWaitTime = up(d, time.Second)
	}
	return r.set(ctx, p)
}

// FollowersOnly lets only followers write, who have followed for at least d: up to three
// months, in whole minutes rounded up. 0 lets all followers write.
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) FollowersOnly(ctx context.Context, d time.Duration) error {
	return r.set(ctx, UpdateChatSettingsParams{FollowerMode: new(true), FollowerModeDuration: new(up(d, time.Minute))})
}

// FollowersOnlyOff ends [Room.FollowersOnly].
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) FollowersOnlyOff(ctx context.Context) error {
	return r.set(ctx, UpdateChatSettingsParams{FollowerMode: new(false)})
}

// SubscribersOnly sets whether only subscribers, VIPs and moderators may write.
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) SubscribersOnly(ctx context.Context, on bool) error {
	return r.set(ctx, UpdateChatSettingsParams{SubscriberMode: &on})
}

// EmoteOnly sets whether messages may hold emotes only.
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) EmoteOnly(ctx context.Context, on bool) error {
	return r.set(ctx, UpdateChatSettingsParams{EmoteMode: &on})
}

// UniqueChat sets whether Twitch refuses messages that were written before.
//
// Twitch: Update Chat Settings. Scope: moderator:manage:chat_settings.
func (r *Room) UniqueChat(ctx context.Context, on bool) error {
	return r.set(ctx, UpdateChatSettingsParams{UniqueChatMode: &on})
}

func (r *Room) set(ctx context.Context, p UpdateChatSettingsParams) error {
	p.BroadcasterID, p.ModeratorID = r.broadcasterID, r.moderatorID
	_, err := r.c.Chat.UpdateSettings(ctx, p)
	return err
}
