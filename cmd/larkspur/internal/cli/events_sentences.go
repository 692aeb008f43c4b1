package cli

// sentences are the forms of sentence, by the name of the event's type. A form fits all
// versions of a type.
var sentences = map[string]string{
	"automod.message.hold":    "AutoMod holds a message of {user_name}[ ({category|reason:words})]: {message.text}",
	"automod.message.update":  "the held message of {user_name} is {status:words}[ by {moderator_user_name}]: {message.text}",
	"automod.settings.update": "{moderator_user_name} changes AutoMod's settings[ to level {overall_level}]",
	"automod.terms.update":    "{moderator_user_name} {action:words} in AutoMod's terms: {terms}",

	"channel.bits.use":       "{user_name} uses {bits} bits[ ({type:words})][: {message.text}]",
	"channel.update":         "the channel is now: {title}[ ({category_name})]",
	"channel.follow":         "{user_name} follows",
	"channel.ad_break.begin": "an ad break of {duration_seconds:seconds} begins[, requested by {requester_user_name}]",

	"channel.chat.clear":               "the chat was cleared",
	"channel.chat.clear_user_messages": "all messages of {target_user_name} were removed",
	"channel.chat.message":             "{chatter_user_name}: {message.text}[ ({cheer.bits} bits)]",
	"channel.chat.message_delete":      "a message of {target_user_name} was removed",
	"channel.chat.notification":        "{system_message|notice_type:words}[: {message.text}]",
	"channel.chat.user_message_hold":   "AutoMod holds the message of {user_name}: {message.text}",
	"channel.chat.user_message_update": "the held message of {user_name} is {status:words}: {message.text}",
	"channel.chat_settings.update": "the chat settings change[; emotes only{?emote_mode}][; followers only{?follower_mode}]" +
		"[; slow mode{?slow_mode}][; subscribers only{?subscriber_mode}][; no repeated messages{?unique_chat_mode}]",

	"channel.shared_chat.begin":  "a shared chat begins, hosted by {host_broadcaster_user_name}: {participants.broadcaster_user_name}",
	"channel.shared_chat.update": "the shared chat, hosted by {host_broadcaster_user_name}, is now: {participants.broadcaster_user_name}",
	"channel.shared_chat.end":    "the shared chat ends, hosted by {host_broadcaster_user_name}",

	"channel.subscribe":            "{user_name} subscribes, {tier:tier}[, as a gift{?is_gift}]",
	"channel.subscription.end":     "the subscription of {user_name} ends, {tier:tier}",
	"channel.subscription.gift":    "{user_name|'an anonymous user'} gives away {total} subscriptions, {tier:tier}[, {cumulative_total} in all]",
	"channel.subscription.message": "{user_name} has subscribed for {cumulative_months} months, {tier:tier}[: {message.text}]",
	"channel.cheer":                "{user_name|'an anonymous user'} cheers {bits} bits[: {message}]",
	"channel.raid":                 "{from_broadcaster_user_name} raids {to_broadcaster_user_name} with {viewers} viewers",

	"channel.ban":                   "{moderator_user_name} bans {user_name}[ until {ends_at:clock}][: {reason}]",
	"channel.unban":                 "{moderator_user_name} unbans {user_name}",
	"channel.unban_request.create":  "{user_name} requests an unban: {text}",
	"channel.unban_request.resolve": "the unban request of {user_name} is {status:words}[: {resolution_text}]",
	"channel.moderate": "{moderator_user_name}: {action:words}" +
		"[ {ban.user_name|timeout.user_name|unban.user_name|untimeout.user_name|delete.user_name|warn.user_name|mod.user_name|unmod.user_name" +
		"|vip.user_name|unvip.user_name|raid.user_name|unraid.user_name|unban_request.user_name|shared_chat_ban.user_name" +
		"|shared_chat_timeout.user_name|shared_chat_unban.user_name|shared_chat_untimeout.user_name|shared_chat_delete.user_name|automod_terms.terms}]" +
		"[ until {timeout.expires_at|shared_chat_timeout.expires_at:clock}]" +
		"[: {ban.reason|timeout.reason|warn.reason|shared_chat_ban.reason|shared_chat_timeout.reason|delete.message_body|shared_chat_delete.message_body|unban_request.moderator_message}]",
	"channel.moderator.add":           "{user_name} is now a moderator",
	"channel.moderator.remove":        "{user_name} is no longer a moderator",
	"channel.vip.add":                 "{user_name} is now a VIP",
	"channel.vip.remove":              "{user_name} is no longer a VIP",
	"channel.suspicious_user.message": "{user_name}, who is under {low_trust_status:words}, writes: {message.text}",
	"channel.suspicious_user.update":  "{moderator_user_name} puts {user_name} under {low_trust_status:words}",
	"channel.warning.acknowledge":     "{user_name} acknowledges a warning",
	"channel.warning.send":            "{moderator_user_name} warns {user_name}[: {reason}]",
	"channel.shield_mode.begin":       "{moderator_user_name} turns shield mode on",
	"channel.shield_mode.end":         "{moderator_user_name} turns shield mode off",

	"channel.guest_star_session.begin":   "a Guest Star session begins",
	"channel.guest_star_session.end":     "the Guest Star session ends",
	"channel.guest_star_guest.update":    "Guest Star: {guest_user_name|'a guest'} is {state|'removed':words}[ in slot {slot_id}]",
	"channel.guest_star_settings.update": "the Guest Star settings change: {slot_count} slots, layout {group_layout:words}",

	"channel.channel_points_automatic_reward_redemption.add": "{user_name} redeems {reward.type:words} for {reward.channel_points|reward.cost} points[: {message.text}]",
	"channel.channel_points_custom_reward.add":               "the reward {title} is added, {cost} points",
	"channel.channel_points_custom_reward.update":            "the reward {title} changes, {cost} points[, paused{?is_paused}]",
	"channel.channel_points_custom_reward.remove":            "the reward {title} is removed",
	"channel.channel_points_custom_reward_redemption.add":    "{user_name} redeems {reward.title} for {reward.cost} points[: {user_input}]",
	"channel.channel_points_custom_reward_redemption.update": "the redemption of {reward.title} by {user_name} is {status:words}",
	"channel.custom_power_up_redemption.add":                 "{user_name} redeems {custom_power_up.title} for {custom_power_up.bits} bits[: {user_input}]",

	"channel.poll.begin":          "a poll begins: {title} ({choices.title})",
	"channel.poll.progress":       "the poll: {title} ({choices:votes})",
	"channel.poll.end":            "the poll is {status:words}: {title} ({choices:votes})",
	"channel.prediction.begin":    "a prediction begins: {title} ({outcomes.title})",
	"channel.prediction.progress": "the prediction: {title} ({outcomes:votes})",
	"channel.prediction.lock":     "the prediction is locked: {title} ({outcomes:votes})",
	"channel.prediction.end":      "the prediction is {status:words}: {title} ({outcomes:votes})",

	"channel.charity_campaign.donate":   "{user_name} donates {amount:money} to {charity_name}",
	"channel.charity_campaign.start":    "the campaign for {charity_name} begins: {current_amount:money} of {target_amount:money}",
	"channel.charity_campaign.progress": "the campaign for {charity_name}: {current_amount:money} of {target_amount:money}",
	"channel.charity_campaign.stop":     "the campaign for {charity_name} ends: {current_amount:money} of {target_amount:money}",
	"channel.goal.begin":                "a goal begins: {description|type:words}, {current_amount} of {target_amount}",
	"channel.goal.progress":             "the goal: {description|type:words}, {current_amount} of {target_amount}",
	"channel.goal.end":                  "the goal ends: {description|type:words}, {current_amount} of {target_amount}[, reached{?is_achieved}]",
	"channel.hype_train.begin":          "a hype train begins: level {level}, {progress} of {goal}",
	"channel.hype_train.progress":       "the hype train: level {level}, {progress} of {goal}",
	"channel.hype_train.end":            "the hype train ends: level {level}, {total} in all",

	"channel.shoutout.create":  "{moderator_user_name} gives {to_broadcaster_user_name} a shoutout, {viewer_count} viewers",
	"channel.shoutout.receive": "{from_broadcaster_user_name} gives a shoutout, {viewer_count} viewers",
	"stream.online":            "the stream begins",
	"stream.offline":           "the stream ends",

	"user.authorization.grant":  "{user_name|user_id} authorizes the application",
	"user.authorization.revoke": "{user_name|user_id} disconnects the application",
	"user.update":               "{user_name} changes the profile",
	"user.whisper.message":      "{from_user_name} whispers to {to_user_name}: {whisper.text}",

	"conduit.shard.disabled":            "shard {shard_id} of conduit {conduit_id} is disabled: {status:words}",
	"drop.entitlement.grant":            "{data.user_name} gets a drop of {data.category_name}",
	"extension.bits_transaction.create": "{user_name} buys {product.name} for {product.bits} bits",
}
