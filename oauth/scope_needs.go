package oauth

import (
	"slices"
	"strings"
)

// A Role is who grants a scope. One account may have several roles: a streamer who
// runs a bot in their own name has all three.
type Role string

// The roles.
const (
	RoleBot         Role = "bot"         // the account that the program acts as
	RoleBroadcaster Role = "broadcaster" // the owner of the channel
	RoleModerator   Role = "moderator"   // of the channel: most often the bot
)

// A Need is something that a program wants to do, as far as scopes go. The tables of
// endpoints and event types hold what goes into one:
//
//	oauth.Need{For: e.Name, Scopes: e.Scopes, By: oauth.RoleOf(e.TokenUser...)}
//	oauth.Need{For: info.Type.Name, Scopes: info.Scopes, By: oauth.RoleOf(info.TokenUser)}
type Need struct {
	For    string    // in words, for people: "Get Polls", "channel.follow"
	Scopes [][]Scope // one of each group, all groups
	By     Role      // default: RoleBot
}

// RoleOf returns whose token is needed where one of these parameters must name the
// token's user: "broadcaster_id", "moderator_user_id" and so on.
func RoleOf(params ...string) Role {
	has := func(part string) bool {
		return slices.ContainsFunc(params, func(p string) bool { return strings.Contains(p, part) })
	}
	switch {
	case has("moderator"):
		return RoleModerator
	case has("broadcaster"):
		return RoleBroadcaster
	default:
		return RoleBot
	}
}

// A ChatUse is a way to take part in chat.
type ChatUse int

// The ways to take part in chat.
const (
	ChatReadIRC   ChatUse = iota // over IRC
	ChatWriteIRC                 // over IRC
	ChatReadEvent                // EventSub: channel.chat.message and its like
	ChatWriteAPI                 // Send Chat Message
	ChatAsApp                    // with the app token, so that the bot gets its badge
)

// ChatNeeds returns what taking part in chat needs.
func ChatNeeds(uses ...ChatUse) []Need {
	var needs []Need
	add := func(by Role, what string, scopes ...Scope) {
		for _, s := range scopes {
			needs = append(needs, Need{For: what, Scopes: [][]Scope{{s}}, By: by})
		}
	}
	for _, use := range uses {
		switch use {
		case ChatReadIRC:
			add(RoleBot, "read chat over IRC", ScopeChatRead)
		case ChatWriteIRC:
			add(RoleBot, "write chat over IRC", ScopeChatEdit)
		case ChatReadEvent:
			add(RoleBot, "read chat", ScopeUserReadChat)
		case ChatWriteAPI:
			add(RoleBot, "write chat", ScopeUserWriteChat)
		case ChatAsApp:
			add(RoleBot, "chat as an app", ScopeUserBot)
			add(RoleBroadcaster, "let an app chat", ScopeChannelBot)
		}
	}
	return needs
}

// SmallestScopes returns the smallest set of scopes that serves all needs of an
// account with these roles, or all needs if no role is given. One scope may serve several
// needs: the scope for creating polls also covers reading them.
//
//	bot := oauth.SmallestScopes(needs, oauth.RoleBot, oauth.RoleModerator)
//	streamer := oauth.SmallestScopes(needs, oauth.RoleBroadcaster)
func SmallestScopes(needs []Need, roles ...Role) ScopeSet {
	var groups [][]Scope
	for _, n := range needs {
		if !n.of(roles) {
			continue
		}
		for _, group := range n.Scopes {
			if len(group) > 0 {
				groups = append(groups, n.preferred(group))
			}
		}
	}
	return NewScopeSet(smallestHit(groups)...)
}

// MissingNeeds returns what an account with these roles cannot do with what it has
// granted, each with only the groups that are missing.
func MissingNeeds(needs []Need, granted ScopeSet, roles ...Role) []Need {
	granted = granted.Covered()
	var missing []Need
	for _, n := range needs {
		if !n.of(roles) {
			continue
		}
		var groups [][]Scope
		for _, group := range n.Scopes {
			if len(group) > 0 && !hits(group, granted) {
				groups = append(groups, group)
			}
		}
		if groups != nil {
			n.Scopes = groups
			missing = append(missing, n)
		}
	}
	return missing
}

func (n Need) of(roles []Role) bool {
	by := n.By
	if by == "" {
		by = RoleBot
	}
	return len(roles) == 0 || slices.Contains(roles, by)
}

// preferred returns group with what suits the one who grants first. Where a channel's
// owner and its moderators have scopes of their own for one thing, each grants theirs.
func (n Need) preferred(group []Scope) []Scope {
	rank := func(s Scope) int {
		if n.By == RoleModerator && strings.HasPrefix(s, "channel:") {
			return 1
		}
		return 0
	}
	group = slices.Clone(group)
	slices.SortStableFunc(group, func(a, b Scope) int { return rank(a) - rank(b) })
	return group
}

// hits reports whether one of group is in set.
func hits(group []Scope, set []Scope) bool {
	return slices.ContainsFunc(group, func(s Scope) bool { return slices.Contains(set, s) })
}
