package push

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

// events returns the events of a fact. Facts without an event
// are missing here. The list goes on in other functions, as the frame of one that
// had them all would be 10 kB large.
func (s *Server) events(fact world.Fact) []event {
	b := asBroadcaster(world.HeadOf(fact).Broadcaster)
	switch f := fact.(type) {
	case world.Followed:
		return []event{followed(b, &f)}
	case world.ChannelUpdated:
		return []event{updated(b, &f)}
	case world.StreamWentOnline:
		return []event{online(b, &f)}
	case world.StreamWentOffline:
		return []event{offline(b, &f)}
	case world.Raided:
		return []event{raided(b, &f), raidNotice(s.world, b, &f)}
	case world.Shoutout:
		return []event{shoutoutCreated(b, &f), shoutoutReceived(b, &f)}
	case world.AdBreakBegan:
		return []event{adBreak(b, &f)}

	case world.Chat:
		return []event{chatMessage(s.world, b, &f)}
	case world.Announcement:
		return []event{announcementNotice(s.world, b, &f)}
	case world.ChatNotice:
		return kindNotice(s.world, b, &f)
	case world.SharedChatChanged:
		return []event{sharedChat(b, &f)}
	case world.PollChanged:
		return []event{poll(b, &f)}
	case world.PredictionChanged:
		return []event{prediction(b, &f)}

	case world.UserUpdated:
		return []event{userUpdated(&f)}
	case world.Whispered:
		return []event{whispered(&f)}
	}
	return s.moneyEvents(b, fact)
}

// moneyEvents lists what comes of facts about subscriptions and Bits.
func (s *Server) moneyEvents(b broadcaster, fact world.Fact) []event {
	switch f := fact.(type) {
	case world.Subscribed:
		if f.IsGift {
			return []event{subscribed(b, &f), giftNotice(s.world, b, &f)}
		}
		return []event{subscribed(b, &f), subNotice(s.world, b, &f)}
	case world.SubscriptionEnded:
		return []event{subscriptionEnded(b, &f)}
	case world.Resubscribed:
		return []event{resubscribed(s.world, b, &f), resubNotice(s.world, b, &f)}
	case world.GiftSubs:
		return []event{gifted(b, &f), giftsNotice(s.world, b, &f)}
	case world.Cheered:
		return []event{cheered(b, &f), bitsUsed(s.world, b, &f)}
	}
	return s.moderationEvents(b, fact)
}

// moderationEvents lists what comes of what moderators do.
func (s *Server) moderationEvents(b broadcaster, fact world.Fact) []event {
	switch f := fact.(type) {
	case world.MessageDeleted:
		return []event{messageDeleted(b, &f), moderate(b, asModerator(f.Moderator), "delete", fact)}
	case world.ChatCleared:
		return []event{chatCleared(b), moderate(b, asModerator(f.Moderator), "clear", nil)}
	case world.ChatSettingsChanged:
		return append(modesChanged(b, &f), settingsUpdated(b, &f))

	case world.UserBanned:
		return []event{userMessagesCleared(b, &f), banned(b, &f), moderate(b, asModerator(f.Moderator), banAction(&f), fact)}
	case world.UserUnbanned:
		if f.Requested { // the event of the resolved request names the moderator
			return []event{unbanned(b, &f)}
		}
		return []event{unbanned(b, &f), moderate(b, asModerator(f.Moderator), unbanAction(&f), fact)}
	case world.ModeratorAdded:
		return []event{role("channel.moderator.add", b, f.User), moderate(b, moderator(b), "mod", fact)}
	case world.ModeratorRemoved:
		return []event{role("channel.moderator.remove", b, f.User), moderate(b, moderator(b), "unmod", fact)}
	case world.VIPAdded:
		return []event{role("channel.vip.add", b, f.User), moderate(b, moderator(b), "vip", fact)}
	case world.VIPRemoved:
		return []event{role("channel.vip.remove", b, f.User), moderate(b, moderator(b), "unvip", fact)}
	}
	return s.safetyEvents(b, fact)
}

// safetyEvents lists what comes of facts about what keeps a chat in order.
func (s *Server) safetyEvents(b broadcaster, fact world.Fact) []event {
	switch f := fact.(type) {
	case world.TermsChanged:
		return []event{termsChanged(b, &f), moderate(b, asModerator(f.Moderator), termsAction(&f)+"_term", fact)}
	case world.AutoModChanged:
		return []event{automodChanged(b, &f)}
	case world.MessageHeld:
		return messageHeld(s.world, b, &f)
	case world.HeldMessageResolved:
		return heldResolved(s.world, b, &f)
	case world.UserWarned:
		return []event{warned(b, &f), moderate(b, asModerator(f.Moderator), "warn", fact)}
	case world.WarningAcknowledged:
		return []event{warningAcknowledged(b, &f)}
	case world.SuspicionChanged:
		return []event{suspicionChanged(b, &f)}
	case world.SuspiciousMessage:
		return []event{suspiciousMessage(s.world, b, &f)}
	case world.ShieldModeChanged:
		return []event{shieldChanged(b, &f)}
	case world.UnbanRequested:
		return []event{unbanRequested(b, &f)}
	case world.UnbanRequestResolved:
		return unbanRequestResolved(b, &f)
	}
	return s.supportEvents(b, fact)
}
