package api

// handlers are the endpoints that are emulated, in the order of Twitch's
// reference. All others answer 501.
var handlers = []struct {
	endpoint string
	handle   handler
}{
	{"start-commercial", startCommercial},
	{"get-bits-leaderboard", getBitsLeaderboard},

	{"get-channel-information", getChannels},
	{"modify-channel-information", modifyChannel},
	{"get-channel-editors", getEditors},
	{"get-followed-channels", getFollowed},
	{"get-channel-followers", getFollowers},

	{"get-chatters", getChatters},
	{"get-global-emotes", getGlobalEmotes},
	{"get-chat-settings", getChatSettings},
	{"update-chat-settings", updateChatSettings},
	{"send-chat-announcement", announce},
	{"send-a-shoutout", shoutout},
	{"send-chat-message", sendMessage},
	{"get-user-chat-color", getColors},
	{"update-user-chat-color", setColor},

	{"create-clip", createClip},
	{"get-clips", getClips},

	{"create-eventsub-subscription", createSubscription},
	{"delete-eventsub-subscription", deleteSubscription},
	{"get-eventsub-subscriptions", getSubscriptions},

	{"get-top-games", getTopGames},
	{"get-games", getGames},

	{"get-banned-users", getBanned},
	{"ban-user", ban},
	{"unban-user", unban},
	{"delete-chat-messages", deleteMessages},
	{"get-moderated-channels", getModerated},
	{"get-moderators", getModerators},
	{"add-channel-moderator", addModerator},
	{"remove-channel-moderator", removeModerator},
	{"get-vips", getVIPs},
	{"add-channel-vip", addVIP},
	{"remove-channel-vip", removeVIP},

	{"start-a-raid", startRaid},
	{"cancel-a-raid", cancelRaid},

	{"search-categories", searchCategories},
	{"search-channels", searchChannels},

	{"get-streams", getStreams},
	{"get-followed-streams", getFollowedStreams},

	{"get-broadcaster-subscriptions", getSubscribers},
	{"check-user-subscription", checkSubscription},

	{"get-users", getUsers},
	{"update-user", updateUser},
	{"get-authorization-by-user", getAuthorizations},

	{"send-whisper", whisper},
}
