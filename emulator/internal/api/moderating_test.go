package api_test

import (
	"testing"
	"testing/synctest"
	"time"
)

const modding = "?broadcaster_id={ada}&moderator_id={mod}"

func (d *desk) send(text string) reply {
	d.t.Helper()
	return d.do(d.grace, 200, `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"`+text+`"}`)
}

func TestBlockedTermsHoldMessages(t *testing.T) {
	d := newDesk(t, 800)
	term := d.do(d.mod, 200, `POST /moderation/blocked_terms`+modding+` {"text":"free view*"}`)
	d.do(d.mod, 400, `POST /moderation/blocked_terms`+modding+` {"text":"**"}`)
	d.do(d.mod, 200, `GET /moderation/blocked_terms`+modding).has(d, `"text":"free view*"`)
	status := `POST /moderation/enforcements/status?broadcaster_id={ada} {"data":[{"msg_id":"a","msg_text":"Free viewers!"},{"msg_id":"b","msg_text":"free"}]}`
	d.do(d.ada, 200, status).has(d, `[{"is_permitted":false,"msg_id":"a"},{"is_permitted":true,"msg_id":"b"}]`)

	d.send("get FREE viewers").has(d, `"code":"msg_rejected_mandatory"`)
	d.do(d.ada, 200, `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{ada}","message":"free viewers"}`).has(d, `"is_sent":true`)
	held := d.world.HeldMessages(d.ada.ID)
	if len(held) != 1 || held[0].Message.Text != "get FREE viewers" {
		t.Fatalf("got %v, want grace's message", held)
	}
	d.names["{held}"] = held[0].Message.ID
	d.do(d.nobody, 403, `POST /moderation/automod/message {"user_id":"{nobody}","msg_id":"{held}","action":"ALLOW"}`)
	d.do(d.mod, 404, `POST /moderation/automod/message {"user_id":"{mod}","msg_id":"x","action":"ALLOW"}`)
	d.do(d.mod, 204, `POST /moderation/automod/message {"user_id":"{mod}","msg_id":"{held}","action":"ALLOW"}`)
	d.do(d.mod, 400, `POST /moderation/automod/message {"user_id":"{mod}","msg_id":"{held}","action":"DENY"}`)
	if _, ok := d.world.Message(d.ada.ID, held[0].Message.ID); !ok {
		t.Error("got no message, want the approved one in chat")
	}

	d.names["{term}"] = term.id()
	d.do(d.mod, 204, `DELETE /moderation/blocked_terms`+modding+`&id={term}`)
	d.send("free viewers for all").has(d, `"is_sent":true`)
}

func TestAutoModHoldsByLevel(t *testing.T) {
	d := newDesk(t, 800)
	d.send("you idiot").has(d, `"is_sent":true`) // off
	d.do(d.mod, 400, `PUT /moderation/automod/settings`+modding+` {"overall_level":1,"swearing":1}`)
	d.do(d.mod, 400, `PUT /moderation/automod/settings`+modding+` {"swearing":5}`)
	d.do(d.mod, 200, `PUT /moderation/automod/settings`+modding+` {"swearing":2,"bullying":1}`)
	d.do(d.mod, 200, `GET /moderation/automod/settings`+modding).has(d, `"overall_level":null`)
	d.send("an idiot, you").has(d, `"is_sent":true`) // too mild for level 1
	d.send("nobody likes you").has(d, `"is_sent":false`)
	d.do(d.mod, 200, `PUT /moderation/automod/settings`+modding+` {"overall_level":3}`).has(d, `"swearing":0`)
	d.do(d.mod, 200, `GET /moderation/automod/settings`+modding).has(d, `"overall_level":3`)
	d.send("what an idiot").has(d, `"is_sent":false`)
}

func TestAutoModStatusIsLimitedByKindOfChannel(t *testing.T) {
	d := newDesk(t, 800)
	request := ` {"data":[{"msg_id":"a","msg_text":"hi"}]}`
	for range 10 { // ada is an affiliate
		d.do(d.ada, 200, `POST /moderation/enforcements/status?broadcaster_id={ada}`+request)
	}
	d.do(d.ada, 429, `POST /moderation/enforcements/status?broadcaster_id={ada}`+request)
	for range 5 {
		d.do(d.grace, 200, `POST /moderation/enforcements/status?broadcaster_id={grace}`+request)
	}
	d.do(d.grace, 429, `POST /moderation/enforcements/status?broadcaster_id={grace}`+request)
}

func TestWarnedUsersCannotWrite(t *testing.T) {
	d := newDesk(t, 800)
	d.do(d.mod, 400, `POST /moderation/warnings`+modding+` {"data":{"user_id":"{ada}","reason":"no"}}`)
	d.do(d.mod, 200, `POST /moderation/warnings`+modding+` {"data":{"user_id":"{grace}","reason":"no"}}`)
	d.send("but").has(d, `"code":"msg_warned"`)
	d.ok(d.world.AcknowledgeWarning(d.ada.ID, d.grace.ID))
	d.send("fine").has(d, `"is_sent":true`)
	if err := d.world.AcknowledgeWarning(d.ada.ID, d.grace.ID); err == nil {
		t.Error("got a warning to acknowledge twice")
	}
}

func TestRestrictedUsersAreNotSeen(t *testing.T) {
	d := newDesk(t, 800)
	before := len(d.world.Messages(d.ada.ID))
	suspicion := `POST /moderation/suspicious_users` + modding
	d.do(d.mod, 400, suspicion+` {"user_id":"{grace}","status":"NO_TREATMENT"}`)
	d.do(d.mod, 400, suspicion+` {"user_id":"{ada}","status":"RESTRICTED"}`)
	d.do(d.mod, 200, suspicion+` {"user_id":"{grace}","status":"RESTRICTED"}`)
	d.send("can you hear me").has(d, `"is_sent":true`) // that is what they are told
	if got := len(d.world.Messages(d.ada.ID)); got != before {
		t.Errorf("got %d messages, want %d", got, before)
	}
	d.do(d.mod, 200, `DELETE /moderation/suspicious_users`+modding+`&user_id={grace}`)
	d.send("now").has(d, `"is_sent":true`)
	if got := len(d.world.Messages(d.ada.ID)); got != before+1 {
		t.Errorf("got %d messages, want %d", got, before+1)
	}
}

func TestShieldMode(t *testing.T) {
	d := newDesk(t, 800)
	d.do(d.mod, 200, `GET /moderation/shield_mode`+modding).has(d, `{"is_active":false,"last_activated_at":null,"moderator_id":""`)
	d.do(d.mod, 200, `PUT /moderation/shield_mode`+modding+` {"is_active":true}`)
	d.do(d.mod, 200, `GET /moderation/shield_mode`+modding).has(d, `"moderator_login":"mod"`)
	d.do(d.mod, 200, `PUT /moderation/shield_mode`+modding+` {"is_active":false}`)
	got := d.do(d.mod, 200, `GET /moderation/shield_mode`+modding)
	got.has(d, `"is_active":false`)
	got.has(d, `"last_activated_at":"20`)
}

func TestUnbanRequests(t *testing.T) {
	d := newDesk(t, 800)
	if _, err := d.world.RequestUnban(d.ada.ID, d.grace.ID, "let me in"); err == nil {
		t.Error("got a request of somebody who is not banned")
	}
	_, err := d.world.Ban(d.ada.ID, d.mod.ID, d.grace.ID, 0, "")
	d.ok(err)
	r, err := d.world.RequestUnban(d.ada.ID, d.grace.ID, "let me in")
	d.ok(err)
	if _, err := d.world.RequestUnban(d.ada.ID, d.grace.ID, "again"); err == nil {
		t.Error("got a second request")
	}
	list := `GET /moderation/unban_requests` + modding + `&status=`
	d.do(d.mod, 200, list+`pending&user_id={grace}`).has(d, `"moderator_id":null`)
	d.do(d.mod, 200, list+`pending&user_id={linus}`).has(d, `"data":[]`)
	d.do(d.mod, 400, list+`maybe`)
	d.names["{request}"] = r.ID
	resolve := `PATCH /moderation/unban_requests` + modding + `&status=approved&resolution_text=ok&unban_request_id=`
	d.do(d.mod, 404, resolve+`x`)
	d.do(d.mod, 200, resolve+`{request}`).has(d, `"resolution_text":"ok"`)
	d.do(d.mod, 400, resolve+`{request}`)
	d.do(d.mod, 200, list+`approved`).has(d, `"moderator_login":"mod"`)
	if _, banned := d.world.BanOf(d.ada.ID, d.grace.ID); banned {
		t.Error("got banned, want unbanned")
	}
}

func TestSecondShoutoutIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		shoutout := `POST /chat/shoutouts?from_broadcaster_id={ada}&moderator_id={mod}&to_broadcaster_id=`
		d.do(d.mod, 204, shoutout+`{grace}`)
		d.do(d.mod, 429, shoutout+`{linus}`)
		time.Sleep(2 * time.Minute)
		d.do(d.mod, 429, shoutout+`{grace}`)
		d.do(d.mod, 204, shoutout+`{linus}`)
		time.Sleep(58 * time.Minute)
		d.do(d.mod, 204, shoutout+`{grace}`)
	})
}

func TestPins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		get, this := `GET /chat/pins`+modding, `&message_id={message}`
		d.do(d.mod, 404, `PUT /chat/pins`+modding+`&message_id=x`)
		d.do(d.mod, 400, `PUT /chat/pins`+modding+this+`&duration_seconds=29`)
		d.do(d.mod, 404, `PATCH /chat/pins`+modding+this)
		d.do(d.mod, 204, `PUT /chat/pins`+modding+this+`&duration_seconds=30`)
		d.do(d.mod, 409, `PUT /chat/pins`+modding+this)
		d.do(d.mod, 200, get).has(d, `"fragments":[{"cheermote":null,"emote":null,"mention":null,"text":"hello","type":"text"}]`)
		time.Sleep(30 * time.Second)
		d.do(d.mod, 200, get).has(d, `"data":[]`)

		d.do(d.mod, 204, `PUT /chat/pins`+modding+this+`&duration_seconds=30`)
		d.do(d.mod, 204, `PATCH /chat/pins`+modding+this)
		time.Sleep(time.Hour)
		d.do(d.mod, 200, get).has(d, `"ends_at":null`)
		d.ok(d.world.GoOffline(d.ada.ID))
		d.do(d.mod, 200, get).has(d, `"data":[]`)

		d.do(d.mod, 204, `PUT /chat/pins`+modding+this)
		d.do(d.mod, 204, `DELETE /chat/pins`+modding+this)
		d.do(d.mod, 404, `DELETE /chat/pins`+modding+this)
		d.do(d.mod, 204, `PUT /chat/pins`+modding+this)
		d.ok(d.world.DeleteMessage(d.ada.ID, d.ada.ID, d.message))
		d.do(d.mod, 200, get).has(d, `"data":[]`)
	})
}

func TestBlockedUsers(t *testing.T) {
	d := newDesk(t, 800)
	d.do(d.ada, 204, `PUT /users/blocks?target_user_id={linus}`)
	d.do(d.ada, 204, `PUT /users/blocks?target_user_id={grace}&source_context=chat`)
	d.do(d.ada, 400, `PUT /users/blocks?target_user_id={ada}`)
	d.do(d.ada, 400, `PUT /users/blocks?target_user_id={linus}&reason=boredom`)
	d.do(d.ada, 200, `GET /users/blocks?broadcaster_id={ada}&first=1`).has(d, `"user_login":"grace"`)
	if got := len(d.world.Followers(d.ada.ID)); got != 0 {
		t.Errorf("got %d followers, want none", got)
	}
	d.do(d.grace, 403, `POST /whispers?from_user_id={grace}&to_user_id={ada} {"message":"psst"}`)
	d.do(d.ada, 204, `DELETE /users/blocks?target_user_id={grace}`)
	d.do(d.grace, 204, `POST /whispers?from_user_id={grace}&to_user_id={ada} {"message":"psst"}`)
	d.ok(d.world.Follow(d.ada.ID, d.grace.ID))
	if err := d.world.Follow(d.ada.ID, d.linus.ID); err == nil {
		t.Error("got a blocked follower")
	}
}
