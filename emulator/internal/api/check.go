package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

func bad(format string, args ...any) error {
	return &world.Error{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}

func unauthorized(format string, args ...any) error {
	return &world.Error{Status: http.StatusUnauthorized, Message: fmt.Sprintf(format, args...)}
}

func forbidden(message string) error {
	return &world.Error{Status: http.StatusForbidden, Message: message}
}

// authenticate finds the grant of the token.
func (c *call) authenticate(r *http.Request) error {
	if c.endpoint.Tokens == 0 {
		return nil
	}
	if c.endpoint.Tokens == helix.JWT {
		return c.authenticateExtension(r)
	}
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return unauthorized("OAuth token is missing")
	}
	clientID := r.Header.Get("Client-Id")
	if clientID == "" {
		return unauthorized("Client ID is missing")
	}
	grant, ok := c.auth.Lookup(token)
	if !ok {
		return unauthorized("Invalid OAuth token")
	}
	if grant.ClientID != clientID {
		return unauthorized("Client ID and OAuth token do not match")
	}
	c.grant = grant
	return nil
}

// checkToken checks the kind of token and its scopes.
func (c *call) checkToken() error {
	e := c.endpoint
	switch {
	case e.Tokens == 0:
		return nil
	case e.Tokens == helix.JWT:
		return c.checkExtension()
	case c.grant.IsApp() && !e.Tokens.Has(helix.AppToken):
		return unauthorized("Missing User OAUTH Token")
	case !c.grant.IsApp() && !e.Tokens.Has(helix.UserToken):
		return unauthorized("Missing App Access Token")
	case c.grant.IsApp():
		return nil
	}
	if missing := e.Scopes.Missing(c.grant.Scopes); missing != nil {
		return unauthorized("Missing scope: %s", strings.Join(missing[0], " or "))
	}
	return nil
}

// checkUser checks that the parameters name the token's user, or a user who allowed the
// client to act for them with an app token.
func (c *call) checkUser() error {
	if c.grant.IsApp() {
		return c.checkGrants()
	}
	var named []string
	for _, name := range c.endpoint.TokenUser {
		switch c.get(name) {
		case c.grant.UserID:
			return nil
		case "":
		default:
			named = append(named, name)
		}
	}
	if len(named) > 0 {
		return unauthorized("The ID in %s must match the user ID found in the request's OAuth token.", strings.Join(named, " or "))
	}
	return nil
}

func (c *call) checkGrants() error {
	for _, g := range c.endpoint.AppGrants {
		id := c.get(g.Param)
		missing := g.Scopes.Missing(c.auth.Consent(c.grant.ClientID, id))
		if missing == nil {
			continue
		}
		if g.OrElse != "" && (c.acting() == c.broadcaster() || c.world.Has(c.broadcaster(), world.Moderator, c.acting())) {
			continue
		}
		return unauthorized("The user in %s has not granted the client the scope %s", g.Param, strings.Join(missing[0], " or "))
	}
	return nil
}

// ownRole are endpoints that check the role in their handlers: without it they answer
// less.
var ownRole = []string{"get-channel-followers", "get-chat-settings", "create-stream-marker", "get-stream-markers"}

// checkRole checks that the acting user has the role in the channel that the endpoint needs.
func (c *call) checkRole() error {
	e := c.endpoint
	if len(e.Roles) == 0 || slices.Contains(ownRole, e.ID) {
		return nil
	}
	broadcaster := c.broadcaster()
	if broadcaster == "" {
		broadcaster = c.get("from_broadcaster_id")
	}
	if c.hasRole(broadcaster, e.Roles) {
		return nil
	}
	if slices.Contains(e.Roles, helix.Moderator) {
		return forbidden("The user in moderator_id is not one of the broadcaster's moderators.")
	}
	return forbidden("The user is not one of the broadcaster's editors.")
}

func (c *call) hasRole(broadcasterID string, roles []helix.Role) bool {
	user := c.acting()
	for _, role := range roles {
		switch role {
		case helix.Broadcaster:
			if user == broadcasterID {
				return true
			}
		case helix.Moderator, helix.Editor:
			if c.world.Has(broadcasterID, world.Role(role), user) {
				return true
			}
		}
	}
	return false
}
