package catchup

import "github.com/larkspur-dev/larkspur/eventsub"

// briefStreams is what is missing of streams that came and went.
const briefStreams = "a stream that began and ended meanwhile is found only if Twitch keeps its recording"

const (
	// noResult is what is missing of something that has ended.
	noResult = "Twitch does not tell the result"
	// onlyRunning is what is missing of something that may have begun and ended.
	onlyRunning = "what began and ended meanwhile is not known"
)

// table lists the types that can be recovered.
var table = []row{
	{kind: eventsub.ChannelFollow{}.Type(), fetch: follows},

	{kind: eventsub.StreamOnline{}.Type(), fetch: onlines, update: updating(updateStreams), partly: briefStreams},
	{kind: eventsub.StreamOffline{}.Type(), fetch: offlines, update: updating(updateStreams), partly: briefStreams},
	{
		kind: eventsub.ChannelUpdate{}.Type(), partly: onlyLast,
		fetch: compared("Get Channel Information", channelNow), update: updateCompared(eventsub.ChannelUpdate{}.Type()),
	},
	{
		kind: eventsub.ChannelChatSettingsUpdate{}.Type(), partly: onlyLast,
		fetch: compared("Get Chat Settings", chatSettingsNow), update: updateCompared(eventsub.ChannelChatSettingsUpdate{}.Type()),
	},
	{kind: eventsub.ChannelAdBreakBegin{}.Type(), fetch: adBreaks, partly: "only the last ad break is known, and not how long it was"},

	{kind: eventsub.ChannelModeratorAdd{}.Type(), fetch: rolesAdded("Get Moderators", moderators, moderatorAdded), update: updating(updateModerators)},
	{kind: eventsub.ChannelModeratorRemove{}.Type(), fetch: rolesRemoved("Get Moderators", moderators, moderatorRemoved), update: updating(updateModerators)},
	{kind: eventsub.ChannelVIPAdd{}.Type(), fetch: rolesAdded("Get VIPs", vips, vipAdded), update: updating(updateVIPs)},
	{kind: eventsub.ChannelVIPRemove{}.Type(), fetch: rolesRemoved("Get VIPs", vips, vipRemoved), update: updating(updateVIPs)},

	{kind: eventsub.ChannelShieldModeBegin{}.Type(), fetch: shieldBegins, partly: onlyLast},
	{kind: eventsub.ChannelShieldModeEnd{}.Type(), fetch: shieldEnds, update: updating(updateShield), partly: onlyLast},
	{kind: eventsub.ChannelSharedChatBegin{}.Type(), fetch: sharedChats(sharedChatBegan), update: updating(updateTogether), partly: onlyLast},
	{kind: eventsub.ChannelSharedChatUpdate{}.Type(), fetch: sharedChats(sharedChatChanged), update: updating(updateTogether), partly: onlyLast},
	{kind: eventsub.ChannelSharedChatEnd{}.Type(), fetch: sharedChats(sharedChatEnded), update: updating(updateTogether), partly: onlyLast},

	{kind: eventsub.ChannelSubscribe{}.Type(), fetch: subscribed, update: updating(updateSubscribers)},
	{kind: eventsub.ChannelSubscriptionEnd{}.Type(), fetch: unsubscribed, update: updating(updateSubscribers)},
	{kind: eventsub.ChannelSubscriptionGift{}.Type(), fetch: gifted, update: updating(updateSubscribers), partly: "several gifts of a user are counted as one"},

	{kind: eventsub.ChannelPointsCustomRewardAdd{}.Type(), fetch: rewardEvents(rewardAdded), update: updating(updateRewards)},
	{kind: eventsub.ChannelPointsCustomRewardUpdate{}.Type(), fetch: rewardEvents(rewardChanged), update: updating(updateRewards), partly: onlyLast},
	{kind: eventsub.ChannelPointsCustomRewardRemove{}.Type(), fetch: rewardEvents(rewardRemoved), update: updating(updateRewards)},
	{kind: eventsub.ChannelPointsCustomRewardRedemptionAdd{}.Type(), fetch: redeemed},
	{kind: eventsub.ChannelPointsCustomRewardRedemptionUpdate{}.Type(), fetch: decided, update: updating(updateOpen)},

	{kind: eventsub.ChannelPollBegin{}.Type(), fetch: pollsBegun},
	{kind: eventsub.ChannelPollEnd{}.Type(), fetch: pollsEnded},
	{kind: eventsub.ChannelPredictionBegin{}.Type(), fetch: predictions(predictionBegun)},
	{kind: eventsub.ChannelPredictionLock{}.Type(), fetch: predictions(predictionLocked)},
	{kind: eventsub.ChannelPredictionEnd{}.Type(), fetch: predictions(predictionEnded)},

	{kind: eventsub.ChannelHypeTrainBegin{}.Type(), fetch: trains(trainBegan), update: updating(updateTrain), partly: onlyLast},
	{kind: eventsub.ChannelHypeTrainProgress{}.Type(), fetch: trains(trainProgressed), update: updating(updateTrain), partly: onlyLast},
	{kind: eventsub.ChannelHypeTrainEnd{}.Type(), fetch: trains(trainEnded), update: updating(updateTrain), partly: noResult},
	{kind: eventsub.ChannelGoalBegin{}.Type(), fetch: goalEvents(goalBegan), update: updating(updateGoals), partly: onlyRunning},
	{kind: eventsub.ChannelGoalProgress{}.Type(), fetch: goalEvents(goalProgressed), update: updating(updateGoals), partly: onlyLast},
	{kind: eventsub.ChannelGoalEnd{}.Type(), fetch: goalEvents(goalEnded), update: updating(updateGoals), partly: noResult},
	{kind: eventsub.ChannelCharityCampaignStart{}.Type(), fetch: campaigns(campaignStarted), update: updating(updateCampaign), partly: onlyRunning},
	{kind: eventsub.ChannelCharityCampaignProgress{}.Type(), fetch: campaigns(campaignProgressed), update: updating(updateCampaign), partly: onlyLast},
	{kind: eventsub.ChannelCharityCampaignStop{}.Type(), fetch: campaigns(campaignStopped), update: updating(updateCampaign), partly: noResult},
	{kind: eventsub.ChannelCharityCampaignDonate{}.Type(), fetch: donated, update: updating(updateDonations)},

	{kind: eventsub.ChannelBan{}.Type(), fetch: banned, partly: "bans that have ended are not listed"},
	{kind: eventsub.ChannelUnban{}.Type(), fetch: unbanned, update: updating(updateSentences), partly: "of users who were banned meanwhile, nothing is known"},
	{kind: eventsub.ChannelUnbanRequestCreate{}.Type(), fetch: unbanRequested},
	{kind: eventsub.ChannelUnbanRequestResolve{}.Type(), fetch: unbanResolved},
}
