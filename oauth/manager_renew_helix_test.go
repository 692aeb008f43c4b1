package oauth_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// Fifty calls at once with a token that Twitch no longer accepts are one
// renewal, and all succeed: client and token manager together.
func TestManyCallsRenewOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		var renewals atomic.Int32
		tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), oauth.Options{
			BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient(),
			OnRefreshed: func(string) { renewals.Add(1) },
		})
		code := tw.AuthorizationCode("ada", "http://localhost", "moderation:read")
		ada, err := tokens.AddCode(t.Context(), oauth.Secret(code), "http://localhost")
		if err != nil {
			t.Fatal(err)
		}
		client := helix.New(tw.ClientID(), tokens, helix.Options{BaseURL: tw.HelixURL(), HTTPClient: tw.HTTPClient()})
		stale, err := tokens.Token(t.Context(), ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		tw.ExpireToken(stale)

		var calls sync.WaitGroup
		for range 50 {
			calls.Go(func() {
				_, err := client.Moderation.GetModerators(t.Context(), helix.GetModeratorsParams{BroadcasterID: ada.ID})
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
			})
		}
		calls.Wait()
		if n := renewals.Load(); n != 1 {
			t.Errorf("got %d renewals, want 1", n)
		}
	})
}
