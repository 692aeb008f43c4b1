package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

func TestRefusals(t *testing.T) {
	rows := []struct {
		name    string
		path    string
		fields  []string
		status  int
		message string
	}{
		{"nothing", "token", nil, 400, "missing client id"},
		{"no grant type", "token", []string{"client_id", "id"}, 400, "missing grant type"},
		{"unknown grant type", "token", []string{"client_id", "id", "client_secret", "secret", "grant_type", "x"}, 400, "invalid grant type"},
		{"no client", "token", []string{"grant_type", "client_credentials"}, 400, "missing client id"},
		{"unknown client", "token", []string{"grant_type", "client_credentials", "client_id", "x"}, 400, "invalid client"},
		{"no secret", "token", []string{"grant_type", "client_credentials", "client_id", "id"}, 400, "missing client secret"},
		{"wrong secret", "token", []string{"grant_type", "client_credentials", "client_id", "id", "client_secret", "x"}, 403, "invalid client secret"},
		{"secret of a public client", "token", []string{"grant_type", "client_credentials", "client_id", "public", "client_secret", "x"}, 403, "invalid client secret"},
		{"public app token", "token", []string{"grant_type", "client_credentials", "client_id", "public"}, 400, "invalid client"},
		{"wrong code", "token", []string{"grant_type", "authorization_code", "client_id", "id", "client_secret", "secret", "code", "x"}, 400, "Invalid authorization code"},
		{"no code", "token", []string{"grant_type", "authorization_code", "client_id", "id", "client_secret", "secret"}, 400, "Invalid authorization code"},
		{"code of a public client", "token", []string{"grant_type", "authorization_code", "client_id", "public", "code", "x"}, 400, "missing client secret"},
		{"wrong refresh token", "token", []string{"grant_type", "refresh_token", "client_id", "id", "client_secret", "secret", "refresh_token", "x"}, 400, "Invalid refresh token"},
		{"no refresh token", "token", []string{"grant_type", "refresh_token", "client_id", "public"}, 400, "Invalid refresh token"},
		{"refresh without the secret", "token", []string{"grant_type", "refresh_token", "client_id", "id", "refresh_token", "x"}, 400, "missing client secret"},
		{"wrong device code", "token", []string{"grant_type", deviceGrant, "client_id", "public", "device_code", "x"}, 400, "invalid device code"},
		{"device without client", "device", nil, 400, "missing client id"},
		{"device of unknown client", "device", []string{"client_id", "x"}, 400, "invalid client"},
		{"device with unknown scope", "device", []string{"client_id", "public", "scopes", "chat:read chat:fly"}, 400, "invalid scope requested: 'chat:fly'"},
		{"revoke without client", "revoke", []string{"token", "x"}, 400, "missing client id"},
		{"revoke without token", "revoke", []string{"client_id", "id"}, 400, "missing oauth token"},
		{"revoke nothing", "revoke", []string{"client_id", "id", "token", "x"}, 400, "Invalid token"},
		{"revoke of unknown client", "revoke", []string{"client_id", "x", "token", "x"}, 404, "client does not exist"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := newDesk(t, auth.Options{}).form("/oauth2/"+row.path, row.fields...)
			if got.status != row.status || got.text("message") != row.message || got.body["status"] != float64(row.status) || len(got.body) != 2 {
				t.Errorf("got %d %v, want %d %s", got.status, got.body, row.status, row.message)
			}
		})
	}
}

// Twitch answers a wrong method as it answers a wrong path.
func TestWrongMethod(t *testing.T) {
	d := newDesk(t, auth.Options{})
	for _, address := range []string{"GET /oauth2/token", "GET /oauth2/device", "GET /oauth2/revoke", "POST /oauth2/validate", "PUT /oauth2/token", "DELETE /activate", "GET /oauth2/nothing"} {
		method, path, _ := strings.Cut(address, " ")
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, httptest.NewRequest(method, path, nil))
		if rec.Code != http.StatusNotFound || rec.Body.String() != "404 page not found\n" {
			t.Errorf("%s: got %d %q, want 404", address, rec.Code, rec.Body)
		}
	}
}

// twurple, twitchio and helix send every parameter in the query.
func TestParametersInTheQuery(t *testing.T) {
	d := newDesk(t, auth.Options{})
	app := d.form("/oauth2/token?grant_type=client_credentials&client_id=id&client_secret=secret")
	if app.status != http.StatusOK || d.validate(app.text("access_token")).status != http.StatusOK {
		t.Fatalf("app token: got %d %v", app.status, app.body)
	}
	if got := d.form("/oauth2/revoke?client_id=id&token=" + app.text("access_token")); got.status != http.StatusOK || got.body != nil {
		t.Errorf("revoke: got %d %v, want 200 and nothing", got.status, got.body)
	}
	start := d.form("/oauth2/device?client_id=public&scopes=chat:read+chat:edit")
	d.DecideDevice(start.text("user_code"), "ada", true)
	got := d.form("/oauth2/token?client_id=public&grant_type=" + deviceGrant + "&device_code=" + start.text("device_code"))
	if fmt.Sprint(got.body["scope"]) != "[chat:read chat:edit]" {
		t.Errorf("device: got %d %v, want both scopes", got.status, got.body)
	}
}

// What asked for no scopes is told of none: the field is missing, or null.
func TestNoScopes(t *testing.T) {
	d := newDesk(t, auth.Options{})
	start := d.form("/oauth2/device", "client_id", "public", "scope", "chat:read") // of RFC 8628
	d.DecideDevice(start.text("user_code"), "ada", true)
	got := d.form("/oauth2/token", "client_id", "public", "grant_type", deviceGrant, "device_code", start.text("device_code"))
	if _, there := got.body["scope"]; there || got.status != http.StatusOK || got.text("refresh_token") == "" {
		t.Errorf("got %d %v, want tokens without scope", got.status, got.body)
	}
	who := d.validate(got.text("access_token"))
	if scopes, there := who.body["scopes"]; scopes != nil || !there || who.text("login") != "ada" {
		t.Errorf("validate: got %v, want null for scopes", who.body)
	}
}

// A confidential client may use the device flow without its secret, but not renew.
func TestDeviceFlowOfAConfidentialClient(t *testing.T) {
	d := newDesk(t, auth.Options{})
	start := d.form("/oauth2/device", "client_id", "id")
	d.DecideDevice(start.text("user_code"), "ada", true)
	got := d.form("/oauth2/token", "client_id", "id", "grant_type", deviceGrant, "device_code", start.text("device_code"))
	again := d.form("/oauth2/token", "client_id", "id", "grant_type", "refresh_token", "refresh_token", got.text("refresh_token"))
	if got.status != http.StatusOK || again.text("message") != "missing client secret" {
		t.Errorf("got %v, then %v", got.body, again.body)
	}
}

// A code and a device are for the client that asked.
func TestForeignCodes(t *testing.T) {
	d := newDesk(t, auth.Options{})
	d.Register(auth.Client{ID: "other", Secret: "theirs"})
	code := d.IssueCode("id", d.ada, "http://localhost/back", nil)
	got := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "other", "client_secret", "theirs", "code", code, "redirect_uri", "http://localhost/back")
	if got.text("message") != "Invalid authorization code" {
		t.Errorf("code: got %v", got.body)
	}
	refresh := d.IssueUser("id", d.ada, nil).Refresh
	got = d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "other", "client_secret", "theirs", "refresh_token", refresh)
	if got.text("message") != "Invalid refresh token" {
		t.Errorf("refresh token: got %v", got.body)
	}
	start := d.form("/oauth2/device", "client_id", "public")
	d.DecideDevice(start.text("user_code"), "ada", true)
	got = d.form("/oauth2/token", "client_id", "other", "grant_type", deviceGrant, "device_code", start.text("device_code"))
	if got.text("message") != "invalid device code" {
		t.Errorf("device code: got %v", got.body)
	}
	if got := d.form("/oauth2/revoke", "client_id", "other", "token", d.IssueUser("id", d.ada, nil).Access); got.text("message") != "Invalid token" {
		t.Errorf("revoke: got %v", got.body)
	}
}

func TestCodesExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, auth.Options{})
		code := d.IssueCode("id", d.ada, "http://localhost/back", nil)
		start := d.form("/oauth2/device", "client_id", "public")
		time.Sleep(10*time.Minute + time.Second)
		got := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret", "code", code, "redirect_uri", "http://localhost/back")
		if got.text("message") != "Invalid authorization code" {
			t.Errorf("code: got %v", got.body)
		}
		poll := func() string {
			return d.form("/oauth2/token", "client_id", "public", "grant_type", deviceGrant, "device_code", start.text("device_code")).text("message")
		}
		if got := poll(); got != "authorization_pending" {
			t.Errorf("device after 10 minutes: got %q", got)
		}
		time.Sleep(20 * time.Minute)
		if got := poll(); got != "invalid device code" || d.DecideDevice(start.text("user_code"), "ada", true) {
			t.Errorf("device after half an hour: got %q", got)
		}
	})
}

// Programs in a browser call, overlays for instance.
func TestCORS(t *testing.T) {
	d := newDesk(t, auth.Options{})
	r := httptest.NewRequest(http.MethodOptions, "/oauth2/validate", nil)
	if got := d.do(r); got.status != http.StatusNoContent || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("got %d %v, want 204", got.status, got.header)
	}
	if got := d.validate("x"); got.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got %v, want every origin allowed", got.header)
	}
	if got := d.do(httptest.NewRequest(http.MethodGet, ask, nil)); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("got a page that other pages may read")
	}
}

func TestMockToken(t *testing.T) {
	d := newDesk(t, auth.Options{})
	address := "/oauth2/authorize?grant_type=user_token&client_id=id&client_secret=secret&user_id=" + d.ada.ID + "&scope=chat:read"
	got := d.form(address)
	if who := d.validate(got.text("access_token")); who.text("login") != "ada" || fmt.Sprint(got.body["scope"]) != "[chat:read]" {
		t.Errorf("got %d %v, want a token of ada", got.status, got.body)
	}
	for part, message := range map[string]string{
		"client_id=id": "missing client id", "client_secret=secret": "missing client secret", "user_id=" + d.ada.ID: "User ID invalid", "chat:read": "",
	} {
		if got := d.form(strings.Replace(address, part, "", 1)); got.text("message") != message {
			t.Errorf("without %s: got %v, want %q", part, got.body, message)
		}
	}
	if got := d.form(address + "+chat:fly"); got.text("message") != "Invalid scopes requested" {
		t.Errorf("got %v", got.body)
	}
}
