package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// row is a call: as says whose token it needs.
type row = struct{ endpoint, as, request, want string }

// goodSupport are successful calls about rewards, bits, goals and what else
// viewers support a channel with.
var goodSupport = []row{
	{"start-commercial", "ada", `POST /channels/commercial {"broadcaster_id":"{ada}","length":60}`, `"data":[{"length":60,"message":"","retry_after":480}]`},
	{"get-ad-schedule", "ada", `GET /channels/ads?broadcaster_id={ada}`, `"snooze_count":3`},
	{"snooze-next-ad", "ada", `POST /channels/ads/schedule/snooze?broadcaster_id={ada}`, `"snooze_count":2`},
	{"get-extension-analytics", "ada", `GET /analytics/extensions`, `"extension_id":"id"`},
	{"get-game-analytics", "ada", `GET /analytics/games?game_id=743&started_at=2024-01-01T00:00:00Z&ended_at=2024-02-01T00:00:00Z`, `"date_range":{"ended_at":"2024-02-01T00:00:00Z"`},
	{"get-bits-leaderboard", "ada", `GET /bits/leaderboard`, `"score":100`},
	{"get-cheermotes", "grace", `GET /bits/cheermotes`, `"prefix":"Cheer"`},
	{"get-extension-transactions", "app", `GET /extensions/transactions?extension_id=id`, `"sku":"hat"`},
	{"get-custom-power-up", "ada", `GET /bits/custom_power_ups?broadcaster_id={ada}`, `"bits":50`},
	{"create-custom-rewards", "ada", `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"Stretch","cost":500}`, `"background_color":"#9147FF"`},
	{"delete-custom-reward", "ada", `DELETE /channel_points/custom_rewards?broadcaster_id={ada}&id={reward}`, ``},
	{"get-custom-reward", "ada", `GET /channel_points/custom_rewards?broadcaster_id={ada}&only_manageable_rewards=true`, `"id":"{reward}"`},
	{"get-custom-reward-redemption", "ada", `GET /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}&status=UNFULFILLED`, `"id":"{redemption}"`},
	{"update-custom-reward", "ada", `PATCH /channel_points/custom_rewards?broadcaster_id={ada}&id={reward} {"cost":7,"is_paused":true}`, `"cost":7`},
	{"update-redemption-status", "ada", `PATCH /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}&id={redemption} {"status":"CANCELED"}`, `"status":"CANCELED"`},
	{"get-charity-campaign", "ada", `GET /charity/campaigns?broadcaster_id={ada}`, `"current_amount":{"currency":"USD","decimal_places":2,"value":1250}`},
	{"get-charity-campaign-donations", "ada", `GET /charity/donations?broadcaster_id={ada}`, `"user_login":"grace"`},
	{"get-content-classification-labels", "grace", `GET /content_classification_labels?locale=de-DE`, `"id":"Gambling"`},
	{"get-drops-entitlements", "app", `GET /entitlements/drops?user_id={grace}`, `"id":"{drop}"`},
	{"update-drops-entitlements", "app", `PATCH /entitlements/drops {"entitlement_ids":["{drop}","x"],"fulfillment_status":"FULFILLED"}`, `{"ids":["{drop}"],"status":"SUCCESS"},{"ids":["x"],"status":"INVALID_ID"}`},
	{"get-creator-goals", "ada", `GET /goals?broadcaster_id={ada}`, `"type":"follower"`},
	{"get-channel-guest-star-settings", "mod", `GET /guest_star/channel_settings?broadcaster_id={ada}&moderator_id={mod}`, `"slot_count":4`},
	{"update-channel-guest-star-settings", "ada", `PUT /guest_star/channel_settings?broadcaster_id={ada} {"slot_count":6,"regenerate_browser_sources":true}`, ``},
	{"get-guest-star-session", "mod", `GET /guest_star/session?broadcaster_id={ada}&moderator_id={mod}`, `"slot_id":"1"`},
	{"create-guest-star-session", "ada", `POST /guest_star/session?broadcaster_id={ada}`, `"slot_id":"0"`},
	{"end-guest-star-session", "ada", `DELETE /guest_star/session?broadcaster_id={ada}&session_id={session}`, `"id":"{session}"`},
	{"get-guest-star-invites", "mod", `GET /guest_star/invites?broadcaster_id={ada}&moderator_id={mod}&session_id={session}`, `"status":"READY"`},
	{"send-guest-star-invite", "mod", `POST /guest_star/invites?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&guest_id={nobody}`, ``},
	{"delete-guest-star-invite", "mod", `DELETE /guest_star/invites?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&guest_id={linus}`, ``},
	{"assign-guest-star-slot", "mod", `POST /guest_star/slot?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&guest_id={linus}&slot_id=2`, ``},
	{"update-guest-star-slot", "mod", `PATCH /guest_star/slot?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&source_slot_id=1&destination_slot_id=3`, ``},
	{"delete-guest-star-slot", "mod", `DELETE /guest_star/slot?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&guest_id={grace}&slot_id=1`, ``},
	{"update-guest-star-slot-settings", "mod", `PATCH /guest_star/slot_settings?broadcaster_id={ada}&moderator_id={mod}&session_id={session}&slot_id=1&is_live=true&volume=40`, ``},
	{"get-hype-train-status", "ada", `GET /hypetrain/status?broadcaster_id={ada}`, `"level":1`},
	{"get-all-stream-tags", "grace", `GET /tags/streams`, `"data":[],"pagination":{}`},
	{"get-stream-tags", "grace", `GET /streams/tags?broadcaster_id={ada}`, `"data":[]`},
	{"get-channel-teams", "grace", `GET /teams/channel?broadcaster_id={ada}`, `"team_display_name":"LiveCoders"`},
	{"get-teams", "grace", `GET /teams?name=livecoders`, `"user_login":"ada"`},
	{"get-videos", "grace", `GET /videos?user_id={ada}`, `"type":"archive"`},
	{"delete-videos", "ada", `DELETE /videos?id={video}&id=5`, `{"data":["{video}"]}`},
}

// goodConduits are successful calls about conduits.
var goodConduits = []row{
	{"get-conduits", "app", `GET /eventsub/conduits`, `"id":"{conduit}","shard_count":2`},
	{"create-conduits", "app", `POST /eventsub/conduits {"shard_count":5}`, `"shard_count":5`},
	{"update-conduits", "app", `PATCH /eventsub/conduits {"id":"{conduit}","shard_count":3}`, `"shard_count":3`},
	{"delete-conduit", "app", `DELETE /eventsub/conduits?id={conduit}`, ``},
	{"get-conduit-shards", "app", `GET /eventsub/conduits/shards?conduit_id={conduit}`, `"data":[],"pagination":{}`},
	{
		"update-conduit-shards", "app", `PATCH /eventsub/conduits/shards {"conduit_id":"{conduit}","shards":[{"id":"7","transport":{"method":"websocket","session_id":"x"}}]}`,
		`"data":[],"errors":[{"id":"7","message":"The shard id is outside the conduit's range","code":"invalid_parameter"}]`,
	},
}

// prepareSupport makes what the calls of goodSupport are about, and names it.
func (d *desk) prepareSupport(endpoint string) {
	d.t.Helper()
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	ada, grace := d.ada.ID, d.grace.ID
	switch endpoint {
	case "update-conduits", "delete-conduit", "get-conduits", "get-conduit-shards", "update-conduit-shards":
		made, err := d.push.CreateConduit(auth.Grant{ClientID: "id"}, 2)
		must(err)
		d.names["{conduit}"] = made.ID
	case "snooze-next-ad":
		must(d.world.ScheduleAd(ada, time.Hour, time.Minute))
	case "get-extension-analytics":
		d.addExtension()
	case "get-extension-transactions":
		d.addExtension()
		must(d.world.SetProduct("id", world.Product{SKU: "hat", Name: "Hat", Bits: 10}))
		_, err := d.world.Buy("id", ada, grace, "hat")
		must(err)
	case "get-bits-leaderboard":
		_, err := d.world.Cheer(ada, grace, 100, "nice")
		must(err)
	case "get-custom-power-up":
		_, err := d.world.AddPowerUp(ada, world.PowerUp{Title: "Fireworks", Bits: 50})
		must(err)
	case "delete-custom-reward", "get-custom-reward", "get-custom-reward-redemption", "update-custom-reward", "update-redemption-status":
		r, err := d.world.AddReward(ada, "id", world.RewardSettings{Title: "Hydrate", Cost: 100, Enabled: true})
		must(err)
		redemption, err := d.world.Redeem(ada, grace, r.ID, "")
		must(err)
		d.names["{reward}"], d.names["{redemption}"] = r.ID, redemption.ID
	case "get-charity-campaign", "get-charity-campaign-donations":
		_, err := d.world.StartCampaign(ada, "Trees", 100_000)
		must(err)
		_, err = d.world.Donate(ada, grace, 1250)
		must(err)
	case "get-drops-entitlements", "update-drops-entitlements":
		e, err := d.world.GrantDrop(grace, "743", "hat")
		must(err)
		d.names["{drop}"] = e.ID
	case "get-creator-goals":
		_, err := d.world.StartGoal(ada, "follow", 10, "ten")
		must(err)
	case "get-hype-train-status":
		_, err := d.world.StartHypeTrain(ada)
		must(err)
	case "get-channel-teams", "get-teams":
		_, err := d.world.AddTeam("LiveCoders", ada)
		must(err)
	case "delete-videos":
		d.names["{video}"] = d.world.Videos()[0].ID
	}
	if strings.Contains(endpoint, "guest-star") && endpoint != "create-guest-star-session" {
		s, err := d.world.BeginGuestStar(ada)
		must(err)
		d.names["{session}"] = s.ID
		m := world.GuestMove{BroadcasterID: ada, SessionID: s.ID, GuestID: grace, Slot: "1"}
		must(d.world.InviteGuest(m))
		must(d.world.GuestReady(m))
		must(d.world.AssignGuest(m))
		m.GuestID = d.linus.ID
		must(d.world.InviteGuest(m))
		must(d.world.GuestReady(m))
	}
}

func (d *desk) addExtension() {
	d.t.Helper()
	if _, ok := d.world.ExtensionByID("id"); ok {
		return
	}
	if _, err := d.world.AddExtension("id", d.ada.ID, ""); err != nil {
		d.t.Fatal(err)
	}
}

// TestWrongKindOfToken calls with every kind of token that an endpoint does not take.
func TestWrongKindOfToken(t *testing.T) {
	for _, row := range good {
		e := endpoint(t, row.endpoint)
		for _, kind := range []helix.TokenKind{helix.UserToken, helix.AppToken, helix.JWT} {
			if e.Tokens == 0 || e.Tokens.Has(kind) {
				continue
			}
			t.Run(fmt.Sprint(row.endpoint, " ", kind), func(t *testing.T) {
				d := newDesk(t, 800)
				d.prepare(row.endpoint)
				token := map[helix.TokenKind]string{
					helix.UserToken: d.token(d.ada, e.Scopes.Minimal()...), helix.AppToken: d.auth.IssueApp("id").Access, helix.JWT: d.signed(time.Hour),
				}[kind]
				if got := d.call(token, d.fill(row.request)); got.status != http.StatusUnauthorized {
					t.Errorf("got %d %s, want 401", got.status, got.raw)
				}
			})
		}
	}
}

// ask calls as a user with all scopes that an endpoint may need and wants a status.
func (d *desk) ask(u world.User, status int, request string) reply {
	d.t.Helper()
	got := d.call(d.token(u, "channel:manage:redemptions", "channel:edit:commercial", "channel:read:ads", "channel:manage:ads", "channel:read:charity",
		"channel:read:goals", "channel:read:hype_train", "channel:manage:guest_star", "channel:manage:videos", "bits:read"), d.fill(request))
	if got.status != status {
		d.t.Fatalf("%s: got %d %s, want %d", request, got.status, got.raw, status)
	}
	return got
}

func TestCommercialsPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		run := `POST /channels/commercial {"broadcaster_id":"{ada}","length":90}`
		d.ask(d.ada, 200, run)
		time.Sleep(7 * time.Minute)
		if got := d.ask(d.ada, 429, run); !strings.Contains(got.body.Message, "60 seconds") {
			t.Errorf("got %s, want 60 seconds to wait", got.raw)
		}
		if got := d.ask(d.ada, 200, `GET /channels/ads?broadcaster_id={ada}`).body.Data[0]; got["preroll_free_time"] != 1380.0 || got["next_ad_at"] != 0.0 || got["last_ad_at"] != 946684800.0 {
			t.Errorf("got %v, want 23 of 30 minutes left, an ad at midnight and no next one", got)
		}
		time.Sleep(time.Minute)
		d.ask(d.ada, 200, run)
		d.ask(d.ada, 400, `POST /channels/commercial {"broadcaster_id":"{ada}","length":181}`)
		d.ask(d.grace, 400, `POST /channels/commercial {"broadcaster_id":"{grace}","length":60}`) // not live
	})
}

func TestSnoozesRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		snooze := `POST /channels/ads/schedule/snooze?broadcaster_id={ada}`
		d.ask(d.ada, 400, snooze) // nothing is scheduled
		if err := d.world.ScheduleAd(d.ada.ID, 30*time.Minute, time.Minute); err != nil {
			t.Fatal(err)
		}
		for left := 2; left >= 0; left-- {
			got := d.ask(d.ada, 200, snooze).body.Data[0]
			next := time.Now().Add(30*time.Minute + time.Duration(3-left)*5*time.Minute).Unix()
			if got["snooze_count"] != float64(left) || got["next_ad_at"] != float64(next) {
				t.Errorf("got %v, want %d left and the next ad at %d", got, left, next)
			}
		}
		d.ask(d.ada, 429, snooze)
		time.Sleep(time.Hour) // the ad ran meanwhile, and a snooze came back
		got := d.ask(d.ada, 200, `GET /channels/ads?broadcaster_id={ada}`).body.Data[0]
		if got["snooze_count"] != 1.0 || got["next_ad_at"] != 0.0 || got["last_ad_at"] != float64(946684800+45*60) {
			t.Errorf("got %v, want one snooze and an ad that ran at 0:45", got)
		}
	})
}

func TestRewardsFromCreationToRedemption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 0)
		made := d.ask(d.ada, 200, `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"Song","cost":50,"is_user_input_required":true,
			"is_max_per_stream_enabled":true,"max_per_stream":2,"is_global_cooldown_enabled":true,"global_cooldown_seconds":60}`).body.Data[0]
		id := made["id"].(string)
		d.names["{reward}"] = id
		d.ask(d.ada, 400, `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"Song","cost":50}`)                               // the title is taken
		d.ask(d.ada, 400, `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"x","cost":50,"is_max_per_stream_enabled":true}`) // how many?
		d.ask(d.ada, 400, `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"x","cost":50,"background_color":"mauve"}`)       //
		d.ask(d.nobody, 403, `POST /channel_points/custom_rewards?broadcaster_id={nobody} {"title":"x","cost":1}`)                             // no affiliate
		d.ask(d.ada, 404, `PATCH /channel_points/custom_rewards?broadcaster_id={ada}&id=nope {"cost":1}`)                                      //
		d.ask(d.ada, 404, `GET /channel_points/custom_rewards?broadcaster_id={ada}&id=nope`)                                                   //
		d.ask(d.ada, 404, `GET /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}&id=nope`)                    //
		d.ask(d.ada, 400, `GET /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}`)                            // neither status nor id
		byHand, err := d.world.AddReward(d.ada.ID, "", world.RewardSettings{Title: "By hand", Cost: 1})
		if err != nil {
			t.Fatal(err)
		}
		d.names["{hand}"] = byHand.ID
		d.ask(d.ada, 403, `DELETE /channel_points/custom_rewards?broadcaster_id={ada}&id={hand}`)
		d.ask(d.ada, 403, `GET /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={hand}&status=UNFULFILLED`)

		if _, err := d.world.Redeem(d.ada.ID, d.grace.ID, id, " "); err == nil {
			t.Error("got a redemption without a text")
		}
		for _, who := range []world.User{d.grace, d.linus} {
			if _, err := d.world.Redeem(d.ada.ID, who.ID, id, "Clair de lune"); err != nil {
				t.Fatal(err)
			}
			if _, err := d.world.Redeem(d.ada.ID, who.ID, id, "again"); err == nil {
				t.Error("got a redemption within the cooldown")
			}
			time.Sleep(time.Minute)
		}
		if got := d.ask(d.ada, 200, `GET /channel_points/custom_rewards?broadcaster_id={ada}&id={reward}`).body.Data[0]; got["is_in_stock"] != false ||
			got["redemptions_redeemed_current_stream"] != 2.0 || got["cooldown_expires_at"] != nil {
			t.Errorf("got %v, want it sold out at 2", got)
		}
		list := `GET /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}&status=`
		got := d.ask(d.ada, 200, list+"UNFULFILLED&sort=NEWEST").body.Data
		if len(got) != 2 || got[0]["user_login"] != "linus" || got[0]["user_input"] != "Clair de lune" {
			t.Fatalf("got %v, want those of linus and grace", got)
		}
		d.names["{redemption}"] = got[0]["id"].(string)
		settle := `PATCH /channel_points/custom_rewards/redemptions?broadcaster_id={ada}&reward_id={reward}&id={redemption} {"status":"FULFILLED"}`
		d.ask(d.ada, 200, settle)
		d.ask(d.ada, 404, settle) // it is settled
		if got := d.ask(d.ada, 200, list+"FULFILLED").body.Data; len(got) != 1 {
			t.Errorf("got %d fulfilled, want 1", len(got))
		}
		d.ask(d.ada, 204, `DELETE /channel_points/custom_rewards?broadcaster_id={ada}&id={reward}`)
		d.ask(d.ada, 404, `DELETE /channel_points/custom_rewards?broadcaster_id={ada}&id={reward}`)
	})
}

func TestFiftyRewards(t *testing.T) {
	d := newDesk(t, 0)
	for i := range 50 {
		d.ask(d.ada, 200, fmt.Sprintf(`POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"r%d","cost":1}`, i))
	}
	if got := d.ask(d.ada, 400, `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"one more","cost":1}`); !strings.Contains(got.raw, "TOO_MANY") {
		t.Errorf("got %s, want TOO_MANY", got.raw)
	}
}
