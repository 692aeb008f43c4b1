package auth

import (
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// otherScopes are known, although neither an endpoint nor an event needs them.
var otherScopes = []string{
	"openid", "chat:read", "chat:edit", "channel:moderate", "whispers:read", "whispers:edit", "user:bot", "channel:bot",
	"user:edit", "user:read:email", "moderator:read:followers", "analytics:read:games", "analytics:read:extensions",
	"channel:manage:clips", "editor:manage:clips",
}

// knownScopes returns every scope that somebody may ask for.
func knownScopes() map[string]bool {
	known := map[string]bool{}
	add := func(scopes helix.Scopes) {
		for _, group := range scopes {
			for _, scope := range group {
				known[scope] = true
			}
		}
	}
	for _, e := range helix.Endpoints() {
		add(e.Scopes)
		for _, grant := range e.AppGrants {
			add(grant.Scopes)
		}
	}
	for _, t := range eventsub.Types() {
		add(t.Scopes)
	}
	for _, scope := range otherScopes {
		known[scope] = true
	}
	return known
}

// unknownScope returns the first scope that Twitch does not know, or "".
func (s *Server) unknownScope(scopes []string) string {
	for _, scope := range scopes {
		if !s.scopes[scope] {
			return scope
		}
	}
	return ""
}
