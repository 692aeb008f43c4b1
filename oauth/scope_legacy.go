package oauth

// legacy holds the scopes of Twitch's retired API (v5) with those that do the same
// today. An empty list: what it allowed is gone.
//
// It is a function and not a variable, so that it cannot be modified.
func legacy(scope Scope) (today []Scope, isLegacy bool) {
	switch scope {
	case "channel_commercial":
		return []Scope{"channel:edit:commercial"}, true
	case "channel_editor":
		return []Scope{"channel:manage:broadcast"}, true
	case "channel_read":
		return []Scope{"channel:read:stream_key"}, true
	case "channel_subscriptions", "channel_check_subscription":
		return []Scope{"channel:read:subscriptions"}, true
	case "chat_login":
		return []Scope{"chat:edit", "chat:read"}, true
	case "user_blocks_read":
		return []Scope{"user:read:blocked_users"}, true
	case "user_blocks_edit":
		return []Scope{"user:manage:blocked_users"}, true
	case "user_follows_edit":
		return []Scope{"user:edit:follows"}, true
	case "user_read":
		return []Scope{"user:read:email"}, true
	case "user_subscriptions":
		return []Scope{"user:read:subscriptions"}, true
	case "channel_feed_read", "channel_feed_edit", "channel_stream", "collections_edit", "communities_edit",
		"communities_moderate", "openid_connect", "viewing_activity_read":
		return nil, true
	}
	return nil, false
}

// Modern returns s with the names of Twitch's retired API replaced by today's, so
// that scopes from old guides can be requested.
func (s ScopeSet) Modern() ScopeSet {
	var scopes []Scope
	for _, scope := range s {
		if today, isLegacy := legacy(scope); isLegacy {
			scopes = append(scopes, today...)
		} else {
			scopes = append(scopes, scope)
		}
	}
	return NewScopeSet(scopes...)
}

// Covered returns s with everything it allows under newer names: what a token that
// was granted s long ago can still do.
func (s ScopeSet) Covered() ScopeSet {
	scopes := s.Union(s.Modern())
	if s.Contains("user:edit:broadcast") {
		scopes = scopes.Union(ScopeSet{"channel:manage:broadcast", "channel:manage:extensions"})
	}
	return scopes
}
