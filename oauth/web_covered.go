package oauth

import (
	"context"
	"time"
)

// covering returns the user of id if the stored token of that user is valid and has more
// scopes than the new one. Any page on the web can send a browser through a login with few
// scopes. Twitch does not ask users again who have agreed before, and the new token would
// remove the scopes that they granted.
func (m *Manager) covering(ctx context.Context, id Identity) (User, bool) {
	t, err := m.reload(ctx, id.UserID)
	if err != nil || t.Problem != "" || !t.Scopes.Contains(id.Scopes...) || len(t.Scopes) == len(id.Scopes) {
		return User{}, false
	}
	// It may have been revoked since its last validation.
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
