package auth

// scopes are all that may be asked for, with what each allows in the words of
// the consent page: "It will be able to …".
var scopes = []struct{ name, sentence string }{
	{"analytics:read:extensions", "See the analytics of your extensions."},
	{"analytics:read:games", "See the analytics of your games."},
	{"bits:read", "See who cheers with Bits in your channel, and what for."},
	{"channel:bot", "Join your channel's chat as a bot."},
	{"channel:edit:commercial", "Run commercials on your channel."},
	{"channel:manage:ads", "Snooze the next ad on your channel."},
	{"channel:manage:broadcast", "Change your channel's title, category and tags, and set stream markers."},
	{"channel:manage:clips", "Make and download clips of your channel."},
	{"channel:manage:extensions", "Activate and configure the extensions of your channel."},
	{"channel:manage:guest_star", "Run Guest Star on your channel."},
	{"channel:manage:moderators", "Add and remove moderators of your channel."},
	{"channel:manage:polls", "Start and end polls in your channel."},
	{"channel:manage:predictions", "Start, lock and resolve predictions in your channel."},
	{"channel:manage:raids", "Start and cancel raids of your channel."},
	{"channel:manage:redemptions", "Manage your channel point rewards, and fulfil or refund redemptions."},
	{"channel:manage:schedule", "Change your stream schedule."},
	{"channel:manage:videos", "Delete your videos."},
	{"channel:manage:vips", "Add and remove VIPs of your channel."},
	{"channel:moderate", "Moderate in your channel's chat."},
	{"channel:read:ads", "See when ads run on your channel."},
	{"channel:read:charity", "See your charity campaigns and who donates."},
	{"channel:read:editors", "See who edits your channel."},
	{"channel:read:goals", "See your channel's goals."},
	{"channel:read:guest_star", "See your Guest Star settings and sessions."},
	{"channel:read:hype_train", "See Hype Trains in your channel."},
	{"channel:read:polls", "See polls in your channel."},
	{"channel:read:predictions", "See predictions in your channel."},
	{"channel:read:redemptions", "See your channel point rewards and who redeems them."},
	{"channel:read:stream_key", "See your stream key."},
	{"channel:read:subscriptions", "See who subscribes to your channel."},
	{"channel:read:vips", "See who is VIP in your channel."},
	{"chat:edit", "Write in chat as you, over IRC."},
	{"chat:read", "Read chat as you, over IRC."},
	{"clips:edit", "Make clips as you."},
	{"editor:manage:clips", "Make and download clips of channels you edit."},
	{"moderation:read", "See who is moderator and who is banned in your channel."},
	{"moderator:manage:announcements", "Send announcements where you moderate."},
	{"moderator:manage:automod", "Allow and deny what AutoMod holds where you moderate."},
	{"moderator:manage:automod_settings", "Change AutoMod's settings where you moderate."},
	{"moderator:manage:banned_users", "Ban users and lift bans where you moderate."},
	{"moderator:manage:blocked_terms", "Change the blocked terms where you moderate."},
	{"moderator:manage:chat_messages", "Delete and pin chat messages where you moderate."},
	{"moderator:manage:chat_settings", "Change chat's settings where you moderate."},
	{"moderator:manage:guest_star", "Run Guest Star where you moderate."},
	{"moderator:manage:shield_mode", "Switch Shield Mode on and off where you moderate."},
	{"moderator:manage:shoutouts", "Give shoutouts where you moderate."},
	{"moderator:manage:suspicious_users", "Mark users as suspicious where you moderate."},
	{"moderator:manage:unban_requests", "Decide unban requests where you moderate."},
	{"moderator:manage:warnings", "Warn users where you moderate."},
	{"moderator:read:automod_settings", "See AutoMod's settings where you moderate."},
	{"moderator:read:banned_users", "See who is banned where you moderate."},
	{"moderator:read:blocked_terms", "See the blocked terms where you moderate."},
	{"moderator:read:chat_messages", "See deleted and pinned chat messages where you moderate."},
	{"moderator:read:chat_settings", "See chat's settings where you moderate."},
	{"moderator:read:chatters", "See who is in chat where you moderate."},
	{"moderator:read:followers", "See who follows the channels you moderate."},
	{"moderator:read:guest_star", "See Guest Star's settings and sessions where you moderate."},
	{"moderator:read:moderators", "See who else moderates where you moderate."},
	{"moderator:read:shield_mode", "See whether Shield Mode is on where you moderate."},
	{"moderator:read:shoutouts", "See shoutouts where you moderate."},
	{"moderator:read:suspicious_users", "See suspicious users where you moderate."},
	{"moderator:read:unban_requests", "See unban requests where you moderate."},
	{"moderator:read:vips", "See who is VIP where you moderate."},
	{"moderator:read:warnings", "See warnings where you moderate."},
	{"openid", "Know who you are, to log you in."},
	{"user:bot", "Be in chat as a bot with your name."},
	{"user:edit", "Change your profile's description."},
	{"user:edit:broadcast", "Change your channel's extensions."},
	{"user:edit:follows", "Follow and unfollow channels as you."},
	{"user:manage:blocked_users", "Block and unblock users as you."},
	{"user:manage:chat_color", "Change the colour of your name in chat."},
	{"user:manage:whispers", "Read your whispers and send some as you."},
	{"user:read:blocked_users", "See whom you block."},
	{"user:read:broadcast", "See your stream markers and extensions."},
	{"user:read:chat", "Read chat as you."},
	{"user:read:email", "See your email address."},
	{"user:read:emotes", "See which emotes you can use."},
	{"user:read:follows", "See which channels you follow."},
	{"user:read:moderated_channels", "See which channels you moderate."},
	{"user:read:subscriptions", "See whether you subscribe to a channel."},
	{"user:read:whispers", "Read your whispers."},
	{"user:write:chat", "Write in chat as you."},
	{"whispers:edit", "Send whispers as you, over IRC."},
	{"whispers:read", "Read your whispers, over IRC."},
}

// sentences returns what each scope allows, by its name.
func sentences() map[string]string {
	all := make(map[string]string, len(scopes))
	for _, scope := range scopes {
		all[scope.name] = scope.sentence
	}
	return all
}

// unknownScope returns the first scope that Twitch does not know, or "".
func (s *Server) unknownScope(asked []string) string {
	for _, scope := range asked {
		if s.sentences[scope] == "" {
			return scope
		}
	}
	return ""
}
