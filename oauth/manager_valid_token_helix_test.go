package oauth_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A whisper of a user without a verified phone number is answered with 401, though the
// token is valid. The login is kept, whether its token can be renewed or not, and no token
// is renewed.
func TestWhisperWithoutAPhoneNumberDoesNotEndTheLogin(t *testing.T) {
	for name, refresh := range map[string]bool{"with a refresh token": true, "without one": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada", "grace"))
				var renewals, lost atomic.Int32
				store := oauth.NewMemoryStore()
				tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{
					BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient(),
					OnRefreshed: func(userID string) {
						if userID != "" { // the app token is fetched for the look-up of grace
							renewals.Add(1)
						}
					},
					OnNeedsLogin: func(*oauth.LoginError) { lost.Add(1) },
				})
				access, refreshToken := tw.UserTokens("ada", "user:manage:whispers")
				if !refresh {
					refreshToken = ""
				}
				ada, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refreshToken)})
				if err != nil {
					t.Fatal(err)
				}
				client := helix.New(tw.ClientID(), tokens, helix.Options{BaseURL: tw.HelixURL(), HTTPClient: tw.HTTPClient()})
				grace, err := client.Users.ByLogin(t.Context(), "grace")
				if err != nil {
					t.Fatal(err)
				}
				tw.SetPhoneVerified("ada", false)

				whisper := func() error {
					return client.Whispers.Send(t.Context(), helix.SendWhisperParams{FromUserID: ada.ID, ToUserID: grace.ID, Message: "psst"})
				}
				for range 3 {
					err := whisper()
					e, ok := errors.AsType[*helix.Error](err)
					if !ok || e.Status != 401 || !e.TokenValid || !errors.Is(err, helix.ErrForbidden) || !strings.Contains(e.Message, "verified phone number") {
						t.Errorf("got %v, want Twitch's words about a missing right", err)
					}
				}
				if token, err := tokens.Token(t.Context(), ada.ID); err != nil || token != access {
					t.Errorf("got %v, want the same token", err)
				}
				if u, err := store.Load(t.Context(), ada.ID); err != nil || u.Problem != "" {
					t.Errorf("got the problem %q, %v, want none", u.Problem, err)
				}
				tw.SetPhoneVerified("ada", true)
				if err := whisper(); err != nil {
					t.Errorf("with a phone number: got %v, want no error", err)
				}

				// A token that is really dead is renewed, or the login is lost.
				tw.ExpireToken(access)
				switch err := whisper(); {
				case refresh && err != nil:
					t.Errorf("dead token: got %v, want a renewal", err)
				case !refresh && !errors.Is(err, oauth.ErrRevoked):
					t.Errorf("dead token: got %v, want %v", err, oauth.ErrRevoked)
				}
				_ = tokens.Close(t.Context()) // waits for the hooks
				wantRenewals, wantLost := int32(1), int32(0)
				if !refresh {
					wantRenewals, wantLost = 0, 1
				}
				if renewals.Load() != wantRenewals || lost.Load() != wantLost {
					t.Errorf("got %d renewals and %d lost logins, want %d and %d", renewals.Load(), lost.Load(), wantRenewals, wantLost)
				}
			})
		})
	}
}
