package oauth

import (
	"context"
	"time"
)

// covering returns who id is, if the token that we have of them is good and may do more
// than the new one of id. Any page on the web can send a browser through a login that
// asks for little; Twitch does not ask a person who has agreed before, and the new token
// would take away what they granted.
func (m *Manager) covering(ctx context.Context, id Identity) (User, bool) {
	t, err := m.reload(ctx, id.UserID)
	if err != nil || t.Problem != "" || !t.Scopes.Contains(id.Scopes...) || len(t.Scopes) == len(id.Scopes) {
		return User{}, false
	}
	// It may be dead without our knowing.
	access, err := m.Token(ctx, id.UserID)
	if err != nil {
		return User{}, false
	}
	now, err := m.client.Validate(ctx, Secret(access))
	if err != nil || now.UserID != id.UserID || !now.Scopes.Contains(id.Scopes...) {
		return User{}, false
	}
	return userFrom(t.identified(now, time.Now())), true
}
