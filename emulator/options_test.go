package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

func TestOptions(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Seed(7), emulator.ClientCredentials("me", "hush"),
		emulator.Channel("Ada"), emulator.Partner("big"), emulator.Live("ada"), emulator.Moderator("ada", "mod"), emulator.VIP("ada", "vip"),
		emulator.Editor("ada", "editor"), emulator.Follower("ada", "grace", "linus"), emulator.Subscriber("ada", "grace"))
	if tw.ClientID() != "me" || tw.ClientSecret() != "hush" || !tw.IsLive("ada") || tw.Category("ada") != "Just Chatting" {
		t.Errorf("got client %s, live %v, category %s", tw.ClientID(), tw.IsLive("ada"), tw.Category("ada"))
	}
	ada := tw.UserID("ada")
	token := tw.UserToken("ada", "moderation:read", "channel:read:vips", "channel:read:editors", "channel:read:subscriptions",
		"moderator:read:followers", "channel:manage:broadcast")
	for path, want := range map[string]string{
		"/moderation/moderators?broadcaster_id=" + ada: `"user_login":"mod"`,
		"/channels/vips?broadcaster_id=" + ada:         `"user_login":"vip"`,
		"/channels/editors?broadcaster_id=" + ada:      `"user_name":"editor"`,
		"/subscriptions?broadcaster_id=" + ada:         `"user_login":"grace"`,
		"/channels/followers?broadcaster_id=" + ada:    `"total":2`,
		"/users?login=ada":                             `"display_name":"Ada"`,
	} {
		if status, body := helix(t, tw, token, http.MethodGet, path, ""); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: got %d %s, want %s", path, status, body, want)
		}
	}
	delay := `{"delay":10}`
	if status, body := helix(t, tw, token, http.MethodPatch, "/channels?broadcaster_id="+ada, delay); status != http.StatusBadRequest {
		t.Errorf("an affiliate's delay: got %d %s, want 400", status, body)
	}
	big := tw.UserToken("big", "channel:manage:broadcast")
	if status, body := helix(t, tw, big, http.MethodPatch, "/channels?broadcaster_id="+tw.UserID("big"), delay); status != http.StatusNoContent {
		t.Errorf("a partner's delay: got %d %s, want 204", status, body)
	}
}

func TestSeedsGiveIDs(t *testing.T) {
	id := func(opts ...emulator.Option) string {
		return emulator.Start(t, append(opts, emulator.InMemory(), emulator.Channel("ada"))...).UserID("ada")
	}
	if a, b := id(), id(emulator.User("grace")); a != b {
		t.Errorf("got ids %s and %s with one seed", a, b)
	}
	if a, b := id(), id(emulator.Seed(1)); a == b {
		t.Errorf("got id %s with two seeds", a)
	}
}

func TestLimits(t *testing.T) {
	count := func(t *testing.T, tw *emulator.Server) (passed int) {
		t.Helper()
		token := tw.UserToken("ada")
		for range 10 {
			if status, _ := helix(t, tw, token, http.MethodGet, "/users", ""); status == http.StatusOK {
				passed++
			}
		}
		return passed
	}
	synctest.Test(t, func(t *testing.T) {
		if got := count(t, emulator.Start(t, emulator.InMemory(), emulator.RateLimit(5))); got != 5 {
			t.Errorf("RateLimit(5): got %d calls, want 5", got)
		}
		if got := count(t, emulator.Start(t, emulator.InMemory(), emulator.RateLimit(5), emulator.NoLimits())); got != 10 {
			t.Errorf("NoLimits: got %d calls, want 10", got)
		}
	})
}

func TestTokenLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.TokenLife(time.Minute))
		token, other := tw.UserToken("ada"), tw.UserToken("ada")
		tw.ExpireToken(other)
		if status, body := helix(t, tw, other, http.MethodGet, "/users", ""); status != http.StatusUnauthorized {
			t.Errorf("expired: got %d %s, want 401", status, body)
		}
		time.Sleep(time.Minute)
		if status, body := helix(t, tw, token, http.MethodGet, "/users", ""); status != http.StatusUnauthorized {
			t.Errorf("after a minute: got %d %s, want 401", status, body)
		}
	})
}

// TestConsentWithoutABrowser goes the way of a program that sends its user to
// the authorization page.
func TestConsentWithoutABrowser(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.ApproveAs("ada"), emulator.RedirectURIs("http://localhost:1/back"))
	client := *tw.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.OAuthURL()+"/authorize?"+url.Values{
		"client_id": {tw.ClientID()}, "redirect_uri": {"http://localhost:1/back"}, "response_type": {"code"}, "scope": {"chat:read"}, "state": {"x"},
	}.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	target, err := resp.Location()
	if err != nil || target.Host != "localhost:1" || target.Query().Get("code") == "" || target.Query().Get("state") != "x" {
		t.Errorf("got %s to %v (%v), want a code for the registered address", resp.Status, target, err)
	}
}

// Programs under test need not wait as long between two polls as Twitch asks for.
func TestDevicePollInterval(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options []emulator.Option
		want    int
	}{
		{"as Twitch", nil, 5},
		{"one second", []emulator.Option{emulator.DevicePoll(time.Second)}, 1},
		{"less than clients accept", []emulator.Option{emulator.DevicePoll(time.Millisecond)}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tw := emulator.Start(t, append(tt.options, emulator.InMemory())...)
			resp, err := tw.HTTPClient().PostForm(tw.OAuthURL()+"/device", url.Values{"client_id": {tw.ClientID()}, "scopes": {"chat:read"}})
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var got struct{ Interval int }
			if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Interval != tt.want {
				t.Errorf("got %d s, %v, want %d s", got.Interval, err, tt.want)
			}
		})
	}
}
