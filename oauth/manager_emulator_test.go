package oauth_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A bot's life on the emulator, without a network: login, four hours, a token that
// ends early, and the user who disconnects the app.
func TestLifeOfALogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		store := oauth.NewMemoryStore()
		lost := make(chan *oauth.LoginError, 10)
		m := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.OAuthURL(),
			OnRevoked: func(e *oauth.LoginError) { lost <- e },
		})
		const redirect = "http://localhost:3000"
		code := tw.AuthorizationCode("ada", redirect, "chat:read", "chat:edit")
		user, err := m.AddCode(t.Context(), oauth.Secret(code), redirect)
		if err != nil {
			t.Fatal(err)
		}
		if user.Login != "ada" || user.Scopes.String() != "chat:edit chat:read" {
			t.Errorf("got %+v, want ada with two scopes", user)
		}
		if _, err := m.AddCode(t.Context(), oauth.Secret(code), redirect); err == nil {
			t.Error("got no error for a code that is used up")
		}
		running(t, m)

		first, err := m.Token(t.Context(), user.ID)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Hour)
		second, err := m.Token(t.Context(), user.ID)
		if err != nil || second == first {
			t.Fatalf("got %v, want a renewed token after five hours", err)
		}
		tw.ExpireToken(second)
		third, err := m.Renew(t.Context(), user.ID, second)
		if err != nil || third == second {
			t.Fatalf("got %v, want a renewed token after a 401", err)
		}
		if id, err := m.Client().Validate(t.Context(), oauth.Secret(third)); err != nil || id.UserID != user.ID {
			t.Errorf("got %v, %v, want ada's token", id, err)
		}
		if app, err := m.Token(t.Context(), ""); err != nil || app == "" {
			t.Errorf("got %v, want an app token", err)
		}

		tw.Disconnect("ada")
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(lost) != 1 {
			t.Fatalf("got %d calls of OnRevoked within an hour, want 1", len(lost))
		}
		if _, err := m.Token(t.Context(), user.ID); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v, want ErrRevoked", err)
		}
	})
}

func TestDeviceLoginOnTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada"), emulator.ClientCredentials("public-client", ""))
		m := oauth.NewManager("public-client", "", oauth.NewMemoryStore(), oauth.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.OAuthURL(),
		})
		d, err := m.Client().StartDevice(t.Context(), oauth.NewScopeSet(oauth.ScopeChatRead))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Client().PollDevice(t.Context(), d); !errors.Is(err, oauth.ErrPending) {
			t.Errorf("got %v, want ErrPending", err)
		}
		time.AfterFunc(time.Minute, func() { tw.ApproveDevice(d.UserCode, "ada", true) })
		token, err := m.Client().WaitDevice(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		user, err := m.Add(t.Context(), token)
		if err != nil || user.Login != "ada" || !user.Scopes.Contains(oauth.ScopeChatRead) {
			t.Fatalf("got %+v, %v, want ada", user, err)
		}
		// Refresh tokens of public clients work once: three renewals need three of them.
		for range 3 {
			token, err := m.Token(t.Context(), user.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = m.Renew(t.Context(), user.ID, token); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.Client().PollDevice(t.Context(), d); !errors.Is(err, oauth.ErrDeviceExpired) {
			t.Errorf("got %v, want ErrDeviceExpired for a used code", err)
		}
		if err := m.Logout(t.Context(), user.ID); err != nil {
			t.Error(err)
		}
	})
}
