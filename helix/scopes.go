package helix

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// authorizeURL is where users grant scopes.
const authorizeURL = "https://id.twitch.tv/oauth2/authorize"

// String writes s for people: "things:read or things:write and users:read" needs one of
// the first two and the third.
func (s Scopes) String() string {
	groups := make([]string, len(s))
	for i, g := range s {
		groups[i] = strings.Join(g, " or ")
	}
	return strings.Join(groups, " and ")
}

// A ScopeError means that a user has not granted what a call needs. It was found
// before the call, which was not sent.
type ScopeError struct {
	Endpoint *Endpoint
	ClientID string
	UserID   string // who has to grant it
	Missing  Scopes // one of each group is needed

	// AppGrant is set if the call was to be made with the app token, which may act
	// for a user only after the user has granted this to the application.
	AppGrant *AppGrant
}

// Error names the user and the missing scopes: one of each group is needed. Link
// returns where the user can grant them.
func (e *ScopeError) Error() string {
	what := "user " + e.UserID
	if e.AppGrant != nil {
		what += " (" + e.AppGrant.Param + ")"
	}
	return fmt.Sprintf("helix: %s: %s has not granted %s", e.Endpoint.Name, what, e.Missing.String())
}

// Link returns an address that asks the user for what is missing and what was
// granted before, which a new grant would otherwise replace. Twitch sends the
// browser to redirectURI afterwards with a code; state comes along.
func (e *ScopeError) Link(redirectURI, state string, granted ...string) string {
	scopes := slices.Clone(granted)
	for _, scope := range e.Missing.Minimal() {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	q := url.Values{
		"response_type": {"code"}, "client_id": {e.ClientID},
		"redirect_uri": {redirectURI}, "state": {state}, "scope": {strings.Join(scopes, " ")},
	}
	return authorizeURL + "?" + q.Encode()
}

// LogValue returns the error's parts as attributes.
func (e *ScopeError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("endpoint", e.Endpoint.ID),
		slog.String("user_id", e.UserID),
		slog.Any("missing_scopes", e.Missing.Minimal()),
	)
}

// checkScopes finds missing scopes where the source knows what was granted.
func (c *core) checkScopes(ctx context.Context, call *Call) error {
	switch {
	case c.scopes == nil:
		return nil
	case call.Token == AppToken:
		return c.checkAppGrants(ctx, call)
	case call.Token != UserToken:
		return nil
	}
	granted, known := c.scopes.Scopes(ctx, call.UserID)
	if !known {
		return nil
	}
	call.fallback = false // the user has a token; if it fails, that is the error
	if missing := call.scopes().Missing(granted); missing != nil {
		return &ScopeError{Endpoint: call.Endpoint, ClientID: c.clientID, UserID: call.UserID, Missing: missing}
	}
	return nil
}

// scopes returns what the endpoint needs, and what it needs because of the
// parameters that are given.
func (c *Call) scopes() Scopes {
	scopes := c.Endpoint.Scopes
	for _, list := range [][]Param{c.Endpoint.Query, c.Endpoint.Body} {
		for i := range list {
			if len(list[i].Scopes) == 0 {
				continue
			}
			if v, given := c.params.lookup(list[i].Name); given && (v.Kind() != reflect.Bool || v.Bool()) {
				scopes = slices.Concat(scopes, list[i].Scopes)
			}
		}
	}
	return scopes
}

// checkAppGrants finds missing grants of the users that an app token acts for. Of
// users whom the source does not know, Twitch has to decide, and so it has where
// something else may serve instead.
func (c *core) checkAppGrants(ctx context.Context, call *Call) error {
	for i := range call.Endpoint.AppGrants {
		g := &call.Endpoint.AppGrants[i]
		user := call.params.first([]string{g.Param})
		if user == "" || g.OrElse != "" {
			continue
		}
		granted, known := c.scopes.Scopes(ctx, user)
		if !known {
			continue
		}
		if missing := g.Scopes.Missing(granted); missing != nil {
			return &ScopeError{Endpoint: call.Endpoint, ClientID: c.clientID, UserID: user, Missing: missing, AppGrant: g}
		}
	}
	return nil
}
