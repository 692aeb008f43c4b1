package daemon

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill"
)

// streamTypes are the event types for the start and the end of the stream; the bot
// always subscribes to them.
var streamTypes = []string{"stream.online", "stream.offline"}

// wanted returns the event types to subscribe to.
func wanted(needs skill.Needs) []eventsub.Info {
	var infos []eventsub.Info
	add := func(info eventsub.Info) {
		if !slices.ContainsFunc(infos, func(i eventsub.Info) bool { return i.Type == info.Type }) {
			infos = append(infos, info)
		}
	}
	for _, info := range eventsub.Types() {
		if slices.Contains(streamTypes, info.Type.Name) {
			add(info)
		}
	}
	for _, t := range needs.Events {
		if info, ok := eventsub.Lookup(t); ok {
			add(info)
		}
	}
	return infos
}

// A granter returns the scopes that a user has granted.
type granter interface {
	Scopes(ctx context.Context, userID string) (scopes []string, known bool)
}

// conditionsFor returns the subscriptions that the skills need, and a sentence
// for each that cannot be made because a scope was not granted.
func conditionsFor(ctx context.Context, needs skill.Needs, who accounts, g granter) (conditions []eventsub.Condition, warnings []string) {
	for _, info := range wanted(needs) {
		fields := map[string]string{}
		owner := who.bot
		for _, f := range info.Condition {
			a, ok := fieldAccount(f.Name, who, func(a account) bool { return grants(ctx, g, a, info.Scopes) })
			if ok && (f.Required || slices.Contains(info.ExactlyOne, f.Name)) {
				fields[f.Name] = a.ID
			}
			if f.Name == info.TokenUser {
				owner = a
			}
		}
		if scopes, known := g.Scopes(ctx, owner.ID); known || owner.ID != who.bot.ID {
			if missing := info.Scopes.Missing(scopes); len(missing) > 0 {
				warnings = append(warnings, fmt.Sprintf("%s is not heard: %s has not granted %s",
					info.Type.Name, owner.Login, strings.Join(missing.Minimal(), " ")))
				continue
			}
		}
		c, err := eventsub.NewCondition(info.Type, fields)
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("%s is not heard: %v", info.Type.Name, err))
			continue
		}
		conditions = append(conditions, c)
	}
	return conditions, warnings
}

// withChat adds the subscription to the messages of chat, which also come over IRC, if the
// bot's account has granted its scope.
func withChat(ctx context.Context, conditions []eventsub.Condition, who accounts, g granter) []eventsub.Condition {
	isChat := func(c eventsub.Condition) bool { return c.Type() == chatType }
	if !grants(ctx, g, who.bot, readEventSub) || slices.ContainsFunc(conditions, isChat) {
		return conditions
	}
	return append(conditions, eventsub.ChannelChatMessageCondition{BroadcasterUserID: who.broadcaster.ID, UserID: who.bot.ID})
}

// fieldAccount returns the account for a field of a condition. The moderator is the
// bot, or the broadcaster if only they have granted the needed scope.
func fieldAccount(field string, who accounts, granted func(account) bool) (account, bool) {
	switch field {
	case "broadcaster_user_id", "broadcaster_id", "to_broadcaster_user_id":
		return who.broadcaster, true
	case "from_broadcaster_user_id":
		return account{}, false // raids that arrive, not those that leave
	case "moderator_user_id":
		if !granted(who.bot) && granted(who.broadcaster) {
			return who.broadcaster, true
		}
		return who.bot, true
	case "user_id":
		return who.bot, true
	}
	return account{}, false
}

func grants(ctx context.Context, g granter, a account, needed helix.Scopes) bool {
	scopes, known := g.Scopes(ctx, a.ID)
	return known && len(needed.Missing(scopes)) == 0
}
