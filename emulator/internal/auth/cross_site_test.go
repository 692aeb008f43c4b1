package auth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// A user who is named in the address, or has agreed before, is not asked. But a page on the
// web must not get a token by sending the browser there.
func TestPageOnTheWebGetsNothingUnasked(t *testing.T) {
	rows := []struct {
		redirect, site string
		asks           bool
	}{
		{"https://evil.example/back", "cross-site", true},
		{"https://evil.example/back", "same-site", true},
		{"https://192.0.2.7/back", "cross-site", true},
		{"https://evil.example/back", "none", false}, // typed by the person
		{"https://evil.example/back", "", false},     // no browser
		{"http://localhost:3000/back", "cross-site", false},
		{"http://127.0.0.1:3000/back", "cross-site", false},
		{"http://[::1]:3000/back", "cross-site", false},
		{"http://app:3000/back", "cross-site", false},
		{"http://app.test/back", "cross-site", false},
	}
	for _, row := range rows {
		d := newDesk(t, auth.Options{})
		b := d.browser()
		address := "/oauth2/authorize?response_type=token&client_id=public&redirect_uri=" + url.QueryEscape(row.redirect)
		b.submit(address, "user", "ada", "decision", "allow")
		for _, query := range []string{"", "&larkspur_user=ada"} {
			r := httptest.NewRequest(http.MethodGet, address+query, nil)
			if row.site != "" {
				r.Header.Set("Sec-Fetch-Site", row.site)
			}
			if asks := back(t, b.send(r)).String() == ""; asks != row.asks {
				t.Errorf("%s%s from %q: asks %v, want %v", row.redirect, query, row.site, asks, row.asks)
			}
		}
	}
}

func TestRegisteredAddressIsTrusted(t *testing.T) {
	d := newDesk(t, auth.Options{ApproveAs: "ada"})
	r := httptest.NewRequest(http.MethodGet, ask, nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if back(t, d.browser().send(r)).Query().Get("code") == "" {
		t.Error("got no code at a registered address")
	}
}
