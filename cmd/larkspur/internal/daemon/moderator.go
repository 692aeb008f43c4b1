package daemon

import (
	"context"
	"fmt"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// ModeratorNeeds names what the configuration can do only if the bot moderates the
// channel: event types and API calls. A scope is not enough for them.
func (c *Config) ModeratorNeeds() []string {
	wants := c.Skills.Needs()
	var names []string
	for _, info := range wanted(wants) {
		if needsModerator(info) {
			names = append(names, info.Type.Name)
		}
	}
	for _, id := range wants.Endpoints {
		if e, ok := helix.EndpointByID(id); ok && slices.Contains(e.TokenUser, "moderator_id") {
			names = append(names, e.Name)
		}
	}
	return names
}

// needsModerator reports whether an event type names a moderator in its condition.
func needsModerator(info eventsub.Info) bool {
	return slices.ContainsFunc(info.Condition, func(f eventsub.ConditionField) bool { return f.Name == "moderator_user_id" })
}

// A Role is whether an account moderates a channel.
type Role uint8

// The roles.
const (
	RoleUnknown   Role = iota // no account has granted the scope for the look-up
	RoleModerator             // a moderator, or the broadcaster
	RoleNone                  // neither
)

// A scopeLister lists what each account has granted, as *oauth.Manager does.
type scopeLister interface {
	Scopes(ctx context.Context, userID string) (scopes []string, known bool)
}

// LookUpRole asks Twitch whether the bot moderates the broadcaster's channel: with the
// bot's token if it may list the channels that it moderates, else with the broadcaster's
// if that may list the moderators.
func LookUpRole(ctx context.Context, tw *helix.Client, scopes scopeLister, botID, broadcasterID string) (Role, error) {
	if botID == broadcasterID {
		return RoleModerator, nil
	}
	if may(ctx, scopes, botID, "get-moderated-channels") {
		for channel, err := range tw.As(botID).Moderation.AllModeratedChannels(ctx, helix.GetModeratedChannelsParams{UserID: botID}) {
			if err != nil {
				return RoleUnknown, err
			}
			if channel.BroadcasterID == broadcasterID {
				return RoleModerator, nil
			}
		}
		return RoleNone, nil
	}
	if may(ctx, scopes, broadcasterID, "get-moderators") {
		found, err := tw.As(broadcasterID).Moderation.GetModerators(ctx, helix.GetModeratorsParams{BroadcasterID: broadcasterID, UserIDs: []string{botID}})
		if err != nil {
			return RoleUnknown, err
		}
		if len(found.Items) > 0 {
			return RoleModerator, nil
		}
		return RoleNone, nil
	}
	return RoleUnknown, nil
}

// may reports whether a user has granted what an endpoint needs.
func may(ctx context.Context, scopes scopeLister, userID, endpoint string) bool {
	e, ok := helix.EndpointByID(endpoint)
	return ok && grants(ctx, scopes, account{ID: userID}, e.Scopes)
}

// NotModerator explains what does not work without the role, and how to give it.
func NotModerator(bot, channel string) string {
	return fmt.Sprintf("%s is not a moderator of %s; %s types in the chat of that channel: /mod %s", bot, channel, channel, bot)
}
