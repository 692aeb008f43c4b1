package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// Whose token is this? Nothing else is needed to ask: no client ID, no Manager.
func ExampleValidate() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // leave it out to ask Twitch

	id, err := oauth.Validate(ctx, "a-token")
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Println("not asked")
	case errors.Is(err, oauth.ErrRevoked):
		fmt.Println("the token is not good")
	case err == nil:
		fmt.Println(id.Login, "granted", id.Scopes)
	}
	// Output: not asked
}

func TestValidateAsksTwitchAndDoesNotShowTheToken(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	const token = "canary-canary-canary-canary"
	_, err := oauth.Validate(ctx, token)
	if err == nil || !strings.Contains(err.Error(), oauth.DefaultBaseURL+"/validate") || strings.Contains(err.Error(), token) {
		t.Errorf("got %v, want an error that names Twitch's address and not the token", err)
	}
}
