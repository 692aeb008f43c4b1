package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/api"
)

// undocumented are requests of clients that work with Twitch, each with what its client
// is and a text in the answer. A strict emulator refuses them.
var undocumented = []struct{ client, endpoint, as, request, want string }{
	{"TwitchIO's AutoBot", "create-conduits", "app", `POST /eventsub/conduits?shard_count=2`, `"shard_count":2`},
	{"TwitchIO's AutoBot", "update-conduits", "app", `PATCH /eventsub/conduits?id={conduit}&shard_count=3`, `"shard_count":3`},
	{
		"TwitchIO's AutoBot", "update-conduit-shards", "app",
		`PATCH /eventsub/conduits/shards?conduit_id={conduit} {"shards":[{"id":"7","transport":{"method":"websocket","session_id":"x"}}]}`, `"id":"7"`,
	},
	{"number for the id of a shard", "update-conduit-shards", "app", `PATCH /eventsub/conduits/shards {"conduit_id":"{conduit}","shards":[{"id":7,"transport":{"method":"websocket","session_id":"x"}}]}`, `"id":"7"`},
	{"twitch.py's ClientUser", "send-chat-message", "grace", `POST /chat/messages broadcaster_id={ada}&sender_id={grace}&message=hi+there&for_source_only=False`, `"is_sent":true`},
	{"twitch.py", "start-commercial", "ada", `POST /channels/commercial broadcaster_id={ada}&length=60`, `"length":60`},
	{"twitch.py", "update-drops-entitlements", "app", `PATCH /entitlements/drops entitlement_ids={drop}&entitlement_ids=x&fulfillment_status=FULFILLED`, `{"ids":["x"],"status":"INVALID_ID"}`},
	{"twitch.py", "end-poll", "ada", `PATCH /polls?broadcaster_id={ada}&id={poll}&status=ARCHIVED`, `"status":"ARCHIVED"`},
	{"twitch.py", "resolve-unban-requests", "mod", `PATCH /moderation/unban_requests?broadcaster_id={ada}&moderator_id={mod}&unban_request_id={request} {"status":"denied","resolution_text":"no"}`, `"status":"denied"`},
	{"twitch.py's search_channels", "search-channels", "grace", `GET /search/channels?query=ad&live_only=False`, `"broadcaster_login":"ada"`},
	{"twitchAPI", "start-commercial", "ada", `POST /channels/commercial?broadcaster_id={ada}&length=60`, `"length":60`},
	{"twitchAPI", "send-chat-message", "grace", `POST /chat/messages?broadcaster_id={ada}&sender_id={grace}&message=hi+you`, `"is_sent":true`},
	{"twurple", "send-chat-message", "grace", `POST /chat/messages?broadcaster_id={ada}&sender_id={grace} {"message":"hi you"}`, `"is_sent":true`},
	{"no object at all", "send-chat-message", "grace", `POST /chat/messages?broadcaster_id={ada}&sender_id={grace}&message=hi+you null`, `"is_sent":true`},
	{"nicklaw5/helix", "create-stream-marker", "ada", `POST /streams/markers?user_id={ada}&description=here`, `"description":"here"`},
	{"minutes as a number", "create-channel-stream-schedule-segment", "ada", `POST /schedule/segment?broadcaster_id={ada} {"start_time":"2099-01-03T18:00:00Z","timezone":"UTC","duration":60,"is_recurring":"True"}`, `"is_recurring":true`},
	{"seconds as text, beside the wrapper", "ban-user", "mod", `POST /moderation/bans {"broadcaster_id":{ada},"moderator_id":{mod},"data":{"user_id":{grace},"duration":"60"}}`, `"end_time":"20`},
	{"without the wrapper", "ban-user", "mod", `POST /moderation/bans broadcaster_id={ada}&moderator_id={mod}&user_id={grace}&duration=60`, `"end_time":"20`},
}

// callWith is call with a Content-Type: of a form, where the body is one.
func (d *desk) callWith(s http.Handler, token, request string) reply {
	d.t.Helper()
	method, rest, _ := strings.Cut(request, " ")
	path, body, _ := strings.Cut(rest, " ")
	r := httptest.NewRequestWithContext(d.t.Context(), method, "/helix"+path, strings.NewReader(body))
	r.Header.Set("Client-Id", "id")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if strings.Contains(body, "=") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	got := reply{status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	_ = json.Unmarshal(rec.Body.Bytes(), &got.body)
	return got
}

func TestParametersWhereClientsPutThem(t *testing.T) {
	for _, row := range undocumented {
		t.Run(row.endpoint+" by "+row.client, func(t *testing.T) {
			e := endpoint(t, row.endpoint)
			d := newDesk(t, 0)
			d.prepare(row.endpoint)
			token := d.tokenFor(row.as, e)
			strict := api.New(api.Config{World: d.world, Auth: d.auth, EventSub: d.push, Strict: true})
			if got := d.callWith(strict, token, d.fill(row.request)); got.status != http.StatusBadRequest {
				t.Errorf("strict: got %d %s, want 400", got.status, got.raw)
			}
			if got := d.callWith(d, token, d.fill(row.request)); got.status != e.Success || !strings.Contains(got.raw, d.fill(row.want)) {
				t.Errorf("got %d %s, want %d with %s", got.status, got.raw, e.Success, d.fill(row.want))
			}
		})
	}
}

// Twitch's own examples have in the query what its table has in the body.
func TestGuestStarSettingsInTheQuery(t *testing.T) {
	d := newDesk(t, 0)
	token := d.token(d.ada, "channel:manage:guest_star", "channel:read:guest_star")
	if got := d.call(token, d.fill(`PUT /guest_star/channel_settings?broadcaster_id={ada}&slot_count=6`)); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s, want 204", got.status, got.raw)
	}
	if got := d.call(token, d.fill(`GET /guest_star/channel_settings?broadcaster_id={ada}&moderator_id={ada}`)); !strings.Contains(got.raw, `"slot_count":6`) {
		t.Errorf("got %s, want 6 slots", got.raw)
	}
}

// What is documented is accepted by a strict emulator too.
func TestStrictAcceptsWhatIsDocumented(t *testing.T) {
	for _, row := range good {
		t.Run(row.endpoint, func(t *testing.T) {
			e := endpoint(t, row.endpoint)
			d := newDesk(t, 0)
			d.prepare(row.endpoint)
			d.Server = api.New(api.Config{World: d.world, Auth: d.auth, EventSub: d.push, Strict: true})
			if got := d.call(d.tokenFor(row.as, e), d.fill(row.request)); got.status != e.Success {
				t.Errorf("got %d %s, want %d", got.status, got.raw, e.Success)
			}
		})
	}
}

func TestLeniencyHasLimits(t *testing.T) {
	d := newDesk(t, 0)
	token := d.token(d.grace, "user:write:chat", "channel:manage:broadcast")
	for _, row := range []struct{ name, request string }{
		{"neither JSON nor a form", `POST /chat/messages?broadcaster_id={ada}&sender_id={grace}&message=no not JSON`},
		{"missing everywhere", `POST /chat/messages?broadcaster_id={ada}&sender_id={grace}`},
		{"a list for a text", `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":["no"]}`},
		{"a boolean for a text", `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":true}`},
		{"a word for a boolean", `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"no","for_source_only":"yes"}`},
		{"another number for a boolean", `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"no","for_source_only":2}`},
		{"a word for a boolean of the query", `GET /search/channels?query=a&live_only=yes`},
		{"no number", `GET /search/channels?query=a&first=NaN`},
	} {
		if got := d.callWith(d, token, d.fill(row.request)); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400", row.name, got.status, got.raw)
		}
	}
}

// Where query and body have the same parameter, the same one is checked and used.
func TestQueryDoesNotHideBody(t *testing.T) {
	d := newDesk(t, 0)
	token := d.token(d.grace, "user:write:chat")
	for _, strict := range []bool{false, true} {
		d.Server = api.New(api.Config{World: d.world, Auth: d.auth, EventSub: d.push, Strict: strict})
		got := d.call(token, d.fill(`POST /chat/messages?sender_id={grace} {"broadcaster_id":"{ada}","sender_id":"{mod}","message":"not mine"}`))
		if got.status != http.StatusUnauthorized {
			t.Errorf("strict %v: got %d %s, want 401", strict, got.status, got.raw)
		}
	}
}

// curl -d says that JSON is a form.
func TestJSONThatCallsItselfAForm(t *testing.T) {
	d := newDesk(t, 0)
	request := d.fill(`POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"1+1=2"}`)
	if got := d.callWith(d, d.token(d.grace, "user:write:chat"), request); got.status != http.StatusOK {
		t.Errorf("got %d %s, want 200", got.status, got.raw)
	}
	if last := d.world.Messages(d.ada.ID); last[len(last)-1].Text != "1+1=2" {
		t.Errorf("got %q, want 1+1=2", last[len(last)-1].Text)
	}
}

// nicklaw5/helix sends the fields of all conditions and transports, most of them empty.
func TestEmptyFieldsOfASubscription(t *testing.T) {
	d := newDesk(t, 0)
	request := d.fill(`POST /eventsub/subscriptions {"type":"stream.online","version":"1","condition":{"broadcaster_user_id":"{ada}","moderator_user_id":""},` +
		`"transport":{"method":"websocket","callback":"","secret":"","session_id":"none"}}`)
	for _, strict := range []bool{false, true} {
		d.Server = api.New(api.Config{World: d.world, Auth: d.auth, EventSub: d.push, Strict: strict})
		if got := d.call(d.token(d.ada), request); !strings.Contains(got.raw, "session does not exist") {
			t.Errorf("got %d %s, want a session that does not exist to be all that is wrong", got.status, got.raw)
		}
	}
}

func TestConditionWithNumbers(t *testing.T) {
	d := newDesk(t, 0)
	d.token(d.ada, "moderator:read:followers")
	request := d.fill(`POST /eventsub/subscriptions {"type":"channel.follow","version":2,"condition":{"broadcaster_user_id":{ada},"moderator_user_id":"{ada}"},` +
		`"transport":{"method":"webhook","callback":"https://127.0.0.1:9/","secret":"0123456789"}}`)
	if got := d.callWith(d, d.auth.IssueApp("id").Access, request); got.status != http.StatusAccepted {
		t.Errorf("got %d %s, want 202", got.status, got.raw)
	}
}
