package auth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// ask is an application's question for a user's consent.
const ask = "/oauth2/authorize?response_type=code&client_id=id&redirect_uri=http://localhost/back&state=s1&scope=chat:read"

// browser opens and sends pages, and keeps cookies as a browser does.
type browser struct {
	*desk
	cookies map[string]*http.Cookie
}

func (d *desk) browser() *browser { return &browser{d, map[string]*http.Cookie{}} }

// open returns the page at an address.
func (b *browser) open(address string) *httptest.ResponseRecorder {
	return b.send(httptest.NewRequest(http.MethodGet, address, nil))
}

// submit sends a form: name, value, name, value.
func (b *browser) submit(address string, fields ...string) *httptest.ResponseRecorder {
	return b.send(formRequest(address, fields...))
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	for _, cookie := range rec.Result().Cookies() {
		if b.cookies[cookie.Name] = cookie; cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	return rec
}

// back returns where a browser is sent; "" if it stays.
func back(t *testing.T, rec *httptest.ResponseRecorder) *url.URL {
	t.Helper()
	target, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || (rec.Code == http.StatusFound) != (target.String() != "") {
		t.Fatalf("got %d to %v (%v)", rec.Code, target, err)
	}
	return target
}

func TestAuthorizeRefusals(t *testing.T) {
	const mismatch = "http://localhost/back?error=redirect_mismatch&error_description=Parameter+redirect_uri+does+not+match+registered+URI&state=s1"
	const unsupported = "http://localhost/back?error=unsupported_response_type&error_description=Response+type+is+not+supported&state=s1"
	rows := []struct {
		name, field, value string // what is different in ask
		to, message        string
	}{
		{"no client", "client_id", "", "", "missing client id"},
		{"unknown client", "client_id", "x", "", "invalid client"},
		{"foreign redirect", "redirect_uri", "http://evil.example", mismatch, ""},
		{"redirect to a script", "redirect_uri", "javascript:alert(1)", mismatch, ""},
		{"redirect with another path", "redirect_uri", "http://localhost/back/", mismatch, ""},
		{"redirect with a query", "redirect_uri", "http://localhost/back?x=y", mismatch, ""},
		{"no redirect", "redirect_uri", "", mismatch, ""},
		{"no response type", "response_type", "", unsupported, ""},
		{"unknown response type", "response_type", "password", unsupported, ""},
		{"ID token without openid", "response_type", "id_token", unsupported, ""},
		{"unknown scope", "scope", "chat:read chat:fly", "", "invalid scope requested: 'chat:fly'"},
		{"no good login", "larkspur_user", "../x", "", `"../x" is no login: 1 to 25 letters, digits and underscores`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t, auth.Options{})
			address, _ := url.Parse(ask)
			query := address.Query()
			query.Set(row.field, row.value)
			address.RawQuery = query.Encode()
			got := d.do(httptest.NewRequest(http.MethodGet, address.String(), nil))
			if row.to != "" && (got.status != http.StatusFound || got.header.Get("Location") != row.to) {
				t.Errorf("got %d to %q, want 302 to %q", got.status, got.header.Get("Location"), row.to)
			}
			if row.to == "" && (got.status != http.StatusBadRequest || got.text("message") != row.message) {
				t.Errorf("got %d %v, want 400 %s", got.status, got.body, row.message)
			}
		})
	}
}

// Without registered addresses any will do that a browser can be sent to.
func TestAuthorizeRedirectsToWebPagesOnly(t *testing.T) {
	d := newDesk(t, auth.Options{ApproveAs: "ada"})
	for _, target := range []string{"javascript:alert(1)", "data:text/html,x", "", "/back", "http:", "//evil.example", "http://a b/"} {
		got := d.do(httptest.NewRequest(http.MethodGet, "/oauth2/authorize?response_type=code&client_id=public&redirect_uri="+url.QueryEscape(target), nil))
		if got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
			t.Errorf("redirect to %q: got %d, want 400", target, got.status)
		}
	}
}

func TestConsentPage(t *testing.T) {
	d := newDesk(t, auth.Options{})
	b := d.browser()
	shown := b.open(ask)
	page := shown.Body.String()
	for _, want := range []string{"&lt;b&gt;bot", "Read chat as you, over IRC.", "<code>chat:read</code>", `<option value="ada">`, "width=device-width"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
	} {
		if got := shown.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	denied := back(t, b.submit(ask, "user", "ada", "decision", "deny"))
	if want := "error=access_denied&error_description=The+user+denied+you+access&state=s1"; denied.RawQuery != want {
		t.Errorf("got %v, want %s", denied, want)
	}
	if len(b.cookies) != 0 {
		t.Error("got a browser that is remembered for saying no")
	}
	allowed := back(t, b.submit(ask, "user", "ada", "decision", "allow"))
	if q := allowed.Query(); q.Get("code") == "" || q.Get("scope") != "chat:read" || q.Get("state") != "s1" || allowed.Path != "/back" {
		t.Errorf("got %v, want a code, the scope and the state", allowed)
	}
}

// A person may be somebody whom the emulator has not heard of.
func TestConsentOfSomebodyNew(t *testing.T) {
	d := newDesk(t, auth.Options{})
	b := d.browser()
	target := back(t, b.submit(ask, "user", "ada", "new_user", "MyBot", "decision", "allow"))
	tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", target.Query().Get("code"), "redirect_uri", "http://localhost/back")
	if got := d.validate(tokens.text("access_token")).text("login"); got != "mybot" {
		t.Errorf("got a token of %q, want mybot", got)
	}
	for _, fields := range [][]string{{"new_user", "<script>"}, {"user", "<script>"}, {}} {
		got := b.submit(ask, append(fields, "decision", "allow")...)
		if got.Code != http.StatusBadRequest || strings.Contains(got.Body.String(), "<script") {
			t.Errorf("%v: got %d, want a page that refuses:\n%s", fields, got.Code, got.Body)
		}
	}
}

// Twitch sends back at once who is logged in and has agreed to these scopes.
func TestForceVerify(t *testing.T) {
	d := newDesk(t, auth.Options{})
	b := d.browser()
	if rec := b.open(ask); rec.Code != http.StatusOK {
		t.Fatalf("the first time: got %d, want a page that asks", rec.Code)
	}
	b.submit(ask, "user", "ada", "decision", "allow")
	code := func(rec *httptest.ResponseRecorder) bool { return back(t, rec).Query().Get("code") != "" }
	rows := []struct {
		name, address string
		b             *browser
		want          bool
	}{
		{"the same scopes", ask, b, true},
		{"fewer scopes", strings.Replace(ask, "chat:read", "", 1), b, true},
		{"more scopes", ask + "+chat:edit", b, false},
		{"another client", strings.Replace(ask, "client_id=id", "client_id=public", 1), b, false},
		{"force_verify", ask + "&force_verify=true", b, false},
		{"force_verify=false", ask + "&force_verify=false", b, true},
		{"another browser", ask, d.browser(), false},
		{"a made up cookie", ask, &browser{d, map[string]*http.Cookie{"": {Name: "larkspur_emulator_login", Value: "nobody"}}}, false},
	}
	for _, row := range rows {
		if got := code(row.b.open(row.address)); got != row.want {
			t.Errorf("%s: got a code %v, want %v", row.name, got, row.want)
		}
	}
	if page := b.open(ask + "&force_verify=true").Body.String(); !strings.Contains(page, `<option value="ada" selected>`) {
		t.Errorf("got a page on which ada is not chosen:\n%s", page)
	}
	d.Disconnect("id", d.ada.ID)
	if code(b.open(ask)) {
		t.Error("got a code after the client was disconnected")
	}
	b.submit(ask, "user", "ada", "decision", "allow")
	b.open("/oauth2/logout")
	if len(b.cookies) != 0 || code(b.open(ask)) {
		t.Error("got a code after the logout")
	}
}

// No other web page may use the browser of whoever runs the emulator.
func TestConsentIsFromOurPage(t *testing.T) {
	d := newDesk(t, auth.Options{})
	device := d.form("/oauth2/device", "client_id", "public")
	for _, address := range []string{ask, "/activate?device-code=" + device.text("user_code")} {
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"} {
			r := formRequest(address, "user", "ada", "decision", "allow")
			r.Header.Set(name, value)
			if got := d.do(r); got.status != http.StatusForbidden {
				t.Errorf("%s with %s: %s: got %d, want 403", address, name, value, got.status)
			}
		}
		r := formRequest(address, "user", "ada", "decision", "allow")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if got := d.do(r); got.status >= http.StatusBadRequest {
			t.Errorf("%s from our page: got %d", address, got.status)
		}
	}
}
