package api

// handlers are what answers the endpoints, in the order of Twitch's reference.
// An endpoint that is missing here answers 501.
var handlers = []struct {
	endpoint string
	handle   handler
}{
	{"start-commercial", startCommercial},
	{"get-ad-schedule", getAdSchedule},
	{"snooze-next-ad", snoozeAd},

	{"get-extension-analytics", getExtensionAnalytics},
	{"get-game-analytics", getGameAnalytics},

	{"get-bits-leaderboard", getBitsLeaderboard},
	{"get-cheermotes", getCheermotes},
	{"get-extension-transactions", getTransactions},
	{"get-custom-power-up", getPowerUps},

	{"get-channel-information", getChannels},
	{"modify-channel-information", modifyChannel},
	{"get-channel-editors", getEditors},
	{"get-followed-channels", getFollowed},
	{"get-channel-followers", getFollowers},

	{"create-custom-rewards", createReward},
	{"delete-custom-reward", deleteReward},
	{"get-custom-reward", getRewards},
	{"get-custom-reward-redemption", getRedemptions},
	{"update-custom-reward", updateReward},
	{"update-redemption-status", updateRedemptions},

	{"get-charity-campaign", getCampaign},
	{"get-charity-campaign-donations", getDonations},

	{"get-chatters", getChatters},
	{"get-global-emotes", getGlobalEmotes},
	{"get-channel-emotes", getChannelEmotes},
	{"get-emote-sets", getEmoteSets},
	{"get-channel-chat-badges", getChannelBadges},
	{"get-global-chat-badges", getGlobalBadges},
	{"get-chat-settings", getChatSettings},
	{"update-chat-settings", updateChatSettings},
	{"get-shared-chat-session", getSharedChat},
	{"get-user-emotes", getUserEmotes},
	{"send-chat-announcement", announce},
	{"send-a-shoutout", shoutout},
	{"send-chat-message", sendMessage},
	{"get-user-chat-color", getColors},
	{"update-user-chat-color", setColor},
	{"get-pinned-chat-message", getPinned},
	{"pin-chat-message", pinMessage},
	{"update-pinned-chat-message", updatePin},
	{"unpin-chat-message", unpinMessage},

	{"create-clip", createClip},
	{"get-clips", getClips},
	{"create-clip-from-vod", createClipFromVideo},
	{"get-clips-download", downloadClips},

	{"get-conduits", getConduits},
	{"create-conduits", createConduit},
	{"update-conduits", updateConduit},
	{"delete-conduit", deleteConduit},
	{"get-conduit-shards", getShards},
	{"update-conduit-shards", updateShards},

	{"get-content-classification-labels", getLabels},

	{"get-drops-entitlements", getDrops},
	{"update-drops-entitlements", updateDrops},

	{"get-extension-configuration-segment", getSegments},
	{"set-extension-configuration-segment", setSegment},
	{"set-extension-required-configuration", requireConfiguration},
	{"send-extension-pubsub-message", sendPubSub},
	{"get-extension-live-channels", getExtensionLive},
	{"get-extension-secrets", getSecrets},
	{"create-extension-secret", createSecret},
	{"send-extension-chat-message", sendExtensionChat},
	{"get-extensions", getExtensions},
	{"get-released-extensions", getReleasedExtensions},
	{"get-extension-bits-products", getProducts},
	{"update-extension-bits-product", updateProduct},

	{"create-eventsub-subscription", createSubscription},
	{"delete-eventsub-subscription", deleteSubscription},
	{"get-eventsub-subscriptions", getSubscriptions},

	{"get-top-games", getTopGames},
	{"get-games", getGames},

	{"get-creator-goals", getGoals},

	{"get-channel-guest-star-settings", getGuestStarSettings},
	{"update-channel-guest-star-settings", updateGuestStarSettings},
	{"get-guest-star-session", getGuestStar},
	{"create-guest-star-session", beginGuestStar},
	{"end-guest-star-session", endGuestStar},
	{"get-guest-star-invites", getInvites},
	{"send-guest-star-invite", inviteGuest},
	{"delete-guest-star-invite", uninviteGuest},
	{"assign-guest-star-slot", assignSlot},
	{"update-guest-star-slot", moveSlot},
	{"delete-guest-star-slot", removeSlot},
	{"update-guest-star-slot-settings", updateSlot},

	{"get-hype-train-status", getHypeTrain},

	{"check-automod-status", checkAutoMod},
	{"manage-held-automod-messages", resolveHeld},
	{"get-automod-settings", getAutoMod},
	{"update-automod-settings", updateAutoMod},
	{"get-banned-users", getBanned},
	{"ban-user", ban},
	{"unban-user", unban},
	{"get-unban-requests", getUnbanRequests},
	{"resolve-unban-requests", resolveUnbanRequest},
	{"get-blocked-terms", getTerms},
	{"add-blocked-term", addTerm},
	{"remove-blocked-term", removeTerm},
	{"delete-chat-messages", deleteMessages},
	{"get-moderated-channels", getModerated},
	{"get-moderators", getModerators},
	{"add-channel-moderator", addModerator},
	{"remove-channel-moderator", removeModerator},
	{"get-vips", getVIPs},
	{"add-channel-vip", addVIP},
	{"remove-channel-vip", removeVIP},
	{"update-shield-mode-status", updateShield},
	{"get-shield-mode-status", getShield},
	{"warn-chat-user", warn},
	{"add-suspicious-status-to-chat-user", addSuspicion},
	{"remove-suspicious-status-from-chat-user", removeSuspicion},

	{"get-polls", getPolls},
	{"create-poll", createPoll},
	{"end-poll", endPoll},

	{"get-predictions", getPredictions},
	{"create-prediction", createPrediction},
	{"end-prediction", endPrediction},

	{"start-a-raid", startRaid},
	{"cancel-a-raid", cancelRaid},

	{"get-channel-stream-schedule", getSchedule},
	{"get-channel-icalendar", getCalendar},
	{"update-channel-stream-schedule", updateSchedule},
	{"create-channel-stream-schedule-segment", createScheduled},
	{"update-channel-stream-schedule-segment", updateScheduled},
	{"delete-channel-stream-schedule-segment", deleteScheduled},

	{"search-categories", searchCategories},
	{"search-channels", searchChannels},

	{"get-stream-key", getStreamKey},
	{"get-streams", getStreams},
	{"get-followed-streams", getFollowedStreams},
	{"create-stream-marker", createMarker},
	{"get-stream-markers", getMarkers},

	{"get-broadcaster-subscriptions", getSubscribers},
	{"check-user-subscription", checkSubscription},

	{"get-all-stream-tags", noTags},
	{"get-stream-tags", noTags},

	{"get-channel-teams", getChannelTeams},
	{"get-teams", getTeams},

	{"get-users", getUsers},
	{"update-user", updateUser},
	{"get-user-block-list", getBlocked},
	{"block-user", blockUser},
	{"unblock-user", unblockUser},
	{"get-user-extensions", getInstalledExtensions},
	{"get-user-active-extensions", getActiveExtensions},
	{"update-user-extensions", updateActiveExtensions},
	{"get-authorization-by-user", getAuthorizations},

	{"get-videos", getVideos},
	{"delete-videos", deleteVideos},

	{"send-whisper", whisper},
}
