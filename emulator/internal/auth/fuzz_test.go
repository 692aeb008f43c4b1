package auth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// Whatever an application or a person sends, nobody is sent to an address that
// is not registered, and no page holds markup of theirs.
func FuzzPages(f *testing.F) {
	f.Add(strings.TrimPrefix(ask, "/oauth2/authorize?"), "ada", "", "allow")
	f.Add(strings.TrimPrefix(ask, "/oauth2/authorize?")+`&x="><script>`, "<script>", "<script>", "deny")
	f.Add("client_id=id&redirect_uri=http://evil.example&response_type=code", "ada", "", "allow")
	f.Add("client_id=id&redirect_uri=http://localhost/back&response_type=token+id_token&scope=openid&claims={", "ada", "new", "allow")
	f.Add("device-code=AAAA-BBBB", "ada", "", "allow")
	f.Add("grant_type=user_token&client_id=id&client_secret=secret&user_id=1&scope=chat:read", "", "", "")
	f.Fuzz(func(t *testing.T, query, user, newUser, decision string) {
		d := newDesk(t, auth.Options{})
		for _, path := range []string{"/oauth2/authorize", "/activate"} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				form := url.Values{"user": {user}, "new_user": {newUser}, "decision": {decision}}
				r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
				r.URL.RawQuery = query
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				rec := httptest.NewRecorder()
				d.ServeHTTP(rec, r)
				if to := rec.Header().Get("Location"); to != "" && !strings.HasPrefix(to, "http://localhost/back?") && !strings.HasPrefix(to, "http://localhost/back#") {
					t.Errorf("%s %s?%q: sent to %q", method, path, query, to)
				}
				page := rec.Body.String()
				if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
					checkTags(t, page)
				}
			}
		}
	})
}

// ours are all elements that the pages are made of.
var ours = []string{
	"!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "ul", "li", "code", "form", "label", "select", "option", "input", "button", "strong",
}

func checkTags(t *testing.T, page string) {
	t.Helper()
	for _, part := range strings.Split(page, "<")[1:] {
		name := strings.TrimPrefix(part[:strings.IndexAny(part+">", " >")], "/")
		known := false
		for _, one := range ours {
			known = known || one == name
		}
		if !known {
			t.Errorf("got the element %q on a page:\n%s", name, page)
		}
	}
}
