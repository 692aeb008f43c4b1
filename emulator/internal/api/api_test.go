package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/api"
	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// good is a successful call of every endpoint that is emulated, EventSub's
// apart. As says whose token it needs.
var good = slices.Concat(goodSupport, goodConduits, goodExtensions, goodModeration, goodChannel, []row{
	{"get-channel-information", "ada", `GET /channels?broadcaster_id={ada}`, `"broadcaster_login":"ada"`},
	{"modify-channel-information", "ada", `PATCH /channels?broadcaster_id={ada} {"title":"Chess","game_id":"743","tags":["a","b"]}`, ``},
	{"get-channel-editors", "ada", `GET /channels/editors?broadcaster_id={ada}`, `"data":[]`},
	{"get-followed-channels", "grace", `GET /channels/followed?user_id={grace}`, `"broadcaster_id":"{ada}"`},
	{"get-channel-followers", "mod", `GET /channels/followers?broadcaster_id={ada}`, `"user_login":"linus"`},
	{"get-chatters", "mod", `GET /chat/chatters?broadcaster_id={ada}&moderator_id={mod}`, `"user_login":"grace"`},
	{"get-global-emotes", "grace", `GET /chat/emotes/global`, `"name":"Kappa"`},
	{"get-chat-settings", "mod", `GET /chat/settings?broadcaster_id={ada}&moderator_id={mod}`, `"slow_mode":false`},
	{"update-chat-settings", "mod", `PATCH /chat/settings?broadcaster_id={ada}&moderator_id={mod} {"slow_mode":true,"slow_mode_wait_time":10}`, `"slow_mode_wait_time":10`},
	{"send-chat-announcement", "mod", `POST /chat/announcements?broadcaster_id={ada}&moderator_id={mod} {"message":"hi","color":"blue"}`, ``},
	{"send-a-shoutout", "mod", `POST /chat/shoutouts?from_broadcaster_id={ada}&to_broadcaster_id={grace}&moderator_id={mod}`, ``},
	{"send-chat-message", "grace", `POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"hi"}`, `"is_sent":true`},
	{"get-user-chat-color", "grace", `GET /chat/color?user_id={ada}&user_id={grace}`, `"color":"#`},
	{"update-user-chat-color", "grace", `PUT /chat/color?user_id={grace}&color=blue`, ``},
	{"create-clip", "grace", `POST /clips?broadcaster_id={ada}`, `"edit_url"`},
	{"get-clips", "grace", `GET /clips?broadcaster_id={ada}`, `"data":[]`},
	{"get-top-games", "grace", `GET /games/top`, `"Just Chatting"`},
	{"get-games", "grace", `GET /games?name=Chess`, `"id":"743"`},
	{"get-banned-users", "ada", `GET /moderation/banned?broadcaster_id={ada}`, `"data":[]`},
	{"ban-user", "mod", `POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod} {"data":{"user_id":"{grace}","duration":60}}`, `"end_time":"20`},
	{"unban-user", "mod", `DELETE /moderation/bans?broadcaster_id={ada}&moderator_id={mod}&user_id={nobody}`, ``},
	{"delete-chat-messages", "mod", `DELETE /moderation/chat?broadcaster_id={ada}&moderator_id={mod}&message_id={message}`, ``},
	{"get-moderated-channels", "mod", `GET /moderation/channels?user_id={mod}`, `"broadcaster_id":"{ada}"`},
	{"get-moderators", "ada", `GET /moderation/moderators?broadcaster_id={ada}`, `"user_login":"mod"`},
	{"add-channel-moderator", "ada", `POST /moderation/moderators?broadcaster_id={ada}&user_id={grace}`, ``},
	{"remove-channel-moderator", "ada", `DELETE /moderation/moderators?broadcaster_id={ada}&user_id={mod}`, ``},
	{"get-vips", "ada", `GET /channels/vips?broadcaster_id={ada}`, `"user_login":"linus"`},
	{"add-channel-vip", "ada", `POST /channels/vips?broadcaster_id={ada}&user_id={grace}`, ``},
	{"remove-channel-vip", "ada", `DELETE /channels/vips?broadcaster_id={ada}&user_id={linus}`, ``},
	{"start-a-raid", "ada", `POST /raids?from_broadcaster_id={ada}&to_broadcaster_id={grace}`, `"is_mature":false`},
	{"cancel-a-raid", "ada", `DELETE /raids?broadcaster_id={ada}`, ``},
	{"search-categories", "grace", `GET /search/categories?query=che`, `"Chess"`},
	{"search-channels", "grace", `GET /search/channels?query=AD&live_only=true`, `"broadcaster_login":"ada"`},
	{"get-streams", "grace", `GET /streams?user_login=ada`, `"type":"live"`},
	{"get-followed-streams", "grace", `GET /streams/followed?user_id={grace}`, `"user_login":"ada"`},
	{"get-broadcaster-subscriptions", "ada", `GET /subscriptions?broadcaster_id={ada}`, `"tier":"2000"`},
	{"check-user-subscription", "grace", `GET /subscriptions/user?broadcaster_id={ada}&user_id={grace}`, `"tier":"2000"`},
	{"get-users", "grace", `GET /users?login=ada&id={grace}`, `"display_name":"Grace"`},
	{"update-user", "grace", `PUT /users?description=me`, `"description":"me"`},
	{"get-authorization-by-user", "app", `GET /authorization/users?user_id={ada}`, `"has_authorized":false,"scopes":[],"user_id":"181884690"`},
	{"send-whisper", "grace", `POST /whispers?from_user_id={grace}&to_user_id={ada} {"message":"psst"}`, ``},
})

func endpoint(t *testing.T, id string) *helix.Endpoint {
	t.Helper()
	e, ok := helix.EndpointByID(id)
	if !ok {
		t.Fatalf("got no endpoint %s", id)
	}
	return e
}

func TestGood(t *testing.T) {
	for _, row := range good {
		t.Run(row.endpoint, func(t *testing.T) {
			d := newDesk(t, 800)
			d.prepare(row.endpoint)
			e := endpoint(t, row.endpoint)
			got := d.call(d.tokenFor(row.as, e), d.fill(row.request))
			if got.status != e.Success || !strings.Contains(got.raw, d.fill(row.want)) {
				t.Errorf("got %d %s, want %d with %s", got.status, got.raw, e.Success, d.fill(row.want))
			}
			if got.status == http.StatusNoContent && got.raw != "" {
				t.Errorf("got a body %s, want none", got.raw)
			}
		})
	}
}

func TestEveryEndpointIsTested(t *testing.T) {
	for _, id := range api.Implemented() {
		if !slices.ContainsFunc(good, func(row struct{ endpoint, as, request, want string }) bool { return row.endpoint == id }) && !strings.Contains(id, "eventsub") {
			t.Errorf("%s is emulated, but no row of good calls it", id)
		}
		endpoint(t, id)
	}
}

func TestMissingScope(t *testing.T) {
	for _, row := range good {
		e := endpoint(t, row.endpoint)
		if len(e.Scopes) == 0 {
			continue
		}
		t.Run(row.endpoint, func(t *testing.T) {
			d := newDesk(t, 800)
			people := map[string]world.User{"ada": d.ada, "mod": d.mod, "grace": d.grace}
			got := d.call(d.token(people[row.as], "user:read:whispers"), d.fill(row.request))
			if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.body.Message, "Missing scope: ") || got.body.Error != "Unauthorized" {
				t.Errorf("got %d %s, want 401 Missing scope", got.status, got.raw)
			}
		})
	}
}

// TestWrongUser calls with the token of somebody who has all scopes but is not
// who the parameters say, and no moderator either.
func TestWrongUser(t *testing.T) {
	for _, row := range good {
		e := endpoint(t, row.endpoint)
		if len(e.TokenUser) == 0 {
			continue
		}
		t.Run(row.endpoint, func(t *testing.T) {
			d := newDesk(t, 800)
			got := d.call(d.token(d.nobody, e.Scopes.Minimal()...), d.fill(row.request))
			if got.status != http.StatusUnauthorized || !strings.Contains(got.body.Message, "must match the user ID") {
				t.Errorf("got %d %s, want 401", got.status, got.raw)
			}
		})
	}
}

func TestNoModerator(t *testing.T) {
	for _, row := range good {
		e := endpoint(t, row.endpoint)
		if !slices.Contains(e.Roles, helix.Moderator) || row.endpoint == "get-channel-followers" {
			continue
		}
		t.Run(row.endpoint, func(t *testing.T) {
			d := newDesk(t, 800)
			request := strings.ReplaceAll(row.request, "moderator_id={mod}", "moderator_id={nobody}")
			got := d.call(d.token(d.nobody, e.Scopes.Minimal()...), d.fill(request))
			if got.status != http.StatusForbidden {
				t.Errorf("got %d %s, want 403", got.status, got.raw)
			}
		})
	}
}

func TestMissingParameter(t *testing.T) {
	for _, row := range good {
		e := endpoint(t, row.endpoint)
		for _, p := range slices.Concat(e.Query, e.Body) {
			if !p.Required {
				continue
			}
			t.Run(row.endpoint+" without "+p.Name, func(t *testing.T) {
				d := newDesk(t, 800)
				request := strings.NewReplacer("?"+p.Name+"=", "?x=", "&"+p.Name+"=", "&x=", `"`+p.Name+`":`, `"x":`).Replace(d.fill(row.request))
				got := d.call(d.tokenFor(row.as, e), request)
				if got.status != http.StatusBadRequest || !strings.Contains(got.body.Message, `"`+p.Name+`"`) {
					t.Errorf("got %d %s, want 400 that names %s", got.status, got.raw, p.Name)
				}
			})
		}
	}
}

func TestTokens(t *testing.T) {
	d := newDesk(t, 800)
	rows := []struct{ name, token, message string }{
		{"none", "", "OAuth token is missing"},
		{"wrong", "nonsense", "Invalid OAuth token"},
		{"of another client", d.auth.IssueUser("other", d.ada, nil).Access, "Client ID and OAuth token do not match"},
	}
	for _, row := range rows {
		got := d.call(row.token, "GET /users")
		if got.status != http.StatusUnauthorized || got.body.Message != row.message {
			t.Errorf("%s: got %d %s, want 401 %s", row.name, got.status, got.raw, row.message)
		}
	}
	got := d.call(d.auth.IssueApp("id").Access, d.fill("GET /moderation/moderators?broadcaster_id={ada}"))
	if got.status != http.StatusUnauthorized {
		t.Errorf("app token: got %d %s, want 401", got.status, got.raw)
	}
}

func TestAppTokenNeedsGrants(t *testing.T) {
	d := newDesk(t, 800)
	app := d.auth.IssueApp("id").Access
	request := d.fill(`POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"hi"}`)
	if got := d.call(app, request); got.status != http.StatusUnauthorized {
		t.Errorf("without grants: got %d %s, want 401", got.status, got.raw)
	}
	d.token(d.grace, "user:write:chat", "user:bot")
	if got := d.call(app, request); got.status != http.StatusUnauthorized {
		t.Errorf("without the broadcaster's: got %d %s, want 401", got.status, got.raw)
	}
	d.token(d.ada, "channel:bot")
	if got := d.call(app, request); got.status != http.StatusOK {
		t.Errorf("with grants: got %d %s, want 200", got.status, got.raw)
	}
}

func TestMalformed(t *testing.T) {
	d := newDesk(t, 800)
	token := d.token(d.mod, "moderator:manage:banned_users", "user:write:chat", "moderator:manage:announcements", "moderator:read:followers")
	for _, request := range []string{
		`GET /channels/followers?broadcaster_id={ada}&first=101`,
		`GET /channels/followers?broadcaster_id={ada}&first=0`,
		`GET /channels/followers?broadcaster_id={ada}&first=x`,
		`GET /channels/followers?broadcaster_id={ada}&after=nonsense`,
		`GET /users?` + strings.Repeat("id=1&", 101),
		`POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod} {"data":{"user_id":"{grace}","duration":1209601}}`,
		`POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod} {"data":{"user_id":5}}`,
		`POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod} {"data":[]}`,
		`POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod} {`,
		`POST /moderation/bans?broadcaster_id={ada}&moderator_id={mod}`,
		`POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{mod}","message":"` + strings.Repeat("x", 501) + `"}`,
		`POST /chat/announcements?broadcaster_id={ada}&moderator_id={mod} {"message":"hi","color":"mauve"}`,
	} {
		if got := d.call(token, d.fill(request)); got.status != http.StatusBadRequest || got.body.Message == "" {
			t.Errorf("%s: got %d %s, want 400", request, got.status, got.raw)
		}
	}
}

func TestPages(t *testing.T) {
	d := newDesk(t, 0)
	for i := range 45 {
		u, err := d.world.AddUser(world.User{Login: fmt.Sprintf("fan%02d", i)})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.world.Follow(d.ada.ID, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	token := d.token(d.ada, "moderator:read:followers")
	var got []string
	cursor, pages := "", 0
	for {
		r := d.call(token, d.fill("GET /channels/followers?broadcaster_id={ada}&first=20&after="+cursor))
		if r.status != http.StatusOK || r.body.Total < 47 {
			t.Fatalf("got %d %s", r.status, r.raw)
		}
		for _, f := range r.body.Data {
			got = append(got, f["user_login"].(string))
		}
		pages++
		if pages == 1 { // somebody follows in between: nothing is seen twice
			_ = d.world.Follow(d.ada.ID, d.nobody.ID)
		}
		if cursor = r.body.Pagination.Cursor; cursor == "" {
			break
		}
	}
	unique := slices.Compact(slices.Sorted(slices.Values(got)))
	if len(got) != 47 || len(unique) != 47 || got[0] != "fan44" || got[46] != "grace" || pages != 3 {
		t.Errorf("got %d followers (%d different) on %d pages, %v; want 47 on 3, newest first", len(got), len(unique), pages, got)
	}
}

func TestEveryEndpointIsEmulated(t *testing.T) {
	emulated := api.Implemented()
	for _, e := range helix.Endpoints() {
		if !slices.Contains(emulated, e.ID) {
			t.Errorf("got no handler for %s", e.ID)
		}
	}
	d := newDesk(t, 800)
	if got := d.call(d.token(d.ada), "GET /nothing"); got.status != http.StatusNotFound {
		t.Errorf("got %d %s, want 404", got.status, got.raw)
	}
}

func TestFollowersWithoutScope(t *testing.T) {
	d := newDesk(t, 800)
	got := d.call(d.token(d.nobody), d.fill("GET /channels/followers?broadcaster_id={ada}"))
	if got.status != http.StatusOK || got.body.Total != 2 || len(got.body.Data) != 0 {
		t.Errorf("got %d %s, want the total only", got.status, got.raw)
	}
}

func TestDroppedMessage(t *testing.T) {
	d := newDesk(t, 800)
	token := d.token(d.grace, "user:write:chat")
	request := d.fill(`POST /chat/messages {"broadcaster_id":"{ada}","sender_id":"{grace}","message":"hello"}`)
	got := d.call(token, request) // the same as in newDesk
	if got.status != http.StatusOK || !strings.Contains(got.raw, `"is_sent":false`) || !strings.Contains(got.raw, `"code":"msg_duplicate"`) {
		t.Errorf("got %d %s, want msg_duplicate", got.status, got.raw)
	}
	if _, err := d.world.Ban(d.ada.ID, d.ada.ID, d.grace.ID, 0, ""); err != nil {
		t.Fatal(err)
	}
	if got := d.call(token, request); got.status != http.StatusForbidden {
		t.Errorf("banned: got %d %s, want 403", got.status, got.raw)
	}
}

func TestEmailNeedsScope(t *testing.T) {
	d := newDesk(t, 800)
	if got := d.call(d.token(d.ada), "GET /users"); strings.Contains(got.raw, "email") {
		t.Errorf("got %s, want no email", got.raw)
	}
	got := d.call(d.token(d.ada, "user:read:email"), d.fill("GET /users?id={ada}&id={grace}"))
	if strings.Count(got.raw, "email") != 1 || !strings.Contains(got.raw, "ada@example.com") {
		t.Errorf("got %s, want ada's email only", got.raw)
	}
}

func FuzzBody(f *testing.F) {
	f.Add(`{"data":{"user_id":"1"}}`)
	f.Add(`{"title":"x","tags":["a"],"content_classification_labels":[{"id":"Gambling","is_enabled":true}]}`)
	f.Add(`{"slow_mode":true,"slow_mode_wait_time":1e99}`)
	f.Add(`{"broadcaster_id":"1","title":"x","choices":[{"title":"a"},null],"outcomes":[{}],"duration":60,"prediction_window":60}`)
	f.Add(`{"start_time":"2000-01-03T18:00:00Z","timezone":"UTC","duration":"60","is_recurring":true}`)
	f.Add(`{"data":{"panel":{"1":{"active":true,"id":"x"},"2":null},"component":[]}}`)
	f.Add(`{"data":[{"msg_id":"a","msg_text":"b"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		d := newDesk(t, 0)
		ada := d.token(d.ada, "channel:manage:broadcast", "moderator:manage:banned_users", "moderator:manage:chat_settings", "user:write:chat",
			"channel:manage:polls", "channel:manage:predictions", "user:edit:broadcast", "channel:manage:schedule",
			"moderator:manage:automod_settings", "moderation:read")
		for _, request := range []string{
			"PATCH /channels?broadcaster_id={ada} ", "POST /moderation/bans?broadcaster_id={ada}&moderator_id={ada} ",
			"PATCH /chat/settings?broadcaster_id={ada}&moderator_id={ada} ", "POST /chat/messages ",
			"POST /polls ", "POST /predictions ", "PUT /users/extensions ", "POST /schedule/segment?broadcaster_id={ada} ",
			"PUT /moderation/automod/settings?broadcaster_id={ada}&moderator_id={ada} ", "POST /moderation/enforcements/status?broadcaster_id={ada} ",
		} {
			if got := d.call(ada, d.fill(request)+body); got.status >= 500 {
				t.Errorf("%s %s: got %d %s", request, body, got.status, got.raw)
			}
		}
	})
}

func TestBrowsersMayCall(t *testing.T) {
	d := newDesk(t, 800)
	got := d.call("", "OPTIONS /users")
	if got.status != http.StatusNoContent || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "Client-Id") {
		t.Errorf("got %d with %v, want 204 that allows Client-Id", got.status, got.header)
	}
}

func BenchmarkGetUsers(b *testing.B) {
	w := world.New(world.Options{})
	ada, err := w.AddUser(world.User{Login: "ada"})
	if err != nil {
		b.Fatal(err)
	}
	a := auth.New(w, auth.Options{Clients: []auth.Client{{ID: "id"}}})
	s := api.New(api.Config{World: w, Auth: a})
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/helix/users?login=ada", nil)
	r.Header.Set("Client-Id", "id")
	r.Header.Set("Authorization", "Bearer "+a.IssueUser("id", ada, nil).Access)
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}
