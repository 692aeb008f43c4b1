package bot

import (
	"cmp"
	"slices"

	"github.com/larkspur-dev/larkspur/chat"
)

// mergeFrom merges a message with its other copy, which has just arrived.
func mergeFrom(m *chat.Message, second arrival) *chat.Message {
	if second.from == fromIRC {
		return merge(second.carried.Chat(), m)
	}
	return merge(m, second.carried.Chat())
}

// merge returns one message of its copies from IRC and from EventSub. It changes neither.
// The rule is the same for every field: the source that knows more wins, and the other
// one fills what is empty. stream_merge_internal_test.go has the rule of each field.
func merge(irc, es *chat.Message) *chat.Message {
	return &chat.Message{
		ID:           cmp.Or(irc.ID, es.ID),
		Broadcaster:  mergeUser(es.Broadcaster, irc.Broadcaster),
		Chatter:      mergeChatter(irc.Chatter, es.Chatter),
		Text:         textFrom(irc, es).Text,
		Fragments:    textFrom(irc, es).Fragments,
		Kind:         mergeKind(irc.Kind, es.Kind),
		Action:       irc.Action || es.Action,
		Bits:         cmp.Or(es.Bits, irc.Bits),
		RewardID:     cmp.Or(es.RewardID, irc.RewardID),
		FirstMessage: irc.FirstMessage || es.FirstMessage,
		Returning:    irc.Returning || es.Returning,
		Nonce:        cmp.Or(irc.Nonce, es.Nonce),
		Animation:    cmp.Or(es.Animation, irc.Animation),
		Reply:        mergeReply(irc.Reply, es.Reply),
		Source:       mergeSource(irc.Source, es.Source),
		SentAt:       firstSet(irc.SentAt, es.SentAt), // IRC tells when Twitch took the message, EventSub when it sent the event
		Raw:          cmp.Or(irc.Raw, es.Raw),
	}
}

// textFrom returns the copy whose text and fragments are taken, both together: the
// fragments joined are the text.
func textFrom(irc, es *chat.Message) *chat.Message {
	if len(es.Fragments) > 0 || irc.Text == "" && len(irc.Fragments) == 0 {
		return es
	}
	return irc
}

// mergeKind prefers EventSub, unless it knows nothing special about the message.
func mergeKind(irc, es chat.Kind) chat.Kind {
	if es == chat.KindText {
		return cmp.Or(irc, es)
	}
	return cmp.Or(es, irc)
}

// mergeUser fills what a lacks.
func mergeUser(a, b chat.User) chat.User {
	return chat.User{ID: cmp.Or(a.ID, b.ID), Login: cmp.Or(a.Login, b.Login), Name: cmp.Or(a.Name, b.Name)}
}

// mergeChatter joins the roles: IRC tells of moderators without a badge.
func mergeChatter(irc, es chat.Chatter) chat.Chatter {
	return chat.Chatter{
		User: mergeUser(es.User, irc.User), Color: cmp.Or(es.Color, irc.Color),
		Badges: mergeBadges(irc.Badges, es.Badges), Roles: irc.Roles | es.Roles,
	}
}

// mergeBadges returns the badges of EventSub, with the months that only IRC tells.
func mergeBadges(irc, es []chat.Badge) []chat.Badge {
	if len(es) == 0 {
		return irc
	}
	badges := es
	for i, b := range es {
		if b.Info != "" {
			continue
		}
		if j := slices.IndexFunc(irc, func(other chat.Badge) bool { return other.Set == b.Set && other.Info != "" }); j >= 0 {
			if &badges[0] == &es[0] {
				badges = slices.Clone(es)
			}
			badges[i].Info = irc[j].Info
		}
	}
	return badges
}

// mergeReply fills what EventSub lacks.
func mergeReply(irc, es *chat.Parent) *chat.Parent {
	if irc == nil || es == nil {
		return cmp.Or(irc, es)
	}
	return &chat.Parent{
		MessageID: cmp.Or(es.MessageID, irc.MessageID), Chatter: mergeUser(es.Chatter, irc.Chatter), Text: cmp.Or(es.Text, irc.Text),
		ThreadID: cmp.Or(es.ThreadID, irc.ThreadID), ThreadUser: mergeUser(es.ThreadUser, irc.ThreadUser),
	}
}

// mergeSource fills what EventSub lacks.
func mergeSource(irc, es *chat.Source) *chat.Source {
	if irc == nil || es == nil {
		return cmp.Or(irc, es)
	}
	return &chat.Source{
		MessageID: cmp.Or(es.MessageID, irc.MessageID), Broadcaster: mergeUser(es.Broadcaster, irc.Broadcaster),
		Badges: mergeBadges(irc.Badges, es.Badges), Only: irc.Only || es.Only,
	}
}

// firstSet returns the first value that is not zero.
func firstSet[T interface{ IsZero() bool }](a, b T) T {
	if a.IsZero() {
		return b
	}
	return a
}
