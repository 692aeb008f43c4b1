package helix_test

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// everyModeration are the calls of moderators.
var everyModeration = []everyRow{
	{"check-automod-status", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.CheckAutoModStatus(ctx, helix.CheckAutoModStatusParams{
			BroadcasterID: s.ada, Messages: []helix.AutoModCheck{{MessageID: "1", Text: "hi"}},
		}))
	}},
	{"manage-held-automod-messages", (*stage).hold, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.ManageHeldMessage(ctx, helix.ManageHeldAutoModMessagesParams{UserID: s.mod, MessageID: s.id, Action: "ALLOW"})
	}},
	{"get-automod-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetAutoModSettings(ctx, helix.GetAutoModSettingsParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"update-automod-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.UpdateAutoModSettings(ctx, helix.UpdateAutoModSettingsParams{BroadcasterID: s.ada, ModeratorID: s.mod, OverallLevel: new(3)}))
	}},
	{"get-banned-users", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetBannedUsers(ctx, helix.GetBannedUsersParams{BroadcasterID: s.ada}))
	}},
	{"ban-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.Ban(ctx, helix.BanUserParams{BroadcasterID: s.ada, ModeratorID: s.mod, UserID: s.grace, Duration: 60}))
	}},
	{"unban-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.Unban(ctx, helix.UnbanUserParams{BroadcasterID: s.ada, ModeratorID: s.mod, UserID: s.nobody})
	}},
	{"get-unban-requests", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetUnbanRequests(ctx, helix.GetUnbanRequestsParams{BroadcasterID: s.ada, ModeratorID: s.mod, Status: "pending"}))
	}},
	{"resolve-unban-requests", (*stage).regret, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.ResolveUnbanRequest(ctx, helix.ResolveUnbanRequestsParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, UnbanRequestID: s.id, Status: "approved",
		}))
	}},
	{"get-blocked-terms", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetBlockedTerms(ctx, helix.GetBlockedTermsParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"add-blocked-term", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.AddBlockedTerm(ctx, helix.AddBlockedTermParams{BroadcasterID: s.ada, ModeratorID: s.mod, Text: "crac*"}))
	}},
	{"remove-blocked-term", (*stage).blockTerm, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.RemoveBlockedTerm(ctx, helix.RemoveBlockedTermParams{BroadcasterID: s.ada, ModeratorID: s.mod, ID: s.id})
	}},
	{"delete-chat-messages", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{BroadcasterID: s.ada, ModeratorID: s.mod, MessageID: s.message})
	}},
	{"get-moderated-channels", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetModeratedChannels(ctx, helix.GetModeratedChannelsParams{UserID: s.mod}))
	}},
	{"get-moderators", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetModerators(ctx, helix.GetModeratorsParams{BroadcasterID: s.ada}))
	}},
	{"add-channel-moderator", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.AddModerator(ctx, helix.AddChannelModeratorParams{BroadcasterID: s.ada, UserID: s.grace})
	}},
	{"remove-channel-moderator", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.RemoveModerator(ctx, helix.RemoveChannelModeratorParams{BroadcasterID: s.ada, UserID: s.mod})
	}},
	{"get-vips", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetVIPs(ctx, helix.GetVIPsParams{BroadcasterID: s.ada}))
	}},
	{"add-channel-vip", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.AddVIP(ctx, helix.AddChannelVIPParams{BroadcasterID: s.ada, UserID: s.grace})
	}},
	{"remove-channel-vip", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Moderation.RemoveVIP(ctx, helix.RemoveChannelVIPParams{BroadcasterID: s.ada, UserID: s.linus})
	}},
	{"update-shield-mode-status", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.UpdateShieldMode(ctx, helix.UpdateShieldModeStatusParams{BroadcasterID: s.ada, ModeratorID: s.mod, IsActive: true}))
	}},
	{"get-shield-mode-status", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.GetShieldMode(ctx, helix.GetShieldModeStatusParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"warn-chat-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.Warn(ctx, helix.WarnChatUserParams{BroadcasterID: s.ada, ModeratorID: s.mod, UserID: s.grace, Reason: "no"}))
	}},
	{"add-suspicious-status-to-chat-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.AddSuspiciousStatus(ctx, helix.AddSuspiciousStatusToChatUserParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, UserID: s.grace, Status: "RESTRICTED",
		}))
	}},
	{"remove-suspicious-status-from-chat-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Moderation.RemoveSuspiciousStatus(ctx, helix.RemoveSuspiciousStatusFromChatUserParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, UserID: s.grace,
		}))
	}},
}

// blockTerm blocks a word.
func (s *stage) blockTerm() {
	s.t.Helper()
	term := made[*helix.BlockedTerm](s)(s.tw.Moderation.AddBlockedTerm(s.t.Context(), helix.AddBlockedTermParams{
		BroadcasterID: s.ada, ModeratorID: s.mod, Text: "crackers",
	}))
	s.id = term.ID
}

// hold has a message of grace be held for the moderators.
func (s *stage) hold() {
	s.t.Helper()
	s.BlockTerm("ada", "crackers")
	s.Say("ada", "grace", "Crackers!")
	s.id = s.HeldMessages("ada")[0]
}

// regret has nobody ask for the end of their ban.
func (s *stage) regret() {
	s.t.Helper()
	s.id = s.RequestUnban("ada", "nobody", "sorry")
}
