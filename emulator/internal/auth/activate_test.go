package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// started is a device that waits.
func (d *desk) started(t *testing.T) (userCode string, poll func() reply) {
	t.Helper()
	start := d.form("/oauth2/device", "client_id", "public", "scopes", "chat:read")
	userCode = start.text("user_code")
	if len(userCode) != 8 || strings.Trim(userCode, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		t.Fatalf("got the user code %q, want 8 letters", userCode)
	}
	if want := "http://example.com/activate?public=true&device-code=" + userCode; start.text("verification_uri") != want {
		t.Errorf("got %q, want %q", start.text("verification_uri"), want)
	}
	return userCode, func() reply {
		return d.form("/oauth2/token", "client_id", "public", "grant_type", deviceGrant, "device_code", start.text("device_code"), "scopes", "chat:read")
	}
}

// People type a code from a screen.
func TestActivateFindsTheCode(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code, _ := d.started(t)
	rows := []struct {
		typed  string
		status int
		want   string // on the page
	}{
		{"", 200, `name="device-code"`},
		{code, 200, "Read chat as you"},
		{strings.ToLower(code), 200, "Read chat as you"},
		{code[:4] + "-" + code[4:], 200, "Read chat as you"},
		{"+" + code[:4] + "+" + code[4:] + "+", 200, "Read chat as you"},
		{"-+-", 200, `name="device-code"`},
		{"AAAA1111", 404, "AAAA1111"},
		{"%3Cscript%3E", 404, "&lt;script&gt;"},
	}
	for _, row := range rows {
		got := d.browser().open("/activate?device-code=" + row.typed)
		if got.Code != row.status || !strings.Contains(got.Body.String(), row.want) || strings.Contains(got.Body.String(), "<script") {
			t.Errorf("%q: got %d, want %d and %q:\n%s", row.typed, got.Code, row.status, row.want, got.Body)
		}
	}
}

func TestActivateAllows(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code, poll := d.started(t)
	var granted int
	d.world.Subscribe(func(f world.Fact) {
		if _, ok := f.(world.UserAuthorizationGranted); ok {
			granted++
		}
	})
	b := d.browser()
	page := b.submit("/activate?device-code="+strings.ToLower(code), "user", "ada", "decision", "allow")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Your device is connected") {
		t.Errorf("got %d:\n%s", page.Code, page.Body)
	}
	if again := b.submit("/activate?device-code="+code, "user", "ada", "decision", "deny"); again.Code != http.StatusNotFound {
		t.Errorf("a second answer: got %d, want 404", again.Code)
	}
	if got := poll(); got.text("refresh_token") == "" || d.validate(got.text("access_token")).text("login") != "ada" {
		t.Errorf("got %d %v, want ada's tokens", got.status, got.body)
	}
	if got := poll(); got.text("message") != "invalid device code" {
		t.Errorf("a second poll: got %v", got.body)
	}
	if granted != 1 {
		t.Errorf("got told %d times of the grant, want once", granted)
	}
	second, _ := d.started(t)
	if page := b.open("/activate?device-code=" + second).Body.String(); !strings.Contains(page, `<option value="ada" selected>`) {
		t.Errorf("got a page on which ada is not chosen:\n%s", page)
	}
}

func TestActivateDenies(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code, poll := d.started(t)
	page := d.browser().submit("/activate?device-code="+code, "decision", "deny")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Your device was refused") {
		t.Errorf("got %d:\n%s", page.Code, page.Body)
	}
	if got := poll(); got.status != http.StatusBadRequest || got.text("message") != "invalid device code" {
		t.Errorf("got %d %v, want invalid device code", got.status, got.body)
	}
}

func TestActivateRefuses(t *testing.T) {
	d := newDesk(t, auth.Options{})
	code, poll := d.started(t)
	for _, row := range []struct {
		code, user string
		status     int
	}{{"AAAA1111", "ada", 404}, {"", "ada", 404}, {code, "nobody", 400}, {code, "", 400}} {
		if got := d.browser().submit("/activate?device-code="+row.code, "user", row.user, "decision", "allow"); got.Code != row.status {
			t.Errorf("%q as %q: got %d, want %d", row.code, row.user, got.Code, row.status)
		}
	}
	if got := poll(); got.text("message") != "authorization_pending" {
		t.Errorf("got %v, want a device that waits on", got.body)
	}
}

func TestActivateTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, auth.Options{})
		code, _ := d.started(t)
		time.Sleep(30 * time.Minute)
		if got := d.browser().open("/activate?device-code=" + code); got.Code != http.StatusNotFound {
			t.Errorf("got %d, want 404", got.Code)
		}
	})
}
