package catchup_test

import (
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

func streamConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.StreamOnlineCondition{BroadcasterUserID: ada},
		eventsub.StreamOfflineCondition{BroadcasterUserID: ada},
	}
}

func roleConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelModeratorAddCondition{BroadcasterUserID: ada},
		eventsub.ChannelModeratorRemoveCondition{BroadcasterUserID: ada},
		eventsub.ChannelVIPAddCondition{BroadcasterUserID: ada},
		eventsub.ChannelVIPRemoveCondition{BroadcasterUserID: ada},
	}
}

func shieldConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelShieldModeBeginCondition{BroadcasterUserID: ada, ModeratorUserID: ada},
		eventsub.ChannelShieldModeEndCondition{BroadcasterUserID: ada, ModeratorUserID: ada},
	}
}

var sharedChatTypes = []string{"channel.shared_chat.begin", "channel.shared_chat.end", "channel.shared_chat.update"}

func sharedChatConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelSharedChatBeginCondition{BroadcasterUserID: ada},
		eventsub.ChannelSharedChatUpdateCondition{BroadcasterUserID: ada},
		eventsub.ChannelSharedChatEndCondition{BroadcasterUserID: ada},
	}
}

func subscriptionConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelSubscribeCondition{BroadcasterUserID: ada},
		eventsub.ChannelSubscriptionEndCondition{BroadcasterUserID: ada},
		eventsub.ChannelSubscriptionGiftCondition{BroadcasterUserID: ada},
		eventsub.ChannelSubscriptionMessageCondition{BroadcasterUserID: ada},
	}
}

func rewardConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelPointsCustomRewardAddCondition{BroadcasterUserID: ada},
		eventsub.ChannelPointsCustomRewardUpdateCondition{BroadcasterUserID: ada},
		eventsub.ChannelPointsCustomRewardRemoveCondition{BroadcasterUserID: ada},
	}
}

func redemptionConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelPointsCustomRewardRedemptionAddCondition{BroadcasterUserID: ada},
		eventsub.ChannelPointsCustomRewardRedemptionUpdateCondition{BroadcasterUserID: ada},
	}
}

func pollConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelPollBeginCondition{BroadcasterUserID: ada},
		eventsub.ChannelPollProgressCondition{BroadcasterUserID: ada},
		eventsub.ChannelPollEndCondition{BroadcasterUserID: ada},
	}
}

func predictionConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelPredictionBeginCondition{BroadcasterUserID: ada},
		eventsub.ChannelPredictionProgressCondition{BroadcasterUserID: ada},
		eventsub.ChannelPredictionLockCondition{BroadcasterUserID: ada},
		eventsub.ChannelPredictionEndCondition{BroadcasterUserID: ada},
	}
}

var trainTypes = []string{"channel.hype_train.begin", "channel.hype_train.end", "channel.hype_train.progress"}

func trainConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelHypeTrainBeginCondition{BroadcasterUserID: ada},
		eventsub.ChannelHypeTrainProgressCondition{BroadcasterUserID: ada},
		eventsub.ChannelHypeTrainEndCondition{BroadcasterUserID: ada},
	}
}

var goalTypes = []string{"channel.goal.begin", "channel.goal.end", "channel.goal.progress"}

func goalConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelGoalBeginCondition{BroadcasterUserID: ada},
		eventsub.ChannelGoalProgressCondition{BroadcasterUserID: ada},
		eventsub.ChannelGoalEndCondition{BroadcasterUserID: ada},
	}
}

var charityTypes = []string{"channel.charity_campaign.progress", "channel.charity_campaign.start", "channel.charity_campaign.stop"}

func charityConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelCharityCampaignStartCondition{BroadcasterUserID: ada},
		eventsub.ChannelCharityCampaignProgressCondition{BroadcasterUserID: ada},
		eventsub.ChannelCharityCampaignDonateCondition{BroadcasterUserID: ada},
		eventsub.ChannelCharityCampaignStopCondition{BroadcasterUserID: ada},
	}
}

func banConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelBanCondition{BroadcasterUserID: ada},
		eventsub.ChannelUnbanCondition{BroadcasterUserID: ada},
	}
}

func unbanRequestConditions(ada string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelUnbanRequestCreateCondition{BroadcasterUserID: ada, ModeratorUserID: ada},
		eventsub.ChannelUnbanRequestResolveCondition{BroadcasterUserID: ada, ModeratorUserID: ada},
	}
}

// do calls Helix with ada's token.
func (w *world) do(call func(tw *helix.Client) error) {
	w.t.Helper()
	if err := call(w.client); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) shield(active bool) {
	w.do(func(tw *helix.Client) error {
		_, err := tw.Moderation.UpdateShieldMode(w.t.Context(), helix.UpdateShieldModeStatusParams{BroadcasterID: w.ada, ModeratorID: w.ada, IsActive: active})
		return err
	})
}

// reward adds a reward of the program.
func (w *world) reward(title string) {
	w.do(func(tw *helix.Client) error {
		r, err := tw.ChannelPoints.CreateReward(w.t.Context(), helix.CreateCustomRewardsParams{BroadcasterID: w.ada, Title: title, Cost: 50})
		if err == nil {
			w.rewardID = r.ID
		}
		return err
	})
}

// settle decides on a redemption.
func (w *world) settle(id string, status helix.RedemptionStatus) {
	w.do(func(tw *helix.Client) error {
		_, err := tw.ChannelPoints.UpdateRedemptions(w.t.Context(), helix.UpdateRedemptionStatusParams{
			IDs: []string{id}, BroadcasterID: w.ada, RewardID: w.rewardID, Status: status,
		})
		return err
	})
}

// types returns the types that can be recovered.
func (w *world) types() []eventsub.Type { return catchup.New(w.client, catchup.Options{}).Types() }
