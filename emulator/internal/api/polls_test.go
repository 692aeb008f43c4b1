package api_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		create := func(status int, rest string) reply {
			return d.do(d.ada, status, `POST /polls {"broadcaster_id":"{ada}","title":"Tea?",`+rest+`}`)
		}
		create(400, `"choices":[{"title":"yes"}],"duration":60`)
		create(400, `"choices":[{"title":"yes"},{"title":""}],"duration":60`)
		create(400, `"choices":[{"title":"yes"},{"title":"`+strings.Repeat("o", 26)+`"}],"duration":60`)
		create(400, `"choices":[{"title":"yes"},{"title":"no"}],"duration":14`)
		create(400, `"choices":[{"title":"yes"},{"title":"no"}],"duration":60,"channel_points_voting_enabled":true`)
		first := create(200, `"choices":[{"title":"yes"},{"title":"no"}],"duration":60`)
		first.has(d, `"status":"ACTIVE"`)
		create(400, `"choices":[{"title":"yes"},{"title":"no"}],"duration":60`)

		d.ok(d.world.Vote(d.ada.ID, d.grace.ID, "no"))
		if err := d.world.Vote(d.ada.ID, d.grace.ID, "no"); err == nil {
			t.Error("got a second vote for nothing")
		}
		d.do(d.ada, 200, `GET /polls?broadcaster_id={ada}`).has(d, `"title":"no","votes":1`)
		time.Sleep(time.Minute)
		got := d.do(d.ada, 200, `GET /polls?broadcaster_id={ada}`)
		got.has(d, `"status":"COMPLETED"`)
		got.has(d, `"ended_at":"2000-01-01T00:01:00Z"`)
		d.names["{poll}"] = first.id()
		end := `PATCH /polls {"broadcaster_id":"{ada}","id":"{poll}","status":"ARCHIVED"}`
		d.do(d.ada, 400, end)

		d.names["{poll}"] = create(200, `"choices":[{"title":"yes"},{"title":"no"}],"duration":60`).id()
		d.do(d.ada, 200, end).has(d, `"status":"ARCHIVED"`)
		d.do(d.ada, 400, strings.Replace(end, "{poll}", "x", 1))
		d.do(d.ada, 404, `GET /polls?broadcaster_id={ada}&id=x`)
		d.do(d.ada, 400, `GET /polls?broadcaster_id={ada}&first=21`)
		page := d.do(d.ada, 200, `GET /polls?broadcaster_id={ada}&first=1`)
		d.do(d.ada, 200, `GET /polls?broadcaster_id={ada}&after=`+page.body.Pagination.Cursor).has(d, first.id())
		time.Sleep(91 * 24 * time.Hour)
		d.do(d.ada, 200, `GET /polls?broadcaster_id={ada}`).has(d, `"data":[]`)
	})
}

func TestPredictions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		create := func(status int) string {
			got := d.do(d.ada, status, `POST /predictions {"broadcaster_id":"{ada}","title":"Won?","outcomes":[{"title":"yes"},{"title":"no"},{"title":"draw"}],"prediction_window":60}`)
			if status != 200 {
				return ""
			}
			if strings.Contains(got.raw, "PINK") {
				t.Errorf("got %s, want three blue outcomes", got.raw)
			}
			d.names["{prediction}"] = got.id()
			d.names["{yes}"] = got.body.Data[0]["outcomes"].([]any)[0].(map[string]any)["id"].(string)
			return got.id()
		}
		end := func(status int, to string) reply {
			return d.do(d.ada, status, `PATCH /predictions {"broadcaster_id":"{ada}","id":"{prediction}","status":`+to+`}`)
		}
		create(200)
		create(400)
		d.ok(d.world.Predict(d.ada.ID, d.grace.ID, "yes", 30))
		d.ok(d.world.Predict(d.ada.ID, d.mod.ID, "yes", 60))
		d.ok(d.world.Predict(d.ada.ID, d.linus.ID, "draw", 90))
		if err := d.world.Predict(d.ada.ID, d.linus.ID, "yes", 90); err == nil {
			t.Error("got bets on two outcomes")
		}
		end(400, `"RESOLVED"`)
		end(400, `"RESOLVED","winning_outcome_id":"x"`)
		end(400, `"ACTIVE"`)
		end(200, `"LOCKED"`).has(d, `"status":"LOCKED"`)
		end(400, `"LOCKED"`)
		create(400)
		got := end(200, `"RESOLVED","winning_outcome_id":"{yes}"`)
		got.has(d, `{"channel_points_used":60,"channel_points_won":120,"user_id":"{mod}"`)
		got.has(d, `{"channel_points_used":30,"channel_points_won":60,"user_id":"{grace}"`)
		end(400, `"CANCELED"`)

		create(200)
		time.Sleep(time.Minute)
		d.do(d.ada, 200, `GET /predictions?broadcaster_id={ada}&id={prediction}`).has(d, `"status":"LOCKED"`)
		end(200, `"CANCELED"`).has(d, `"winning_outcome_id":null`)
		d.names["{prediction}"] = "x"
		end(404, `"CANCELED"`)
	})
}

func TestMarkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		d.ok(d.world.AddRole(d.ada.ID, world.Editor, d.linus.ID))
		time.Sleep(65 * time.Second)
		mark := `POST /streams/markers {"user_id":"{ada}","description":"goal"}`
		d.do(d.linus, 200, mark).has(d, `"position_seconds":65`)
		d.do(d.ada, 200, mark)
		d.do(d.grace, 403, mark)
		d.do(d.grace, 404, `POST /streams/markers {"user_id":"{grace}"}`)
		got := d.do(d.linus, 200, `GET /streams/markers?user_id={ada}&first=1`)
		got.has(d, `?t=0h1m05s`)
		if got.body.Pagination.Cursor == "" {
			t.Errorf("got %s, want a cursor", got.raw)
		}
		video := d.world.Videos()[0].ID
		d.do(d.ada, 200, `GET /streams/markers?video_id=`+video).has(d, `"video_id":"`+video+`"`)
		d.do(d.grace, 403, `GET /streams/markers?video_id=`+video)
		d.do(d.ada, 404, `GET /streams/markers?video_id=1`)
		d.do(d.ada, 400, `GET /streams/markers?video_id=1&user_id={ada}`)

		clip := `POST /videos/clips?editor_id={linus}&broadcaster_id={ada}&title=goal&vod_id=` + video
		d.do(d.linus, 400, clip+`&vod_offset=20&duration=30`)
		d.do(d.linus, 400, clip+`&vod_offset=66`)
		d.do(d.linus, 404, strings.Replace(clip, video, "1", 1)+`&vod_offset=40`)
		d.names["{clip}"] = d.do(d.linus, 202, clip+`&vod_offset=60&duration=10.5`).id()
		got = d.do(d.grace, 200, `GET /clips?id={clip}`)
		got.has(d, `"duration":10.5`)
		got.has(d, `"vod_offset":49`)
		d.do(d.linus, 200, `GET /clips/downloads?editor_id={linus}&broadcaster_id={ada}&clip_id={clip}`)
		d.do(d.grace, 400, `GET /clips/downloads?editor_id={grace}&broadcaster_id={grace}&clip_id={clip}`)
	})
}

func TestExtensionSlots(t *testing.T) {
	d := newDesk(t, 800)
	put := func(status int, slots string) reply {
		return d.do(d.ada, status, `PUT /users/extensions {"data":{`+slots+`}}`)
	}
	put(400, `"panel":{"4":{"active":true,"id":"larkboardextension000000000000","version":"1.1.0"}}`)
	put(400, `"overlay":{"1":{"active":true,"id":"larkboardextension000000000000","version":"1.1.0"}}`)
	put(404, `"panel":{"1":{"active":true,"id":"larkboardextension000000000000","version":"9.9.9"}}`)
	put(400, `"panel":{"1":{"id":"larkboardextension000000000000","version":"1.1.0"}}`)
	put(400, `"panel":{"1":5}`)
	put(200, `"panel":{"2":{"active":true,"id":"larkboardextension000000000000","version":"1.1.0"}}`)
	get := `GET /users/extensions?user_id={ada}`
	d.do(d.grace, 200, get).has(d, `"panel":{"1":{"active":false},"2":{"active":true,"id":"larkboardextension000000000000","name":"Leaderboard","version":"1.1.0"}`)
	put(200, `"panel":{"2":{"active":false}}`)
	d.do(d.grace, 200, get).has(d, `"2":{"active":false}`)
	app := d.auth.IssueApp("id").Access
	if got := d.call(app, "GET /users/extensions"); got.status != 400 {
		t.Errorf("app token without user_id: got %d %s, want 400", got.status, got.raw)
	}

	_, err := d.world.AddExtension("mine", d.ada.ID, "")
	d.ok(err)
	put(200, `"component":{"1":{"active":true,"id":"mine","version":"0.0.1","x":3,"y":4}}`).has(d, `"x":3,"y":4`)
	if got, err := d.world.ExtensionStreams("mine"); err != nil || len(got) != 1 {
		t.Errorf("got %v %v, want ada's stream", got, err)
	}
}

func TestEmotesOfSubscribers(t *testing.T) {
	d := newDesk(t, 800)
	get := `GET /chat/emotes/user?user_id={grace}`
	got := d.do(d.grace, 200, get)
	for _, name := range []string{"adaHi", "adaDance", "graceParty", "Kappa"} {
		got.has(d, `"name":"`+name+`"`)
	}
	for _, name := range []string{"adaParty", "adaWave", "adaBits", "modHi"} {
		if strings.Contains(got.raw, name) {
			t.Errorf("got %s, which grace may not use", name)
		}
	}
	d.do(d.grace, 200, get+`&broadcaster_id={ada}`).has(d, "adaWave")
}
