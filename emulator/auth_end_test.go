package emulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A new password is seen through every door: Helix, EventSub and chat.
func TestChangePasswordIsSeenEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		conn, session := dial(t, tw)
		token := tw.UserToken("ada", "moderator:read:followers", "chat:read")
		if status, body := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session)); status != http.StatusAccepted {
			t.Fatalf("subscribe: got %d %s", status, body)
		}
		line, err := tw.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		chat := newIRC(t, line)
		_ = line.SetDeadline(time.Time{})
		chat.enter(token, "ada", "ada")

		tw.ChangePassword("ada")
		if f := read(t, conn); f.Metadata.MessageType != "revocation" || f.Payload.Subscription.Status != "authorization_revoked" {
			t.Errorf("EventSub: got %+v, want a revocation", f)
		}
		chat.want("NOTICE * :Login authentication failed")
		if status, _ := helix(t, tw, token, http.MethodGet, "/users", ""); status != http.StatusUnauthorized {
			t.Errorf("Helix: got %d, want 401", status)
		}
	})
}

// Whoever made a token for another application calls Helix as that one.
func TestTokensOfAnotherClient(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.User("ada"), emulator.RegisterClient("second", "hush"))
	_, token := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/token", `{"user":"ada","client_id":"second"}`)
	if token["client_id"] != "second" {
		t.Errorf("got a token of %q, want second", token["client_id"])
	}
	for client, want := range map[string]int{"second": http.StatusOK, tw.ClientID(): http.StatusUnauthorized} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.HelixURL()+"/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token["access_token"])
		r.Header.Set("Client-Id", client)
		resp, err := tw.HTTPClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("as %s: got %d, want %d", client, resp.StatusCode, want)
		}
	}
}
