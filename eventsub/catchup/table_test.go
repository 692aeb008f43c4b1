package catchup_test

import (
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A tale is a change that is missed, and what comes back of it.
type tale struct {
	name   string
	wants  func(ada string) []eventsub.Condition
	before func(w *world) // while connected
	change func(w *world) // while not
	want   []string       // the types of the recovered events
	never  []string       // types of live events that cannot come back
	source string         // the first call that found something
	lost   []string       // types that are listed as lost too
}

func conditions(types ...func(ada string) eventsub.Condition) func(string) []eventsub.Condition {
	return func(ada string) []eventsub.Condition {
		var all []eventsub.Condition
		for _, t := range types {
			all = append(all, t(ada))
		}
		return all
	}
}

var tales = []tale{
	{
		name: "follow",
		wants: conditions(func(ada string) eventsub.Condition {
			return eventsub.ChannelFollowCondition{BroadcasterUserID: ada, ModeratorUserID: ada}
		}),
		change: func(w *world) { w.tw.Follow("ada", "grace") },
		want:   []string{"channel.follow"}, source: "Get Channel Followers",
	},
	{
		name:   "stream begins",
		wants:  streamConditions,
		change: func(w *world) { w.tw.GoLive("ada") },
		want:   []string{"stream.online"}, source: "Get Streams", lost: []string{"stream.offline", "stream.online"},
	},
	{
		name:   "stream ends",
		wants:  streamConditions,
		before: func(w *world) { w.tw.GoLive("ada") },
		change: func(w *world) { time.Sleep(time.Minute); w.tw.GoOffline("ada") },
		want:   []string{"stream.offline"}, source: "Get Videos", lost: []string{"stream.offline", "stream.online"},
	},
	{
		name:  "stream came and went",
		wants: streamConditions,
		change: func(w *world) {
			w.tw.GoLive("ada")
			time.Sleep(time.Minute)
			w.tw.GoOffline("ada")
		},
		want: []string{"stream.online", "stream.offline"}, source: "Get Videos", lost: []string{"stream.offline", "stream.online"},
	},
	{
		name: "channel update",
		wants: conditions(func(ada string) eventsub.Condition {
			return eventsub.ChannelUpdateCondition{BroadcasterUserID: ada}
		}),
		before: func(w *world) { w.tw.SetTitle("ada", "Chess") },
		change: func(w *world) { w.tw.SetTitle("ada", "Go") },
		want:   []string{"channel.update"}, source: "Get Channel Information", lost: []string{"channel.update"},
	},
	{
		name: "chat settings",
		wants: conditions(func(ada string) eventsub.Condition {
			return eventsub.ChannelChatSettingsUpdateCondition{BroadcasterUserID: ada, UserID: ada}
		}),
		change: func(w *world) {
			w.do(func(tw *helix.Client) error {
				_, err := tw.Chat.UpdateSettings(w.t.Context(), helix.UpdateChatSettingsParams{BroadcasterID: w.ada, ModeratorID: w.ada, SlowMode: new(true), SlowModeWaitTime: 30})
				return err
			})
		},
		want: []string{"channel.chat_settings.update"}, source: "Get Chat Settings", lost: []string{"channel.chat_settings.update"},
	},
	{
		name: "ad break",
		wants: conditions(func(ada string) eventsub.Condition {
			return eventsub.ChannelAdBreakBeginCondition{BroadcasterUserID: ada}
		}),
		before: func(w *world) { w.tw.GoLive("ada") },
		change: func(w *world) { w.tw.RunAd("ada", 30*time.Second) },
		want:   []string{"channel.ad_break.begin"}, source: "Get Ad Schedule", lost: []string{"channel.ad_break.begin"},
	},
	{
		name:   "moderators",
		wants:  roleConditions,
		before: func(w *world) { w.tw.Mod("ada", "grace") },
		change: func(w *world) { w.tw.Mod("ada", "alan"); w.tw.Unmod("ada", "grace") },
		want:   []string{"channel.moderator.add", "channel.moderator.remove"}, source: "Get Moderators",
	},
	{
		name:   "VIPs",
		wants:  roleConditions,
		before: func(w *world) { w.tw.AddVIP("ada", "grace") },
		change: func(w *world) { w.tw.AddVIP("ada", "alan"); w.tw.RemoveVIP("ada", "grace") },
		want:   []string{"channel.vip.add", "channel.vip.remove"}, source: "Get VIPs",
	},
	{
		name:   "moderator who became one before, and is one again",
		wants:  roleConditions,
		before: func(w *world) { w.tw.Mod("ada", "grace"); w.tw.Unmod("ada", "grace") },
		change: func(w *world) { w.tw.Mod("ada", "grace") },
		want:   []string{"channel.moderator.add"}, source: "Get Moderators",
	},
	{
		name:   "shield mode begins",
		wants:  shieldConditions,
		change: func(w *world) { w.shield(true) },
		want:   []string{"channel.shield_mode.begin"}, source: "Get Shield Mode Status", lost: []string{"channel.shield_mode.begin", "channel.shield_mode.end"},
	},
	{
		name:   "shield mode ends",
		wants:  shieldConditions,
		before: func(w *world) { w.shield(true); time.Sleep(time.Minute) },
		change: func(w *world) { w.shield(false) },
		want:   []string{"channel.shield_mode.end"}, source: "Get Shield Mode Status", lost: []string{"channel.shield_mode.begin", "channel.shield_mode.end"},
	},
	{
		name:   "shared chat begins",
		wants:  sharedChatConditions,
		change: func(w *world) { w.tw.ShareChat("ada", "edsger") },
		want:   []string{"channel.shared_chat.begin"}, source: "Get Shared Chat Session", lost: sharedChatTypes,
	},
	{
		name:   "shared chat grows",
		wants:  sharedChatConditions,
		before: func(w *world) { w.tw.ShareChat("ada", "edsger") },
		change: func(w *world) { w.tw.ShareChat("ada", "alan") },
		want:   []string{"channel.shared_chat.update"}, source: "Get Shared Chat Session", lost: sharedChatTypes,
	},
	{
		name:   "shared chat ends",
		wants:  sharedChatConditions,
		before: func(w *world) { w.tw.ShareChat("ada", "edsger") },
		change: func(w *world) { w.tw.LeaveSharedChat("ada") },
		want:   []string{"channel.shared_chat.end"}, source: "Get Shared Chat Session", lost: sharedChatTypes,
	},
	{
		name:   "subscriptions",
		wants:  subscriptionConditions,
		before: func(w *world) { w.tw.Subscribe("ada", "grace", "2000") },
		change: func(w *world) { w.tw.Subscribe("ada", "alan", "1000"); w.tw.Unsubscribe("ada", "grace") },
		want:   []string{"channel.subscribe", "channel.subscription.end"}, source: "Get Broadcaster Subscriptions",
		lost: []string{"channel.subscription.gift", "channel.subscription.message"},
	},
	{
		name:   "gifts",
		wants:  subscriptionConditions,
		change: func(w *world) { w.tw.Gift("ada", "grace", "alan", "edsger") },
		want:   []string{"channel.subscribe", "channel.subscribe", "channel.subscription.gift"}, source: "Get Broadcaster Subscriptions",
		lost: []string{"channel.subscription.gift", "channel.subscription.message"},
	},
	{
		name:   "resubscription",
		wants:  subscriptionConditions,
		before: func(w *world) { w.tw.Subscribe("ada", "grace", "1000") },
		change: func(w *world) { w.tw.Resubscribe("ada", "grace", "again", 3) },
		never:  []string{"channel.subscription.message"}, lost: []string{"channel.subscription.gift", "channel.subscription.message"},
	},
	{
		name:   "reward added",
		wants:  rewardConditions,
		before: func(w *world) { w.reward("Hydrate") },
		change: func(w *world) { w.reward("Stretch") },
		want:   []string{"channel.channel_points_custom_reward.add"}, source: "Get Custom Reward", lost: []string{"channel.channel_points_custom_reward.update"},
	},
	{
		name:   "reward changed",
		wants:  rewardConditions,
		before: func(w *world) { w.reward("Hydrate") },
		change: func(w *world) {
			w.do(func(tw *helix.Client) error {
				_, err := tw.ChannelPoints.UpdateReward(w.t.Context(), helix.UpdateCustomRewardParams{BroadcasterID: w.ada, ID: w.rewardID, Cost: 70})
				return err
			})
		},
		want: []string{"channel.channel_points_custom_reward.update"}, source: "Get Custom Reward", lost: []string{"channel.channel_points_custom_reward.update"},
	},
	{
		name:   "reward removed",
		wants:  rewardConditions,
		before: func(w *world) { w.reward("Hydrate") },
		change: func(w *world) {
			w.do(func(tw *helix.Client) error {
				return tw.ChannelPoints.DeleteReward(w.t.Context(), helix.DeleteCustomRewardParams{BroadcasterID: w.ada, ID: w.rewardID})
			})
		},
		want: []string{"channel.channel_points_custom_reward.remove"}, source: "Get Custom Reward", lost: []string{"channel.channel_points_custom_reward.update"},
	},
	{
		name:   "redemptions",
		wants:  redemptionConditions,
		before: func(w *world) { w.reward("Hydrate"); w.redemption = w.tw.Redeem("ada", "grace", "Hydrate", "") },
		change: func(w *world) {
			w.tw.Redeem("ada", "alan", "Hydrate", "")
			time.Sleep(time.Second)
			w.settle(w.redemption, helix.RedemptionStatusFulfilled)
			w.settle(w.tw.Redeem("ada", "edsger", "Hydrate", ""), helix.RedemptionStatusCanceled)
		},
		want: []string{
			"channel.channel_points_custom_reward_redemption.add", "channel.channel_points_custom_reward_redemption.add",
			"channel.channel_points_custom_reward_redemption.update", "channel.channel_points_custom_reward_redemption.update",
		}, source: "Get Custom Reward Redemption",
	},
	{
		name:   "redemption of a foreign reward",
		wants:  redemptionConditions,
		before: func(w *world) { w.tw.AddManualReward("ada", "Foreign", 50) },
		change: func(w *world) { w.tw.Redeem("ada", "alan", "Foreign", "") },
		never:  []string{"channel.channel_points_custom_reward_redemption.add"},
		lost:   []string{"channel.channel_points_custom_reward_redemption.add", "channel.channel_points_custom_reward_redemption.update"},
	},
	{
		name:   "poll begins",
		wants:  pollConditions,
		change: func(w *world) { w.tw.StartPoll("ada", "Heads?", 5*time.Minute, "yes", "no") },
		want:   []string{"channel.poll.begin"}, source: "Get Polls", lost: []string{"channel.poll.progress"},
	},
	{
		name:   "poll ends",
		wants:  pollConditions,
		before: func(w *world) { w.tw.StartPoll("ada", "Heads?", time.Minute, "yes", "no") },
		change: func(w *world) { w.tw.Vote("ada", "grace", "yes"); time.Sleep(2 * time.Minute) },
		want:   []string{"channel.poll.end"}, never: []string{"channel.poll.progress"}, source: "Get Polls", lost: []string{"channel.poll.progress"},
	},
	{
		name:   "prediction begins",
		wants:  predictionConditions,
		change: func(w *world) { w.tw.StartPrediction("ada", "Win?", 10*time.Minute, "yes", "no") },
		want:   []string{"channel.prediction.begin"}, source: "Get Predictions", lost: []string{"channel.prediction.progress"},
	},
	{
		name:   "prediction locks",
		wants:  predictionConditions,
		before: func(w *world) { w.tw.StartPrediction("ada", "Win?", time.Minute, "yes", "no") },
		change: func(w *world) { time.Sleep(2 * time.Minute) },
		want:   []string{"channel.prediction.lock"}, source: "Get Predictions", lost: []string{"channel.prediction.progress"},
	},
	{
		name:   "prediction ends",
		wants:  predictionConditions,
		before: func(w *world) { w.prediction = w.tw.StartPrediction("ada", "Win?", 10*time.Minute, "yes", "no") },
		change: func(w *world) {
			w.do(func(tw *helix.Client) error {
				_, err := tw.Predictions.End(w.t.Context(), helix.EndPredictionParams{BroadcasterID: w.ada, ID: w.prediction, Status: helix.PredictionStatusCanceled})
				return err
			})
		},
		want: []string{"channel.prediction.end"}, source: "Get Predictions", lost: []string{"channel.prediction.progress"},
	},
	{
		name:   "hype train begins",
		wants:  trainConditions,
		change: func(w *world) { w.tw.StartHypeTrain("ada") },
		want:   []string{"channel.hype_train.begin"}, source: "Get Hype Train Status", lost: trainTypes,
	},
	{
		name:   "hype train goes on",
		wants:  trainConditions,
		before: func(w *world) { w.tw.StartHypeTrain("ada") },
		change: func(w *world) { w.tw.Cheer("ada", "grace", 500, "") },
		want:   []string{"channel.hype_train.progress"}, source: "Get Hype Train Status", lost: trainTypes,
	},
	{
		name:   "hype train ends",
		wants:  trainConditions,
		before: func(w *world) { w.tw.StartHypeTrain("ada") },
		change: func(w *world) { w.tw.EndHypeTrain("ada") },
		want:   []string{"channel.hype_train.end"}, source: "Get Hype Train Status", lost: trainTypes,
	},
	{
		name:   "goal begins",
		wants:  goalConditions,
		change: func(w *world) { w.tw.StartGoal("ada", "follow", 10, "ten") },
		want:   []string{"channel.goal.begin"}, source: "Get Creator Goals", lost: goalTypes,
	},
	{
		name:   "goal goes on",
		wants:  goalConditions,
		before: func(w *world) { w.tw.StartGoal("ada", "follow", 10, "ten") },
		change: func(w *world) { w.tw.Follow("ada", "grace") },
		want:   []string{"channel.goal.progress"}, source: "Get Creator Goals", lost: goalTypes,
	},
	{
		name:   "goal ends",
		wants:  goalConditions,
		before: func(w *world) { w.tw.StartGoal("ada", "follow", 10, "ten") },
		change: func(w *world) { w.tw.EndGoal("ada", "follow") },
		want:   []string{"channel.goal.end"}, source: "Get Creator Goals", lost: goalTypes,
	},
	{
		name:   "charity begins",
		wants:  charityConditions,
		change: func(w *world) { w.tw.StartCharity("ada", "Bees", 1000) },
		want:   []string{"channel.charity_campaign.start"}, source: "Get Charity Campaign", lost: charityTypes,
	},
	{
		name:   "donations",
		wants:  charityConditions,
		before: func(w *world) { w.tw.StartCharity("ada", "Bees", 1000); w.tw.Donate("ada", "alan", 300) },
		change: func(w *world) { w.tw.Donate("ada", "grace", 500) },
		want:   []string{"channel.charity_campaign.progress", "channel.charity_campaign.donate"}, source: "Get Charity Campaign", lost: charityTypes,
	},
	{
		name:   "charity ends",
		wants:  charityConditions,
		before: func(w *world) { w.tw.StartCharity("ada", "Bees", 1000) },
		change: func(w *world) { w.tw.StopCharity("ada") },
		want:   []string{"channel.charity_campaign.stop"}, source: "Get Charity Campaign", lost: charityTypes,
	},
	{
		name:   "ban",
		wants:  banConditions,
		change: func(w *world) { w.tw.Ban("ada", "grace", "spam") },
		want:   []string{"channel.ban"}, source: "Get Banned Users", lost: []string{"channel.ban", "channel.unban"},
	},
	{
		name:   "unban",
		wants:  banConditions,
		before: func(w *world) { w.tw.Ban("ada", "grace", "spam"); w.tw.Timeout("ada", "alan", 20*time.Second, "") },
		change: func(w *world) { w.tw.Unban("ada", "grace"); time.Sleep(time.Minute) },
		want:   []string{"channel.unban"}, source: "Get Banned Users", lost: []string{"channel.ban", "channel.unban"},
	},
	{
		name:   "unban request",
		wants:  unbanRequestConditions,
		before: func(w *world) { w.tw.Ban("ada", "grace", "spam") },
		change: func(w *world) { w.tw.RequestUnban("ada", "grace", "please") },
		want:   []string{"channel.unban_request.create"}, source: "Get Unban Requests",
	},
	{
		name:  "unban request resolved",
		wants: unbanRequestConditions,
		before: func(w *world) {
			w.tw.Ban("ada", "grace", "spam")
			w.request = w.tw.RequestUnban("ada", "grace", "please")
		},
		change: func(w *world) {
			w.do(func(tw *helix.Client) error {
				_, err := tw.Moderation.ResolveUnbanRequest(w.t.Context(), helix.ResolveUnbanRequestsParams{
					BroadcasterID: w.ada, ModeratorID: w.ada, UnbanRequestID: w.request, Status: helix.UnbanRequestStatusDenied,
				})
				return err
			})
		},
		want: []string{"channel.unban_request.resolve"}, source: "Get Unban Requests",
	},
}
