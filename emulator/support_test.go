package emulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// TestWhatViewersGive lets viewers act and asks Helix what came of it.
func TestWhatViewersGive(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"), emulator.Team("LiveCoders", "ada", "grace"))
	ada := tw.UserToken("ada", "channel:manage:redemptions", "channel:read:charity", "channel:read:goals", "channel:read:hype_train",
		"channel:read:ads", "bits:read", "channel:manage:guest_star")
	reward := tw.AddReward("ada", "Hydrate", 100)
	redemption := tw.Redeem("ada", "grace", "Hydrate", "")
	tw.AddPowerUp("ada", "Fireworks", 50)
	tw.RedeemPowerUp("ada", "grace", "Fireworks", "now")
	tw.StartCharity("ada", "Trees", 100_000)
	tw.Donate("ada", "grace", 500)
	tw.StartGoal("ada", "follow", 10, "ten")
	tw.Follow("ada", "grace")
	tw.StartHypeTrain("ada")
	tw.Cheer("ada", "grace", 300, "go")
	tw.ScheduleAd("ada", time.Hour, time.Minute)
	video := tw.AddVideo("ada", "highlight", "The best", time.Minute)
	drop := tw.GrantDrop("grace", "Chess", "hat")
	id := "?broadcaster_id=" + tw.UserID("ada")

	_, begun := helix(t, tw, ada, "POST", "/guest_star/session"+id, "")
	var session struct{ Data []struct{ ID string } }
	if err := json.Unmarshal([]byte(begun), &session); err != nil || len(session.Data) != 1 {
		t.Fatalf("got %s: %v", begun, err)
	}
	guests := id + "&moderator_id=" + tw.UserID("ada") + "&session_id=" + session.Data[0].ID
	if status, answer := helix(t, tw, ada, "POST", "/guest_star/invites"+guests+"&guest_id="+tw.UserID("grace"), ""); status != http.StatusNoContent {
		t.Fatalf("got %d %s", status, answer)
	}
	tw.GuestReady("ada", "grace")

	for _, row := range []struct{ token, path, want string }{
		{ada, "/channel_points/custom_rewards/redemptions" + id + "&status=UNFULFILLED&reward_id=" + reward, redemption},
		{ada, "/bits/custom_power_ups" + id, `"title":"Fireworks"`},
		{ada, "/charity/donations" + id, `"value":500`},
		{ada, "/goals" + id, `"current_amount":1`},
		{ada, "/hypetrain/status" + id, `"total":300`},
		{ada, "/channels/ads" + id, `"duration":60`},
		{ada, "/guest_star/invites" + guests, `"status":"READY"`},
		{ada, "/teams?name=livecoders", `"user_login":"grace"`},
		{ada, "/videos?id=" + video, `"duration":"1m0s"`},
		{tw.AppToken(), "/entitlements/drops?id=" + drop, `"benefit_id":"hat"`},
	} {
		if status, answer := helix(t, tw, row.token, "GET", row.path, ""); status != http.StatusOK || !strings.Contains(answer, row.want) {
			t.Errorf("%s: got %d %s, want %s", row.path, status, answer, row.want)
		}
	}
	tw.StopCharity("ada")
	tw.EndGoal("ada", "follow")
	tw.EndHypeTrain("ada")
	if _, answer := helix(t, tw, ada, "GET", "/hypetrain/status"+id, ""); !strings.Contains(answer, `"current":null`) || !strings.Contains(answer, `"all_time_high":{`) {
		t.Errorf("got %s, want a record and no train", answer)
	}
}

func TestControlOfSupport(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"), emulator.Extension("ada", ""))
	if status, answer := helix(t, tw, tw.AppToken(), "PUT", "/bits/extensions", `{"sku":"hat","cost":{"amount":5,"type":"bits"},"display_name":"Hat"}`); status != http.StatusOK {
		t.Fatalf("got %d %s", status, answer)
	}
	for _, row := range []struct {
		verb, body string
		status     int
	}{
		{"reward", `{"broadcaster":"ada","title":"Song","cost":5,"text":"Which?"}`, 200},
		{"redeem", `{"broadcaster":"ada","user":"grace","title":"Song"}`, 400},
		{"redeem", `{"broadcaster":"ada","user":"grace","title":"Song","text":"Clair de lune"}`, 200},
		{"redeem", `{"broadcaster":"ada","user":"grace","title":"nothing"}`, 400},
		{"power-up", `{"broadcaster":"ada","title":"Fireworks","bits":50}`, 200},
		{"redeem-power-up", `{"broadcaster":"ada","user":"grace","title":"Fireworks"}`, 200},
		{"redeem-power-up", `{"broadcaster":"ada","user":"grace","id":"nothing"}`, 400},
		{"start-charity", `{"broadcaster":"ada","title":"Trees","target":1000}`, 200},
		{"donate", `{"broadcaster":"ada","user":"grace","cents":5}`, 200},
		{"stop-charity", `{"broadcaster":"ada"}`, 200},
		{"donate", `{"broadcaster":"ada","user":"grace","cents":5}`, 400},
		{"start-goal", `{"broadcaster":"ada","kind":"follow","target":5}`, 200},
		{"start-goal", `{"broadcaster":"ada","kind":"fame","target":5}`, 400},
		{"end-goal", `{"broadcaster":"ada","kind":"follow"}`, 200},
		{"start-hype-train", `{"broadcaster":"ada"}`, 200},
		{"end-hype-train", `{"broadcaster":"ada"}`, 200},
		{"schedule-ad", `{"broadcaster":"ada","seconds":600}`, 200},
		{"guest-ready", `{"broadcaster":"ada","user":"grace"}`, 400},
		{"team", `{"title":"LiveCoders","recipients":["ada"]}`, 200},
		{"video", `{"broadcaster":"ada","kind":"upload","title":"x","length":5}`, 200},
		{"video", `{"broadcaster":"ada","kind":"film","title":"x","length":5}`, 400},
		{"drop", `{"user":"grace","title":"Chess","id":"hat"}`, 200},
		{"drop", `{"user":"grace","title":"Nothing","id":"hat"}`, 400},
		{"activate-extension", `{"broadcaster":"ada"}`, 200},
		{"buy", `{"broadcaster":"ada","user":"grace","id":"hat"}`, 200},
		{"buy", `{"broadcaster":"ada","user":"grace","id":"cap"}`, 400},
	} {
		if status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+row.verb, row.body); status != row.status {
			t.Errorf("%s %s: got %d %v, want %d", row.verb, row.body, status, answer, row.status)
		}
	}
}

// TestExtension signs a token with the extension's secret and sends to viewers.
func TestExtension(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"), emulator.Extension("dev", ""))
	tw.ActivateExtension("ada")
	key, err := base64.StdEncoding.DecodeString(tw.ExtensionSecret())
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"exp":%d,"user_id":"%s","role":"external","channel_id":"%s","pubsub_perms":{"send":["broadcast"]}}`,
		time.Now().Add(time.Minute).Unix(), tw.UserID("dev"), tw.UserID("ada"))
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode([]byte(claims))
	h := hmac.New(sha256.New, key)
	h.Write([]byte(signed))
	token := signed + "." + encode(h.Sum(nil))
	if status, answer := helix(t, tw, token, "POST", "/extensions/pubsub", `{"target":["broadcast"],"broadcaster_id":"`+tw.UserID("ada")+`","message":"hi"}`); status != http.StatusNoContent {
		t.Errorf("got %d %s, want 204", status, answer)
	}
	if got := tw.ExtensionMessages(); len(got) != 1 || got[0].Channel != "ada" || got[0].Text != "hi" {
		t.Errorf("got %+v, want hi in ada's channel", got)
	}
	if status, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/live?extension_id="+tw.ClientID(), ""); status != http.StatusOK || !strings.Contains(answer, `"broadcaster_name":"ada"`) {
		t.Errorf("got %d %s, want ada", status, answer)
	}
	helix(t, tw, tw.AppToken(), "PUT", "/bits/extensions", `{"sku":"hat","cost":{"amount":5,"type":"bits"},"display_name":"Hat"}`)
	bought := tw.BuyProduct("ada", "grace", "hat")
	if _, answer := helix(t, tw, tw.AppToken(), "GET", "/extensions/transactions?extension_id="+tw.ClientID(), ""); !strings.Contains(answer, bought) {
		t.Errorf("got %s, want %s", answer, bought)
	}
}

// hook answers challenges and keeps the bodies of notifications.
func hook(notified chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var asked struct{ Challenge string }
		_ = json.Unmarshal(body, &asked)
		_, _ = io.WriteString(w, asked.Challenge)
		if asked.Challenge == "" {
			notified <- string(body)
		}
	})
}

func hookBody(tw *emulator.Server, callback string) string {
	return fmt.Sprintf(`{"type":"stream.online","version":"1","condition":{"broadcaster_user_id":"%s"},
		"transport":{"method":"webhook","callback":"%s","secret":"a long enough secret"}}`, tw.UserID("ada"), callback)
}

func TestWebhookOnLocalhost(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	notified := make(chan string, 10)
	server := httptest.NewServer(hook(notified))
	t.Cleanup(server.Close)
	token := tw.AppToken()
	if status, answer := helix(t, tw, token, "POST", "/eventsub/subscriptions", hookBody(tw, server.URL)); status != http.StatusAccepted || !strings.Contains(answer, "verification_pending") {
		t.Fatalf("got %d %s, want it pending", status, answer)
	}
	tw.Want(t, "verified webhook", func() bool {
		_, answer := helix(t, tw, token, "GET", "/eventsub/subscriptions", "")
		return strings.Contains(answer, `"status":"enabled"`)
	})
	tw.GoLive("ada")
	select {
	case body := <-notified:
		if !strings.Contains(body, `"type":"live"`) {
			t.Errorf("got %s, want stream.online", body)
		}
	case <-time.After(patience):
		t.Fatal("got no notification")
	}
}

// In a bubble no network is there: the client's transport is the program itself.
func TestWebhookInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notified := make(chan string, 10)
		to := hook(notified)
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			to.ServeHTTP(w, r)
			return w.Result(), nil
		})}
		tw := emulator.Start(t, emulator.Channel("ada"), emulator.InMemory(), emulator.WebhookClient(client))
		if status, answer := helix(t, tw, tw.AppToken(), "POST", "/eventsub/subscriptions", hookBody(tw, "https://example.com/hook")); status != http.StatusAccepted {
			t.Fatalf("got %d %s, want 202", status, answer)
		}
		synctest.Wait()
		tw.GoLive("ada")
		synctest.Wait()
		if len(notified) != 1 {
			t.Errorf("got %d notifications, want 1", len(notified))
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
