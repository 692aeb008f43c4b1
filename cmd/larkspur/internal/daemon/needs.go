package daemon

import (
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// botRoles are the roles of the bot's own account.
var botRoles = []oauth.Role{oauth.RoleBot, oauth.RoleModerator}

// Scopes are the scopes that a configuration needs, by the account that must grant them.
// With one account for both, that account grants all.
type Scopes struct {
	Bot         oauth.ScopeSet
	Broadcaster oauth.ScopeSet
}

// All returns both together.
func (s Scopes) All() oauth.ScopeSet { return s.Bot.Union(s.Broadcaster) }

// Scopes returns the smallest set that serves everything in the configuration.
func (c *Config) Scopes() Scopes {
	needs := c.asks()
	return Scopes{
		Bot:         oauth.SmallestScopes(needs, botRoles...),
		Broadcaster: oauth.SmallestScopes(needs, oauth.RoleBroadcaster),
	}
}

// Needs returns everything in the configuration that requires a scope. Scopes of an
// event's moderator are granted by the bot, or else by the channel's owner.
func (c *Config) Needs() []oauth.Need {
	wants := c.Skills.Needs()
	needs := []oauth.Need{readNeed, writeNeed}
	for _, info := range wanted(wants) {
		needs = add(needs, oauth.Need{For: info.Type.Name, Scopes: info.Scopes, By: oauth.RoleOf(info.TokenUser)})
	}
	for _, id := range wants.Endpoints {
		// Messages have their own need: see writeNeed.
		if e, ok := helix.EndpointByID(id); ok && id != "send-chat-message" {
			by := oauth.RoleBot
			if slices.Contains(e.TokenUser, "broadcaster_id") {
				by = oauth.RoleBroadcaster
			}
			needs = add(needs, oauth.Need{For: e.Name, Scopes: e.Scopes, By: by})
		}
	}
	return needs
}

// readNeed is the need of reading chat: over IRC, with EventSub, or both, each of which
// knows something that the other does not. Tokens made as opsdroid's documentation
// describes read over IRC.
var readNeed = oauth.Need{For: "read chat", Scopes: [][]oauth.Scope{{oauth.ScopeChatRead, oauth.ScopeUserReadChat}}, By: oauth.RoleBot}

// asks returns what a new login asks for: everything in Needs, and both ways to read chat.
// EventSub's way needs a WebSocket: by webhook it would take the scopes of an app.
func (c *Config) asks() []oauth.Need {
	needs := append(c.Needs(), oauth.ChatNeeds(oauth.ChatReadIRC)...)
	if c.Twitch.ForwardURL == "" {
		needs = append(needs, oauth.ChatNeeds(oauth.ChatReadEvent)...)
	}
	return needs
}

// add appends a need, unless it requires no scope.
func add(needs []oauth.Need, n oauth.Need) []oauth.Need {
	if len(n.Scopes) == 0 {
		return needs
	}
	return append(needs, n)
}
