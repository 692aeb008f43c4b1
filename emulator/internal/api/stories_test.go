package api_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestGuestsFromInviteToLive(t *testing.T) {
	d := newDesk(t, 0)
	begun := d.ask(d.ada, 200, `POST /guest_star/session?broadcaster_id={ada}`)
	d.ask(d.ada, 400, `POST /guest_star/session?broadcaster_id={ada}`) // one at a time
	d.names["{session}"] = begun.body.Data[0]["id"].(string)
	here := `broadcaster_id={ada}&moderator_id={ada}&session_id={session}`
	d.ask(d.ada, 400, strings.Replace(`POST /guest_star/invites?`+here+`&guest_id={grace}`, "{session}", "nope", 1))
	d.ask(d.ada, 400, `POST /guest_star/invites?`+here+`&guest_id=5`)
	for _, guest := range []string{"{grace}", "{linus}"} {
		d.ask(d.ada, 204, `POST /guest_star/invites?`+here+`&guest_id=`+guest)
		d.ask(d.ada, 400, `POST /guest_star/invites?`+here+`&guest_id=`+guest) // again
	}
	d.ask(d.ada, 404, `DELETE /guest_star/invites?`+here+`&guest_id={nobody}`)
	d.ask(d.ada, 403, `POST /guest_star/slot?`+here+`&guest_id={grace}&slot_id=1`) // not ready
	for i, guest := range []world.User{d.grace, d.linus} {
		m := world.GuestMove{BroadcasterID: d.ada.ID, SessionID: d.names["{session}"], GuestID: guest.ID}
		if err := d.world.GuestReady(m); err != nil {
			t.Fatal(err)
		}
		slot := []string{"1", "2"}[i]
		d.ask(d.ada, 400, `POST /guest_star/slot?`+here+`&slot_id=9&guest_id=`+guest.ID)
		d.ask(d.ada, 204, `POST /guest_star/slot?`+here+`&slot_id=`+slot+`&guest_id=`+guest.ID)
	}
	d.ask(d.ada, 400, `PATCH /guest_star/slot_settings?`+here+`&slot_id=1&volume=101`)
	d.ask(d.ada, 204, `PATCH /guest_star/slot_settings?`+here+`&slot_id=1&is_live=true&volume=40&is_video_enabled=false`)
	d.ask(d.ada, 204, `PATCH /guest_star/slot?`+here+`&source_slot_id=1&destination_slot_id=2`) // they change places
	got := d.ask(d.ada, 200, `GET /guest_star/session?broadcaster_id={ada}&moderator_id={ada}`).raw
	for _, part := range []string{
		`"is_live":true,"slot_id":"2","user_display_name":"Grace","user_id":"` + d.grace.ID + `"`, `"slot_id":"1","user_display_name":"Linus"`, `"volume":40`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("got %s, want %s", got, part)
		}
	}
	d.ask(d.ada, 404, `DELETE /guest_star/slot?`+here+`&guest_id={grace}&slot_id=1`) // linus is there
	d.ask(d.ada, 204, `DELETE /guest_star/slot?`+here+`&guest_id={grace}&slot_id=2&should_reinvite_guest=true`)
	if invites := d.ask(d.ada, 200, `GET /guest_star/invites?`+here).body.Data; len(invites) != 1 || invites[0]["user_id"] != d.grace.ID {
		t.Errorf("got %v, want grace invited again", invites)
	}
	d.ask(d.ada, 200, `DELETE /guest_star/session?broadcaster_id={ada}&session_id={session}`)
	if left := d.ask(d.ada, 200, `GET /guest_star/session?broadcaster_id={ada}&moderator_id={ada}`).body.Data; len(left) != 0 {
		t.Errorf("got %v, want no session", left)
	}
}

func TestDropsOfUsers(t *testing.T) {
	d := newDesk(t, 0)
	mine, err := d.world.GrantDrop(d.grace.ID, "743", "hat")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := d.world.GrantDrop(d.linus.ID, "743", "hat")
	if err != nil {
		t.Fatal(err)
	}
	d.names["{mine}"], d.names["{theirs}"] = mine.ID, theirs.ID
	if got := d.ask(d.grace, 200, `GET /entitlements/drops?game_id=743`).body.Data; len(got) != 1 || got[0]["id"] != mine.ID {
		t.Errorf("got %v, want grace's only", got)
	}
	d.ask(d.grace, 400, `GET /entitlements/drops?user_id={grace}`)
	got := d.ask(d.grace, 200, `PATCH /entitlements/drops {"entitlement_ids":["{mine}","{theirs}","00000000-0000-4000-8000-000000000000"],"fulfillment_status":"FULFILLED"}`)
	for _, part := range []string{`{"ids":["` + mine.ID + `"],"status":"SUCCESS"}`, `"status":"NOT_FOUND"`, `{"ids":["` + theirs.ID + `"],"status":"UNAUTHORIZED"}`} {
		if !strings.Contains(got.raw, part) {
			t.Errorf("got %s, want %s", got.raw, part)
		}
	}
	app := d.auth.IssueApp("id").Access
	if left := d.call(app, `GET /entitlements/drops?fulfillment_status=CLAIMED`).body.Data; len(left) != 1 || left[0]["id"] != theirs.ID {
		t.Errorf("got %v, want linus's only", left)
	}
}

func TestVideosOfStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 0)
		time.Sleep(90 * time.Minute)
		growing := d.ask(d.grace, 200, `GET /videos?user_id={ada}&type=archive`).body.Data
		if len(growing) != 1 || growing[0]["duration"] != "1h30m0s" || growing[0]["stream_id"] == nil {
			t.Fatalf("got %v, want the archive of the running stream", growing)
		}
		if err := d.world.GoOffline(d.ada.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(48 * time.Hour)
		highlight, err := d.world.AddVideo(d.ada.ID, "highlight", "best", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.ask(d.grace, 200, `GET /videos?user_id={ada}&period=day`).body.Data; len(got) != 1 || got[0]["id"] != highlight.ID {
			t.Errorf("got %v, want the highlight only", got)
		}
		if got := d.ask(d.grace, 200, `GET /videos?user_id={ada}`).body.Data; len(got) != 2 || got[1]["duration"] != "1h30m0s" {
			t.Errorf("got %v, want both, newest first", got)
		}
		d.ask(d.grace, 400, `GET /videos?user_id={ada}&game_id=743`)
		d.ask(d.grace, 404, `GET /videos?id=5`)
		d.ask(d.grace, 401, `DELETE /videos?id=`+highlight.ID)
		d.ask(d.ada, 400, `DELETE /videos?id=1&id=2&id=3&id=4&id=5&id=6`)
		d.ask(d.ada, 200, `DELETE /videos?id=`+highlight.ID)
		d.ask(d.grace, 404, `GET /videos?id=`+highlight.ID)
	})
}

func TestLeaderboardOfPeriods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on Saturday, 2000-01-01
		d := newDesk(t, 0)
		cheer := func(u world.User, bits int) {
			if _, err := d.world.Cheer(d.ada.ID, u.ID, bits, "x"); err != nil {
				t.Fatal(err)
			}
		}
		cheer(d.grace, 100)
		time.Sleep(3 * 24 * time.Hour)
		cheer(d.linus, 50)
		cheer(d.grace, 20)
		for period, want := range map[string]string{
			"all": "grace 120", "week&started_at=2000-01-02T00:00:00Z": "grace 100", "week&started_at=2000-01-05T00:00:00Z": "linus 50",
			"day&started_at=2000-01-04T12:00:00Z": "linus 50", "month&started_at=2000-01-31T00:00:00Z": "grace 120", "year&started_at=1999-12-31T00:00:00Z": "",
		} {
			got := d.ask(d.ada, 200, `GET /bits/leaderboard?period=`+period).body.Data
			login, bits, _ := strings.Cut(want, " ")
			if want == "" && len(got) == 0 {
				continue
			}
			if len(got) == 0 || got[0]["user_login"] != login || !strings.Contains(d.ask(d.ada, 200, `GET /bits/leaderboard?period=`+period).raw, `"score":`+bits) {
				t.Errorf("%s: got %v, want %s first", period, got, want)
			}
		}
		d.ask(d.ada, 400, `GET /bits/leaderboard?period=week`)
		if got := d.ask(d.ada, 200, `GET /bits/leaderboard?user_id={linus}`).body.Data; len(got) != 1 || got[0]["rank"] != 2.0 {
			t.Errorf("got %v, want linus on rank 2", got)
		}
	})
}

func TestWhatIsNotThere(t *testing.T) {
	d := newDesk(t, 0)
	app := d.auth.IssueApp("id").Access
	for request, want := range map[string]int{
		`GET /teams?name=nope`:                                                      404,
		`GET /teams?name=a&id=5`:                                                    400,
		`GET /teams/channel?broadcaster_id=5`:                                       404,
		`GET /extensions/live?extension_id=nope`:                                    404,
		`GET /extensions/released?extension_id=nope`:                                404,
		`GET /bits/extensions`:                                                      401,
		`GET /extensions/transactions?extension_id=id`:                              404,
		`GET /eventsub/conduits/shards?conduit_id=nope`:                             404,
		`PATCH /eventsub/conduits {"id":"nope","shard_count":5}`:                    404,
		`POST /eventsub/conduits {"shard_count":20001}`:                             400,
		`DELETE /eventsub/conduits?id=nope`:                                         404,
		`PATCH /eventsub/conduits/shards {"conduit_id":"nope","shards":[{"id":5}]}`: 400,
	} {
		if got := d.call(app, request); got.status != want {
			t.Errorf("%s: got %d %s, want %d", request, got.status, got.raw, want)
		}
	}
	for request, want := range map[string]int{
		`GET /charity/campaigns?broadcaster_id={nobody}`:             403,
		`GET /bits/custom_power_ups?broadcaster_id={nobody}`:         403,
		`GET /channel_points/custom_rewards?broadcaster_id={nobody}`: 403,
	} {
		d.ask(d.nobody, want, request)
	}
	if got := d.ask(d.ada, 200, `GET /charity/campaigns?broadcaster_id={ada}`); len(got.body.Data) != 0 {
		t.Errorf("got %s, want no campaign", got.raw)
	}
	analytics := d.token(d.ada, "analytics:read:extensions", "analytics:read:games")
	for request, want := range map[string]int{
		`GET /analytics/games?game_id=5`:                                                                    404,
		`GET /analytics/games?started_at=2024-01-01T00:00:00Z`:                                              400,
		`GET /analytics/games?started_at=2024-02-01T00:00:00Z&ended_at=2024-01-01T00:00:00Z`:                400,
		`GET /analytics/extensions?extension_id=nope`:                                                       404,
		`GET /analytics/games?type=overview_v1`:                                                             400,
		`GET /analytics/games?first=2&started_at=2024-01-01T00:00:00Z&ended_at=2024-02-01T00:00:00Z&after=`: 200,
	} {
		if got := d.call(analytics, request); got.status != want {
			t.Errorf("%s: got %d %s, want %d", request, got.status, got.raw, want)
		}
	}
}

// TestConduitThroughHelix makes a conduit, assigns its shards with one mistake,
// subscribes, and finds all of it again.
func TestConduitThroughHelix(t *testing.T) {
	d := newDesk(t, 0)
	app := d.auth.IssueApp("id").Access
	ask := func(status int, request string) reply {
		t.Helper()
		got := d.call(app, d.fill(request))
		if got.status != status {
			t.Fatalf("%s: got %d %s, want %d", request, got.status, got.raw, status)
		}
		return got
	}
	made := ask(http.StatusOK, `POST /eventsub/conduits {"shard_count":2}`)
	d.names["{conduit}"] = made.body.Data[0]["id"].(string)
	got := ask(http.StatusAccepted, `PATCH /eventsub/conduits/shards {"conduit_id":"{conduit}","shards":[
		{"id":"0","transport":{"method":"webhook","callback":"http://127.0.0.1:1/","secret":"long enough"}},
		{"id":"2","transport":{"method":"webhook","callback":"http://127.0.0.1:1/","secret":"long enough"}}]}`)
	if len(got.body.Data) != 1 || !strings.Contains(got.raw, `"errors":[{"id":"2"`) || strings.Contains(got.raw, "long enough") {
		t.Errorf("got %s, want one shard and one error", got.raw)
	}
	subscribe := `POST /eventsub/subscriptions {"type":"stream.online","version":"1","condition":{"broadcaster_user_id":"{ada}"},"transport":{"method":"conduit","conduit_id":"{conduit}"}}`
	ask(http.StatusAccepted, subscribe)
	ask(http.StatusConflict, subscribe)
	if listed := ask(http.StatusOK, `GET /eventsub/subscriptions?conduit_id={conduit}`); listed.body.Total != 1 || len(listed.body.Data) != 1 {
		t.Errorf("got %s, want the subscription", listed.raw)
	}
	ask(http.StatusOK, `PATCH /eventsub/conduits {"id":"{conduit}","shard_count":1}`)
	if all := d.push.Conduits(auth.Grant{ClientID: "id"}); len(all) != 1 || all[0] != (push.Conduit{ID: d.names["{conduit}"], ShardCount: 1}) {
		t.Errorf("got %v, want one conduit with one shard", all)
	}
	ask(http.StatusNoContent, `DELETE /eventsub/conduits?id={conduit}`)
}
