package api_test

import (
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// goodChannel are the rows of good for chat, polls, predictions, the schedule,
// markers and what users set up.
var goodChannel = []row{
	{"get-channel-emotes", "grace", `GET /chat/emotes?broadcaster_id={ada}`, `"name":"adaLove"`},
	{"get-emote-sets", "grace", `GET /chat/emotes/set?emote_set_id={set}`, `"owner_id":"{ada}"`},
	{"get-channel-chat-badges", "grace", `GET /chat/badges?broadcaster_id={ada}`, `"id":"2003"`},
	{"get-global-chat-badges", "grace", `GET /chat/badges/global`, `"set_id":"moderator"`},
	{"get-shared-chat-session", "grace", `GET /shared_chat/session?broadcaster_id={ada}`, `"host_broadcaster_id":"{ada}"`},
	{"get-user-emotes", "grace", `GET /chat/emotes/user?user_id={grace}`, `"name":"adaDance"`},
	{"get-pinned-chat-message", "mod", `GET /chat/pins?broadcaster_id={ada}&moderator_id={mod}`, `"pinned_by_user_login":"ada"`},
	{"pin-chat-message", "mod", `PUT /chat/pins?broadcaster_id={ada}&moderator_id={mod}&message_id={message}&duration_seconds=60`, ``},
	{"update-pinned-chat-message", "mod", `PATCH /chat/pins?broadcaster_id={ada}&moderator_id={mod}&message_id={message}`, ``},
	{"unpin-chat-message", "mod", `DELETE /chat/pins?broadcaster_id={ada}&moderator_id={mod}&message_id={message}`, ``},
	{"get-polls", "ada", `GET /polls?broadcaster_id={ada}&id={poll}`, `"status":"ACTIVE"`},
	{"create-poll", "ada", `POST /polls {"broadcaster_id":"{ada}","title":"Tea?","choices":[{"title":"yes"},{"title":"no"}],"duration":60}`, `"ended_at":null`},
	{"end-poll", "ada", `PATCH /polls {"broadcaster_id":"{ada}","id":"{poll}","status":"TERMINATED"}`, `"status":"TERMINATED"`},
	{"get-predictions", "ada", `GET /predictions?broadcaster_id={ada}`, `"status":"ACTIVE"`},
	{"create-prediction", "ada", `POST /predictions {"broadcaster_id":"{ada}","title":"Won?","outcomes":[{"title":"yes"},{"title":"no"}],"prediction_window":60}`, `"color":"PINK"`},
	{"end-prediction", "ada", `PATCH /predictions {"broadcaster_id":"{ada}","id":"{prediction}","status":"RESOLVED","winning_outcome_id":"{outcome}"}`, `"winning_outcome_id":"{outcome}"`},
	{"create-clip-from-vod", "ada", `POST /videos/clips?editor_id={ada}&broadcaster_id={ada}&vod_id={video}&vod_offset=60&title=x`, `"edit_url"`},
	{"get-clips-download", "ada", `GET /clips/downloads?editor_id={ada}&broadcaster_id={ada}&clip_id={clip}`, `"clip_id":"{clip}"`},
	{"get-channel-stream-schedule", "grace", `GET /schedule?broadcaster_id={ada}`, `"title":"Chess night"`},
	{"get-channel-icalendar", "grace", `GET /schedule/icalendar?broadcaster_id={ada}`, "SUMMARY:Chess night\r\n"},
	{"update-channel-stream-schedule", "ada", `PATCH /schedule/settings?broadcaster_id={ada}&is_vacation_enabled=true&vacation_start_time=2030-01-01T00:00:00Z&vacation_end_time=2030-02-01T00:00:00Z&timezone=UTC`, ``},
	{"create-channel-stream-schedule-segment", "ada", `POST /schedule/segment?broadcaster_id={ada} {"start_time":"2030-01-01T18:00:00Z","timezone":"UTC","duration":"60","is_recurring":true,"category_id":"743"}`, `"category":{"id":"743","name":"Chess"}`},
	{"update-channel-stream-schedule-segment", "ada", `PATCH /schedule/segment?broadcaster_id={ada}&id={segment} {"is_canceled":true}`, `"canceled_until":"20`},
	{"delete-channel-stream-schedule-segment", "ada", `DELETE /schedule/segment?broadcaster_id={ada}&id={segment}`, ``},
	{"get-stream-key", "ada", `GET /streams/key?broadcaster_id={ada}`, `"stream_key":"live_{ada}_`},
	{"create-stream-marker", "ada", `POST /streams/markers {"user_id":"{ada}","description":"goal"}`, `"description":"goal"`},
	{"get-stream-markers", "ada", `GET /streams/markers?user_id={ada}`, `"description":"goal"`},
	{"get-user-block-list", "ada", `GET /users/blocks?broadcaster_id={ada}`, `"display_name":"Linus"`},
	{"block-user", "ada", `PUT /users/blocks?target_user_id={linus}&reason=spam`, ``},
	{"unblock-user", "ada", `DELETE /users/blocks?target_user_id={linus}`, ``},
	{"get-user-extensions", "ada", `GET /users/extensions/list`, `"can_activate":true`},
	{"get-user-active-extensions", "grace", `GET /users/extensions?user_id={ada}`, `"x":0,"y":0`},
	{"update-user-extensions", "ada", `PUT /users/extensions {"data":{"overlay":{"1":{"active":true,"id":"larkcountdownextension00000000","version":"2.0.2"}}}}`, `"name":"Countdown"`},
}

// prepareChannel makes what an endpoint needs to be there.
func (d *desk) prepareChannel(endpoint string) {
	w, ada := d.world, d.ada.ID
	switch endpoint {
	case "get-emote-sets":
		d.names["{set}"] = w.ChannelEmotes(ada)[0].SetID
	case "get-pinned-chat-message", "update-pinned-chat-message", "unpin-chat-message":
		d.ok(w.Pin(ada, ada, d.message, 0))
	case "get-shared-chat-session":
		d.ok(w.ShareChat(ada, d.grace.ID))
	case "get-stream-markers":
		_, err := w.MarkStream(ada, "goal")
		d.ok(err)
	case "get-user-block-list":
		d.ok(w.Block(ada, d.linus.ID))
	case "get-user-active-extensions", "get-user-extensions":
		d.ok(w.FillSlots(ada, map[world.Slot]world.SlotContent{{Kind: "component", Number: "1"}: {Active: true, ID: "larkpollsextension000000000000"}}))
	case "create-clip-from-vod":
		v, err := w.AddVideo(ada, "upload", "old", time.Hour)
		d.ok(err)
		d.names["{video}"] = v.ID
	case "get-clips-download":
		clip, err := w.CreateClip(ada, d.grace.ID, "", 0)
		d.ok(err)
		d.names["{clip}"] = clip.ID
	case "get-polls", "end-poll":
		p, err := w.StartPoll(ada, world.NewPoll{Title: "Tea?", Choices: []string{"yes", "no"}, Duration: time.Minute})
		d.ok(err)
		d.names["{poll}"] = p.ID
	case "get-predictions", "end-prediction":
		p, err := w.StartPrediction(ada, world.NewPrediction{Title: "Won?", Outcomes: []string{"yes", "no"}, Window: time.Minute})
		d.ok(err)
		d.ok(w.Predict(ada, d.grace.ID, "yes", 100))
		d.names["{prediction}"], d.names["{outcome}"] = p.ID, p.Outcomes[0].ID
	}
	if strings.Contains(endpoint, "schedule") || endpoint == "get-channel-icalendar" {
		s, err := w.AddSegment(ada, world.SegmentSettings{Start: time.Now().Add(24 * time.Hour), Duration: time.Hour, Title: "Chess night"})
		d.ok(err)
		d.names["{segment}"] = s.ID
	}
}
