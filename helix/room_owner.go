package helix

import (
	"context"
	"iter"
	"time"
)

// Mod makes a user moderator. Only the broadcaster can.
//
// Twitch: Add Channel Moderator. Scope: channel:manage:moderators.
func (r *Room) Mod(ctx context.Context, userID string) error {
	return r.c.Moderation.AddModerator(ctx, AddChannelModeratorParams{BroadcasterID: r.broadcasterID, UserID: userID})
}

// Unmod ends that. Only the broadcaster can.
//
// Twitch: Remove Channel Moderator. Scope: channel:manage:moderators.
func (r *Room) Unmod(ctx context.Context, userID string) error {
	return r.c.Moderation.RemoveModerator(ctx, RemoveChannelModeratorParams{BroadcasterID: r.broadcasterID, UserID: userID})
}

// Mods lists the moderators. Only the broadcaster can.
//
// Twitch: Get Moderators. Scope: moderation:read.
func (r *Room) Mods(ctx context.Context) iter.Seq2[ChannelModerator, error] {
	return r.c.Moderation.AllModerators(ctx, GetModeratorsParams{BroadcasterID: r.broadcasterID})
}

// VIP makes a user VIP. Only the broadcaster can.
//
// Twitch: Add Channel VIP. Scope: channel:manage:vips.
func (r *Room) VIP(ctx context.Context, userID string) error {
	return r.c.Moderation.AddVIP(ctx, AddChannelVIPParams{BroadcasterID: r.broadcasterID, UserID: userID})
}

// Unvip ends that. Only the broadcaster can.
//
// Twitch: Remove Channel VIP. Scope: channel:manage:vips.
func (r *Room) Unvip(ctx context.Context, userID string) error {
	return r.c.As(r.broadcasterID).Moderation.RemoveVIP(ctx, RemoveChannelVIPParams{BroadcasterID: r.broadcasterID, UserID: userID})
}

// VIPs lists the VIPs. Only the broadcaster can.
//
// Twitch: Get VIPs. Scope: channel:read:vips.
func (r *Room) VIPs(ctx context.Context) iter.Seq2[ChannelVIP, error] {
	return r.c.Moderation.AllVIPs(ctx, GetVIPsParams{BroadcasterID: r.broadcasterID})
}

// Raid sends the viewers to another channel, after 90 seconds in which it can be
// cancelled. Only the broadcaster can.
//
// Twitch: Start a Raid. Scope: channel:manage:raids.
func (r *Room) Raid(ctx context.Context, broadcasterID string) error {
	_, err := r.c.Raids.Start(ctx, StartARaidParams{FromBroadcasterID: r.broadcasterID, ToBroadcasterID: broadcasterID})
	return err
}

// Unraid cancels a raid that has not begun. Only the broadcaster can.
//
// Twitch: Cancel a Raid. Scope: channel:manage:raids.
func (r *Room) Unraid(ctx context.Context) error {
	return r.c.Raids.Cancel(ctx, CancelARaidParams{BroadcasterID: r.broadcasterID})
}

// Commercial shows commercials for up to three minutes, in whole seconds rounded up. Only
// the broadcaster can.
//
// Twitch: Start Commercial. Scope: channel:edit:commercial.
func (r *Room) Commercial(ctx context.Context, d time.Duration) (*Commercial, error) {
	return r.c.Ads.StartCommercial(ctx, StartCommercialParams{BroadcasterID: r.broadcasterID, Length: up(d, time.Second)})
}

// Marker marks this moment of the stream. The moderator must be the broadcaster or an
// editor. The description may be empty.
//
// Twitch: Create Stream Marker. Scope: channel:manage:broadcast.
func (r *Room) Marker(ctx context.Context, description string) (*StreamMarker, error) {
	return r.c.As(r.moderatorID).Streams.CreateMarker(ctx, CreateStreamMarkerParams{UserID: r.broadcasterID, Description: description})
}
