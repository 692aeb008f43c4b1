package auth_test

import (
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a server with a confidential and a public client, and a user.
type desk struct {
	*auth.Server
	t     *testing.T
	world *world.World
	ada   world.User
}

func newDesk(t *testing.T, o auth.Options) *desk {
	t.Helper()
	w := world.New(world.Options{})
	ada, err := w.AddUser(world.User{Login: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	o.Clients = []auth.Client{{ID: "id", Secret: "secret", Name: "<b>bot", RedirectURIs: []string{"http://localhost/back"}}, {ID: "public"}}
	return &desk{auth.New(w, o), t, w, ada}
}

type reply struct {
	status int
	header http.Header
	body   map[string]any
}

func (r reply) text(name string) string { v, _ := r.body[name].(string); return v }

func (d *desk) do(r *http.Request) reply {
	d.t.Helper()
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	got := reply{status: rec.Code, header: rec.Header()}
	_ = json.Unmarshal(rec.Body.Bytes(), &got.body)
	return got
}

// form posts fields given as name, value, name, value.
func (d *desk) form(path string, fields ...string) reply {
	d.t.Helper()
	return d.do(formRequest(path, fields...))
}

func formRequest(path string, fields ...string) *http.Request {
	values := url.Values{}
	for pair := range slices.Chunk(fields, 2) {
		values.Set(pair[0], pair[1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func (d *desk) validate(token string) reply {
	r := httptest.NewRequest(http.MethodGet, "/oauth2/validate", nil)
	r.Header.Set("Authorization", "OAuth "+token)
	return d.do(r)
}

func TestCodeFlow(t *testing.T) {
	d := newDesk(t, auth.Options{})
	r := httptest.NewRequest(http.MethodGet, "/oauth2/authorize?response_type=code&client_id=id&state=s+1"+
		"&redirect_uri=http://localhost/back&scope=chat:read+chat:edit&larkspur_user=ada", nil)
	got := d.do(r)
	target, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusFound || target.Query().Get("state") != "s 1" {
		t.Fatalf("got %d to %v, want 302 with the state", got.status, target)
	}
	if target.Query().Get("scope") != "chat:read chat:edit" {
		t.Errorf("got scope %q", target.Query().Get("scope"))
	}
	exchange := func() reply {
		return d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
			"code", target.Query().Get("code"), "redirect_uri", "http://localhost/back")
	}
	tokens := exchange()
	if tokens.status != http.StatusOK || tokens.text("token_type") != "bearer" || tokens.body["expires_in"].(float64) < 14000 {
		t.Fatalf("got %d %v, want tokens", tokens.status, tokens.body)
	}
	if fmt.Sprint(tokens.body["scope"]) != "[chat:read chat:edit]" {
		t.Errorf("got scope %v", tokens.body["scope"])
	}
	if again := exchange(); again.status != http.StatusBadRequest {
		t.Errorf("second use of a code: got %d, want 400", again.status)
	}
	who := d.validate(tokens.text("access_token"))
	if who.text("login") != "ada" || who.text("user_id") != d.ada.ID || who.text("client_id") != "id" {
		t.Errorf("validate: got %v", who.body)
	}
}

func TestCodeNeedsItsRedirect(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code := d.IssueCode("id", d.ada, "http://localhost/back", nil)
	got := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", code, "redirect_uri", "http://localhost/other")
	if got.status != http.StatusBadRequest {
		t.Errorf("got %d, want 400", got.status)
	}
}

func TestImplicitFlow(t *testing.T) {
	d := newDesk(t, auth.Options{ApproveAs: "ada"})
	got := d.do(httptest.NewRequest(http.MethodGet, "/oauth2/authorize?response_type=token&client_id=id&redirect_uri=http://localhost/back&scope=chat:read", nil))
	target, _ := url.Parse(got.header.Get("Location"))
	values, _ := url.ParseQuery(target.Fragment)
	if _, ok := d.Lookup(values.Get("access_token")); !ok {
		t.Errorf("got %v, want a token in the fragment", target)
	}
}

func TestDeviceFlow(t *testing.T) {
	d := newDesk(t, auth.Options{})
	start := d.form("/oauth2/device?scopes=ignored", "client_id", "public", "scopes", "chat:read chat:edit")
	if len(start.text("user_code")) != 8 || start.body["interval"] != 5.0 {
		t.Fatalf("got %v, want a user code of 8 letters", start.body)
	}
	poll := func() reply {
		return d.form("/oauth2/token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", "public",
			"device_code", start.text("device_code"), "scopes", "chat:read")
	}
	if got := poll(); got.status != http.StatusBadRequest || got.text("message") != "authorization_pending" {
		t.Errorf("got %d %v, want authorization_pending", got.status, got.body)
	}
	if !d.DecideDevice(start.text("user_code"), "ada", true) {
		t.Fatal("got no device with the user code")
	}
	if got := poll(); got.status != http.StatusOK || fmt.Sprint(got.body["scope"]) != "[chat:read chat:edit]" {
		t.Errorf("got %d %v, want the scopes of the body", got.status, got.body)
	}
	if got := poll(); got.text("message") != "invalid device code" {
		t.Errorf("second use: got %v, want invalid device code", got.body)
	}
}

// The documentation's samples send multipart forms.
func TestMultipart(t *testing.T) {
	d := newDesk(t, auth.Options{})
	send := func(path string, fields ...string) reply {
		var body strings.Builder
		m := multipart.NewWriter(&body)
		for pair := range slices.Chunk(fields, 2) {
			_ = m.WriteField(pair[0], pair[1])
		}
		_ = m.Close()
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body.String()))
		r.Header.Set("Content-Type", m.FormDataContentType())
		return d.do(r)
	}
	start := send("/oauth2/device", "client_id", "public", "scopes", "chat:read")
	d.DecideDevice(start.text("user_code"), "ada", true)
	tokens := send("/oauth2/token", "client_id", "public", "device_code", start.text("device_code"), "grant_type", deviceGrant)
	renewed := send("/oauth2/token", "client_id", "public", "refresh_token", tokens.text("refresh_token"), "grant_type", "refresh_token")
	if got := d.validate(renewed.text("access_token")); fmt.Sprint(got.body["scopes"]) != "[chat:read]" {
		t.Errorf("got %v, %v and %v, want a token with the scope", start.body, tokens.body, renewed.body)
	}
	if got := send("/oauth2/revoke", "client_id", "public", "token", renewed.text("access_token")); got.status != http.StatusOK {
		t.Errorf("revoke: got %d %v, want 200", got.status, got.body)
	}
}

func TestRefresh(t *testing.T) {
	d := newDesk(t, auth.Options{})
	renew := func(client, token string, more ...string) reply {
		return d.form("/oauth2/token", append([]string{"grant_type", "refresh_token", "client_id", client, "refresh_token", token}, more...)...)
	}
	kept := d.IssueUser("id", d.ada, []string{"chat:read"})
	for range 2 {
		if got := renew("id", kept.Refresh, "client_secret", "secret"); got.status != http.StatusOK || got.text("refresh_token") != kept.Refresh {
			t.Errorf("confidential: got %d %v, want the refresh token to stay", got.status, got.body)
		}
	}
	once := d.IssueUser("public", d.ada, nil)
	got := renew("public", once.Refresh)
	if got.status != http.StatusOK || got.text("refresh_token") == once.Refresh {
		t.Errorf("public: got %d %v, want a new refresh token", got.status, got.body)
	}
	if got := renew("public", once.Refresh); got.status != http.StatusBadRequest {
		t.Errorf("public, second use: got %d, want 400", got.status)
	}
	for range 47 { // three are out already
		renew("id", kept.Refresh, "client_secret", "secret")
	}
	if got := renew("id", kept.Refresh, "client_secret", "secret"); got.status != http.StatusBadRequest {
		t.Errorf("51st access token: got %d, want 400", got.status)
	}
}

func TestTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, auth.Options{})
		token := d.IssueUser("id", d.ada, nil).Access
		time.Sleep(4*time.Hour - time.Second)
		if got := d.validate(token); got.status != http.StatusOK {
			t.Errorf("before: got %d, want 200", got.status)
		}
		time.Sleep(time.Second)
		if got := d.validate(token); got.status != http.StatusUnauthorized || got.text("message") != "invalid access token" {
			t.Errorf("after 4 h: got %d %v, want 401", got.status, got.body)
		}
	})
}

func TestPublicRefreshTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, auth.Options{})
		token := d.IssueUser("public", d.ada, nil).Refresh
		time.Sleep(30 * 24 * time.Hour)
		if got := d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "public", "refresh_token", token); got.status != http.StatusBadRequest {
			t.Errorf("after 30 days: got %d, want 400", got.status)
		}
	})
}

func TestRevoke(t *testing.T) {
	d := newDesk(t, auth.Options{})
	token := d.IssueUser("id", d.ada, nil).Access
	if got := d.form("/oauth2/revoke", "client_id", "id", "token", token); got.status != http.StatusOK {
		t.Fatalf("got %d, want 200", got.status)
	}
	if _, ok := d.Lookup(token); ok {
		t.Error("got a live token after revoke")
	}
}

func TestDisconnectKillsEverything(t *testing.T) {
	d := newDesk(t, auth.Options{})
	var facts []world.Fact
	d.world.Subscribe(func(f world.Fact) { facts = append(facts, f) })
	tokens := d.IssueUser("id", d.ada, []string{"chat:read"})
	other := d.IssueUser("public", d.ada, nil)
	d.Disconnect("id", d.ada.ID)
	if _, ok := d.Lookup(tokens.Access); ok {
		t.Error("got a live token")
	}
	if _, ok := d.Lookup(other.Access); !ok {
		t.Error("got another client's token dead")
	}
	if got := d.Consent("id", d.ada.ID); got != nil {
		t.Errorf("got consent %v, want none", got)
	}
	got := d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "id", "client_secret", "secret", "refresh_token", tokens.Refresh)
	if got.status != http.StatusBadRequest {
		t.Errorf("refresh: got %d, want 400", got.status)
	}
	last, ok := facts[len(facts)-1].(world.UserAuthorizationRevoked)
	if !ok || last.ClientID != "id" || last.User.ID != d.ada.ID {
		t.Errorf("got fact %#v, want the revocation", facts[len(facts)-1])
	}
}

func TestValidateApp(t *testing.T) {
	d := newDesk(t, auth.Options{})
	got := d.validate(d.IssueApp("id").Access)
	if got.status != http.StatusOK || got.body["scopes"] != nil || got.text("user_id") != "" {
		t.Errorf("got %d %v, want neither user nor scopes", got.status, got.body)
	}
	r := httptest.NewRequest(http.MethodGet, "/oauth2/validate", nil)
	if got := d.do(r); got.status != http.StatusUnauthorized || got.text("message") != "missing authorization token" {
		t.Errorf("without a token: got %d %v", got.status, got.body)
	}
}
