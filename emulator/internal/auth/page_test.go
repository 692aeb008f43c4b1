package auth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// evil is text that would do harm in HTML, in an attribute, a URL or a header.
const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;` + "\r\nSet-Cookie: x=y\x00"

// Whatever comes from outside stands on the pages as text.
func TestPagesEscape(t *testing.T) {
	d := newDesk(t, auth.Options{})
	d.Register(auth.Client{ID: "evil", Secret: evil, Name: evil, RedirectURIs: []string{"http://localhost/back"}})
	if _, err := d.world.AddUser(world.User{Login: "mallory", DisplayName: evil}); err != nil {
		t.Fatal(err)
	}
	start := d.form("/oauth2/device", "client_id", "evil")
	ask := "/oauth2/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {"evil"}, "redirect_uri": {"http://localhost/back"}, "state": {evil}, "nonce": {evil}, "claims": {evil},
	}.Encode() + `&raw="><script>alert(1)</script>`
	b := d.browser()
	for name, page := range map[string]string{
		"consent":     b.open(strings.NewReplacer(" ", "%20", "\r", "", "\n", "").Replace(ask)).Body.String(),
		"no user":     b.submit(ask[:strings.Index(ask, "&raw")], "user", evil, "decision", "allow").Body.String(),
		"no login":    b.submit(ask[:strings.Index(ask, "&raw")], "new_user", evil, "decision", "allow").Body.String(),
		"device":      b.open("/activate?device-code=" + start.text("user_code")).Body.String(),
		"no device":   b.open("/activate?device-code=" + url.QueryEscape(evil)).Body.String(),
		"no device 2": b.submit("/activate?device-code="+url.QueryEscape(evil), "decision", "deny").Body.String(),
	} {
		if !strings.HasPrefix(page, "<!DOCTYPE html>") {
			t.Errorf("%s: got no page:\n%s", name, page)
		}
		for _, tag := range []string{"<script", "<img", "<b>", `""`, "javascript:"} {
			if strings.Contains(page, tag) {
				t.Errorf("%s: got %s:\n%s", name, tag, page)
			}
		}
		for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1) {
			if strings.Count(tag, `"`)%2 != 0 || strings.Contains(tag, "onerror") && !strings.Contains(tag, "%3C") && !strings.Contains(tag, "&lt;") {
				t.Errorf("%s: got the tag %s", name, tag)
			}
		}
	}
}

// No page shows what must not be seen, and a browser runs and fetches nothing for one.
func TestPagesAreClosed(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code, _ := d.started(t)
	b := d.browser()
	for name, page := range map[string]string{"consent": ask, "activate": "/activate", "device": "/activate?device-code=" + code, "logout": "/oauth2/logout"} {
		rec := b.open(page)
		policy, body := rec.Header().Get("Content-Security-Policy"), rec.Body.String()
		style := body[strings.Index(body, "<style>")+len("<style>") : strings.Index(body, "</style>")]
		sum := sha256.Sum256([]byte(style))
		want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'self' http: https:; frame-ancestors 'none'"
		if policy != want {
			t.Errorf("%s: got the policy %q, want %q", name, policy, want)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "style=") || strings.Contains(body, "src=") || strings.Contains(body, "href=") {
			t.Errorf("%s: got\n%s", name, body)
		}
	}
	b.submit(ask, "user", "ada", "decision", "allow")
	for _, cookie := range b.cookies {
		if !cookie.HttpOnly || cookie.Value != "ada" || cookie.Path != "/" {
			t.Errorf("got the cookie %v", cookie)
		}
	}
}

// The answer for an application carries its state as it was, and nothing else.
func TestStateComesBack(t *testing.T) {
	d := newDesk(t, auth.Options{})
	query := url.Values{"response_type": {"code"}, "client_id": {"id"}, "redirect_uri": {"http://localhost/back"}, "scope": {"chat:read"}, "state": {evil}, "larkspur_user": {"ada"}}
	rec := d.browser().open("/oauth2/authorize?" + query.Encode())
	target := back(t, rec)
	if rec.Body.Len() != 0 || rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("got %q, want a redirect that nobody keeps", rec.Body)
	}
	if got := target.Query().Get("state"); got != evil || rec.Header().Get("Set-Cookie") != "" {
		t.Errorf("got the state %q, want %q", got, evil)
	}
	if len(target.Query()) != 3 || target.Host != "localhost" {
		t.Errorf("got %v, want code, scope and state", target)
	}
}
