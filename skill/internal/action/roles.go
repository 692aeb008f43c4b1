package action

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

var vip = Action{
	Name: "vip", Class: ClassChannel, Short: "user",
	About: "Makes a user a VIP of the channel.", Example: "'{who}'",
	Endpoints: []string{"add-channel-vip"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.Client.Moderation.AddVIP(ctx, helix.AddChannelVIPParams{BroadcasterID: t.Broadcaster.ID, UserID: id})
	}),
}

var unvip = Action{
	Name: "unvip", Class: ClassChannel, Short: "user",
	About: "Takes the role of a VIP from a user.", Example: "'{who}'",
	Endpoints: []string{"remove-channel-vip"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.Client.Moderation.RemoveVIP(ctx, helix.RemoveChannelVIPParams{BroadcasterID: t.Broadcaster.ID, UserID: id})
	}),
}

var mod = Action{
	Name: "mod", Class: ClassChannel, Short: "user",
	About: "Makes a user a moderator of the channel.", Example: "'{who}'",
	Endpoints: []string{"add-channel-moderator"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.Client.Moderation.AddModerator(ctx, helix.AddChannelModeratorParams{BroadcasterID: t.Broadcaster.ID, UserID: id})
	}),
}

var unmod = Action{
	Name: "unmod", Class: ClassChannel, Short: "user",
	About: "Takes the role of a moderator from a user.", Example: "'{who}'",
	Endpoints: []string{"remove-channel-moderator"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.Client.Moderation.RemoveModerator(ctx, helix.RemoveChannelModeratorParams{BroadcasterID: t.Broadcaster.ID, UserID: id})
	}),
}

var block = Action{
	Name: "block", Class: ClassModeration, Short: "user",
	About: "Blocks a user for the bot's account.", Example: "'{event.user_id}'",
	Endpoints: []string{"block-user"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.asBot().Users.Block(ctx, helix.BlockUserParams{TargetUserID: id})
	}),
}

var unblock = Action{
	Name: "unblock", Class: ClassModeration, Short: "user",
	About: "Unblocks a user for the bot's account.", Example: "'{who}'",
	Endpoints: []string{"unblock-user"}, Fields: []Field{userField},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error {
		return t.asBot().Users.Unblock(ctx, helix.UnblockUserParams{TargetUserID: id})
	}),
}
