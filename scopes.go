package larkspur

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// needsOf returns what a program needs scopes for: the events that it handles, the
// endpoints that it calls, and further scopes.
func needsOf(mux *eventsub.Mux, endpoints []string, scopes []oauth.Scope) []oauth.Need {
	var needs []oauth.Need
	types, _ := mux.Missing()
	for _, t := range types {
		if info, ok := eventsub.Lookup(t); ok && len(info.Scopes) > 0 {
			needs = append(needs, oauth.Need{For: t.Name, Scopes: info.Scopes, By: oauth.RoleOf(info.TokenUser)})
		}
	}
	for _, id := range endpoints {
		if e, ok := helix.EndpointByID(id); ok && len(e.Scopes) > 0 {
			needs = append(needs, oauth.Need{For: e.Name, Scopes: e.Scopes, By: oauth.RoleOf(e.TokenUser...)})
		}
	}
	for _, s := range scopes {
		needs = append(needs, oauth.Need{For: "option Scopes", Scopes: [][]oauth.Scope{{s}}})
	}
	return needs
}

// checkEndpoints returns an error if an id is not one of Twitch's reference.
func checkEndpoints(ids []string) error {
	var errs []error
	for _, id := range ids {
		if _, ok := helix.EndpointByID(id); !ok {
			errs = append(errs, fmt.Errorf("larkspur: option Endpoints: there is no endpoint %q; the ids are the anchors of https://dev.twitch.tv/docs/api/reference, such as \"send-chat-message\"", id))
		}
	}
	return errors.Join(errs...)
}

// missingAttrs describes what a login cannot be used for.
func missingAttrs(missing []oauth.Need) slog.Attr {
	attrs := make([]any, 0, len(missing))
	for _, n := range missing {
		attrs = append(attrs, slog.String(n.For, helix.Scopes(n.Scopes).String()))
	}
	return slog.Group("missing_scopes", attrs...)
}
