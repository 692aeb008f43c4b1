package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/api"
	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// desk is a Helix over a world in which ada is live and moderated by mod;
// grace follows and subscribes.
type desk struct {
	*api.Server
	t                              *testing.T
	world                          *world.World
	auth                           *auth.Server
	push                           *push.Server
	ada, mod, grace, linus, nobody world.User
	message                        string            // of grace, in ada's chat
	names                          map[string]string // more of what fill puts into requests
}

func newDesk(t *testing.T, points int) *desk {
	t.Helper()
	w := world.New(world.Options{})
	d := &desk{t: t, world: w, names: map[string]string{}, auth: auth.New(w, auth.Options{Clients: []auth.Client{{ID: "id", Secret: "secret"}}})}
	for login, person := range map[string]*world.User{"ada": &d.ada, "mod": &d.mod, "grace": &d.grace, "linus": &d.linus, "nobody": &d.nobody} {
		u := world.User{Login: login, DisplayName: strings.ToUpper(login[:1]) + login[1:]}
		if login == "ada" {
			u.BroadcasterType = "affiliate"
		}
		added, err := w.AddUser(u)
		if err != nil {
			t.Fatal(err)
		}
		*person = added
	}
	_, liveErr := w.GoLive(d.ada.ID)
	m, chatErr := w.PostChat(world.Post{BroadcasterID: d.ada.ID, SenderID: d.grace.ID, Text: "hello"})
	d.message = m.ID
	for _, err := range []error{
		liveErr, chatErr,
		w.AddRole(d.ada.ID, world.Moderator, d.mod.ID),
		w.Follow(d.ada.ID, d.grace.ID),
		w.Follow(d.ada.ID, d.linus.ID),
		w.StartSubscription(d.ada.ID, d.grace.ID, "2000"),
		w.JoinChat(d.ada.ID, d.grace.ID),
		w.AddRole(d.ada.ID, world.VIP, d.linus.ID),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	d.push = push.New(push.Config{World: w, Consent: d.auth.Consent})
	t.Cleanup(d.push.Close)
	d.Server = api.New(api.Config{World: w, Auth: d.auth, EventSub: d.push, Points: points})
	return d
}

type reply struct {
	status int
	header http.Header
	body   struct {
		Data       []map[string]any
		Message    string
		Error      string
		Total      int
		Points     int
		Pagination struct{ Cursor string }
	}
	object map[string]any // the body, whatever its shape
	raw    string
}

// call asks with a token; a path with a body: "POST /x {…}".
func (d *desk) call(token, request string) reply {
	d.t.Helper()
	method, rest, _ := strings.Cut(request, " ")
	path, body, _ := strings.Cut(rest, " ")
	r := httptest.NewRequestWithContext(d.t.Context(), method, "/helix"+path, strings.NewReader(body))
	r.Header.Set("Client-Id", "id")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	got := reply{status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	_ = json.Unmarshal(rec.Body.Bytes(), &got.body)
	_ = json.Unmarshal(rec.Body.Bytes(), &got.object)
	return got
}

func (d *desk) token(u world.User, scopes ...string) string {
	return d.auth.IssueUser("id", u, scopes).Access
}

// fill puts the ids of the people into a request: {ada}, {mod}, {message} and so on.
func (d *desk) fill(request string) string {
	for name, id := range d.names {
		request = strings.ReplaceAll(request, name, id)
	}
	return strings.NewReplacer("{ada}", d.ada.ID, "{mod}", d.mod.ID, "{grace}", d.grace.ID, "{linus}", d.linus.ID,
		"{nobody}", d.nobody.ID, "{message}", d.message).Replace(request)
}

// prepare makes the world ready for the calls that need more than the usual.
func (d *desk) prepare(endpoint string) {
	d.prepareSupport(endpoint)
	d.prepareModeration(endpoint)
	d.prepareChannel(endpoint)
	if slices.ContainsFunc(goodExtensions, func(r row) bool { return r.endpoint == endpoint }) {
		d.prepareExtensions()
	}
	var err error
	switch endpoint {
	case "unban-user":
		_, err = d.world.Ban(d.ada.ID, d.ada.ID, d.nobody.ID, 0, "")
	case "cancel-a-raid":
		_, err = d.world.StartRaid(d.ada.ID, d.grace.ID)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) tokenFor(as string, e *helix.Endpoint) string {
	people := map[string]world.User{"ada": d.ada, "mod": d.mod, "grace": d.grace}
	if e.Tokens == helix.JWT {
		return d.signed(time.Hour)
	}
	if as == "app" {
		return d.auth.IssueApp("id").Access
	}
	scopes := e.Scopes.Minimal()
	if e.ID == "get-channel-followers" {
		scopes = []string{"moderator:read:followers"}
	}
	return d.token(people[as], scopes...)
}
