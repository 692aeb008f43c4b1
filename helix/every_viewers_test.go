package helix_test

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// everyViewers are the calls about viewers: who they are, what they give and what
// they take part in.
var everyViewers = []everyRow{
	{"get-bits-leaderboard", func(s *stage) { s.Cheer("ada", "grace", 100, "nice") }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Bits.GetLeaderboard(ctx, helix.GetBitsLeaderboardParams{Count: 5}))
	}},
	{"get-cheermotes", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Bits.GetCheermotes(ctx, helix.GetCheermotesParams{BroadcasterID: s.ada}))
	}},
	{"get-custom-power-up", func(s *stage) { s.AddPowerUp("ada", "Fireworks", 50) }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Bits.GetCustomPowerUps(ctx, helix.GetCustomPowerUpParams{BroadcasterID: s.ada}))
	}},
	{"create-custom-rewards", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.ChannelPoints.CreateReward(ctx, helix.CreateCustomRewardsParams{BroadcasterID: s.ada, Title: "Stretch", Cost: 500}))
	}},
	{"delete-custom-reward", (*stage).reward, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.ChannelPoints.DeleteReward(ctx, helix.DeleteCustomRewardParams{BroadcasterID: s.ada, ID: s.id})
	}},
	{"get-custom-reward", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.ChannelPoints.GetRewards(ctx, helix.GetCustomRewardParams{BroadcasterID: s.ada}))
	}},
	{"get-custom-reward-redemption", (*stage).reward, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.ChannelPoints.GetRedemptions(ctx, helix.GetCustomRewardRedemptionParams{BroadcasterID: s.ada, RewardID: s.id, Status: "UNFULFILLED"}))
	}},
	{"update-custom-reward", (*stage).reward, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.ChannelPoints.UpdateReward(ctx, helix.UpdateCustomRewardParams{BroadcasterID: s.ada, ID: s.id, Cost: 7, IsPaused: new(true)}))
	}},
	{"update-redemption-status", (*stage).redemption, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.ChannelPoints.UpdateRedemptions(ctx, helix.UpdateRedemptionStatusParams{
			BroadcasterID: s.ada, RewardID: s.id, IDs: []string{s.other}, Status: "FULFILLED",
		}))
	}},
	{"get-charity-campaign", (*stage).charity, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Charity.GetCampaign(ctx, helix.GetCharityCampaignParams{BroadcasterID: s.ada}))
	}},
	{"get-charity-campaign-donations", (*stage).charity, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Charity.GetDonations(ctx, helix.GetCharityCampaignDonationsParams{BroadcasterID: s.ada}))
	}},
	{"get-drops-entitlements", (*stage).drop, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Entitlements.GetDrops(ctx, helix.GetDropsEntitlementsParams{UserID: s.grace}))
	}},
	{"update-drops-entitlements", (*stage).drop, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Entitlements.UpdateDrops(ctx, helix.UpdateDropsEntitlementsParams{
			EntitlementIDs: []string{s.id}, FulfillmentStatus: "FULFILLED",
		}))
	}},
	{"get-channel-guest-star-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.GuestStar.GetSettings(ctx, helix.GetChannelGuestStarSettingsParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"update-channel-guest-star-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.UpdateSettings(ctx, helix.UpdateChannelGuestStarSettingsParams{BroadcasterID: s.ada, SlotCount: new(4)})
	}},
	{"get-guest-star-session", (*stage).guestStar, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.GuestStar.GetSession(ctx, helix.GetGuestStarSessionParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"create-guest-star-session", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.GuestStar.CreateSession(ctx, helix.CreateGuestStarSessionParams{BroadcasterID: s.ada}))
	}},
	{"end-guest-star-session", (*stage).guestStar, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.GuestStar.EndSession(ctx, helix.EndGuestStarSessionParams{BroadcasterID: s.ada, SessionID: s.id}))
	}},
	{"get-guest-star-invites", (*stage).guest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.GuestStar.GetInvites(ctx, helix.GetGuestStarInvitesParams{BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id}))
	}},
	{"send-guest-star-invite", (*stage).guestStar, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.SendInvite(ctx, helix.SendGuestStarInviteParams{BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, GuestID: s.grace})
	}},
	{"delete-guest-star-invite", (*stage).guest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.DeleteInvite(ctx, helix.DeleteGuestStarInviteParams{BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, GuestID: s.grace})
	}},
	{"assign-guest-star-slot", (*stage).readyGuest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.AssignSlot(ctx, slot(s))
	}},
	{"update-guest-star-slot", (*stage).seatedGuest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.UpdateSlot(ctx, helix.UpdateGuestStarSlotParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, SourceSlotID: "1", DestinationSlotID: "2",
		})
	}},
	{"delete-guest-star-slot", (*stage).seatedGuest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.DeleteSlot(ctx, helix.DeleteGuestStarSlotParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, GuestID: s.grace, SlotID: "1",
		})
	}},
	{"update-guest-star-slot-settings", (*stage).seatedGuest, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.GuestStar.UpdateSlotSettings(ctx, helix.UpdateGuestStarSlotSettingsParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, SlotID: "1", Volume: new(40),
		})
	}},
	{"get-polls", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Polls.Get(ctx, helix.GetPollsParams{BroadcasterID: s.ada}))
	}},
	{"create-poll", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Polls.Create(ctx, tea(s)))
	}},
	{
		"end-poll", func(s *stage) { s.id = made[*helix.Poll](s)(s.tw.Polls.Create(s.t.Context(), tea(s))).ID },
		func(ctx context.Context, tw *helix.Client, s *stage) error {
			return does(tw.Polls.End(ctx, helix.EndPollParams{BroadcasterID: s.ada, ID: s.id, Status: "TERMINATED"}))
		},
	},
	{"get-predictions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Predictions.Get(ctx, helix.GetPredictionsParams{BroadcasterID: s.ada}))
	}},
	{"create-prediction", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Predictions.Create(ctx, win(s)))
	}},
	{
		"end-prediction", func(s *stage) { s.id = made[*helix.Prediction](s)(s.tw.Predictions.Create(s.t.Context(), win(s))).ID },
		func(ctx context.Context, tw *helix.Client, s *stage) error {
			return does(tw.Predictions.End(ctx, helix.EndPredictionParams{BroadcasterID: s.ada, ID: s.id, Status: "CANCELED"}))
		},
	},
	{"get-broadcaster-subscriptions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Subscriptions.Get(ctx, helix.GetBroadcasterSubscriptionsParams{BroadcasterID: s.ada}))
	}},
	{"check-user-subscription", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Subscriptions.Check(ctx, helix.CheckUserSubscriptionParams{BroadcasterID: s.ada, UserID: s.grace}))
	}},
	{"get-users", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Users.Get(ctx, helix.GetUsersParams{Logins: []string{"ada"}, IDs: []string{s.grace}}))
	}},
	{"update-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.grace).Users.Update(ctx, helix.UpdateUserParams{Description: new("me")}))
	}},
	{"get-authorization-by-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Users.GetAuthorizations(ctx, helix.GetAuthorizationByUserParams{UserIDs: []string{s.ada}}))
	}},
	{"get-user-block-list", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Users.GetBlocked(ctx, helix.GetUserBlockListParams{BroadcasterID: s.ada}))
	}},
	{"block-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.As(s.ada).Users.Block(ctx, helix.BlockUserParams{TargetUserID: s.grace, Reason: "spam"})
	}},
	{"unblock-user", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.As(s.ada).Users.Unblock(ctx, helix.UnblockUserParams{TargetUserID: s.grace})
	}},
	{"get-user-extensions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Users.GetExtensions(ctx))
	}},
	{"get-user-active-extensions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Users.GetActiveExtensions(ctx, helix.GetUserActiveExtensionsParams{UserID: s.ada}))
	}},
	{"update-user-extensions", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Users.UpdateExtensions(ctx, helix.UpdateUserExtensionsParams{
			Panel: map[string]helix.ExtensionSlot{"1": {Active: false}},
		}))
	}},
}

// charity has ada collect, and grace give.
func (s *stage) charity() {
	s.StartCharity("ada", "Trees", 100_000)
	s.Donate("ada", "grace", 1250)
}

// drop has grace earn a drop.
func (s *stage) drop() { s.id = s.GrantDrop("grace", "Chess", "hat") }

func tea(s *stage) helix.CreatePollParams {
	return helix.CreatePollParams{BroadcasterID: s.ada, Title: "Tea?", Choices: []helix.NewPollChoice{{Title: "yes"}, {Title: "no"}}, Duration: 60}
}

func win(s *stage) helix.CreatePredictionParams {
	return helix.CreatePredictionParams{
		BroadcasterID: s.ada, Title: "Will I win?", Outcomes: []helix.NewPredictionOutcome{{Title: "yes"}, {Title: "no"}}, PredictionWindow: 60,
	}
}

// reward puts a reward up for channel points.
func (s *stage) reward() {
	s.t.Helper()
	s.id = made[*helix.CustomReward](s)(s.tw.ChannelPoints.CreateReward(s.t.Context(), helix.CreateCustomRewardsParams{
		BroadcasterID: s.ada, Title: "Hydrate", Cost: 100,
	})).ID
}

// redemption has grace redeem a reward.
func (s *stage) redemption() {
	s.t.Helper()
	s.reward()
	s.other = s.Redeem("ada", "grace", s.id, "")
}

// guestStar begins a Guest Star session.
func (s *stage) guestStar() {
	s.t.Helper()
	s.id = made[*helix.GuestStarSession](s)(s.tw.GuestStar.CreateSession(s.t.Context(), helix.CreateGuestStarSessionParams{BroadcasterID: s.ada})).ID
}

// guest invites grace to one.
func (s *stage) guest() {
	s.t.Helper()
	s.guestStar()
	s.must(s.tw.GuestStar.SendInvite(s.t.Context(), helix.SendGuestStarInviteParams{BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, GuestID: s.grace}))
}

// readyGuest has grace accept.
func (s *stage) readyGuest() {
	s.t.Helper()
	s.guest()
	s.GuestReady("ada", "grace")
}

func slot(s *stage) helix.AssignGuestStarSlotParams {
	return helix.AssignGuestStarSlotParams{BroadcasterID: s.ada, ModeratorID: s.mod, SessionID: s.id, GuestID: s.grace, SlotID: "1"}
}

// seatedGuest has grace sit in the first slot.
func (s *stage) seatedGuest() {
	s.t.Helper()
	s.readyGuest()
	s.must(s.tw.GuestStar.AssignSlot(s.t.Context(), slot(s)))
}
