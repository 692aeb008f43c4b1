package helix_test

import (
	"errors"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

func TestCheckTokenSendsNothing(t *testing.T) {
	tw := helix.New("client", helix.StaticToken("1", "token"), helix.Options{BaseURL: "http://127.0.0.1:1"}) // nothing listens there
	if err := tw.CheckToken(t.Context()); err != nil {
		t.Errorf("own user: got %v, want none", err)
	}
	err := tw.As("2").CheckToken(t.Context())
	if missing, ok := errors.AsType[*helix.TokenError](err); !ok || missing.UserID != "2" {
		t.Errorf("another user: got %v, want a TokenError that names user 2", err)
	}
}
