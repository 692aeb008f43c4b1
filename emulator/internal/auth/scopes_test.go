package auth_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Whatever an endpoint or an event asks for can be granted, and the consent
// page says what it allows.
func TestScopesAreKnown(t *testing.T) {
	know := func(user string, scopes helix.Scopes) {
		for _, group := range scopes {
			for _, scope := range group {
				if auth.Sentence(scope) == "" {
					t.Errorf("%s needs %s, which the consent page cannot explain", user, scope)
				}
			}
		}
	}
	for _, e := range helix.Endpoints() {
		know(e.ID, e.Scopes)
		for _, grant := range e.AppGrants {
			know(e.ID, grant.Scopes)
		}
	}
	for _, info := range eventsub.Types() {
		know(info.Type.Name, info.Scopes)
	}
}
