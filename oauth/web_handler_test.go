package oauth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// answer is a response that a browser received.
type answer struct{ *httptest.ResponseRecorder }

// Location returns where the browser is sent.
func (a *answer) Location() (*url.URL, error) { return url.Parse(a.Header().Get("Location")) }

// Cookies returns the cookies that the browser stores.
func (a *answer) Cookies() []*http.Cookie {
	var cookies []*http.Cookie
	for _, line := range a.Header().Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil {
			cookies = append(cookies, c)
		}
	}
	return cookies
}

// site is a Handler with a fake Twitch, and a user's browser.
type site struct {
	t       *testing.T
	twitch  *fake
	tokens  *oauth.Manager
	store   *oauth.MemoryStore
	h       *oauth.Handler
	log     bytes.Buffer
	cookies map[string]*http.Cookie
	host    string
}

func newSite(t *testing.T, redirect string, o oauth.HandlerOptions) *site {
	t.Helper()
	s := &site{t: t, twitch: newFake(), store: oauth.NewMemoryStore(), cookies: map[string]*http.Cookie{}}
	logger := slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.tokens = s.twitch.manager(t, s.store, oauth.Options{Logger: logger})
	o.Logger = logger
	if o.Scopes == nil {
		o.Scopes = oauth.NewScopeSet("chat:read", "chat:edit")
	}
	h, err := oauth.NewHandler(s.tokens, redirect, o)
	if err != nil {
		t.Fatal(err)
	}
	s.h = h
	u, _ := url.Parse(redirect)
	s.host = u.Host
	return s
}

// get opens an address in the browser and checks the rules for every response.
func (s *site) get(address string) *answer {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, http.NoBody)
	r.Host = s.host
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, r)
	res := &answer{rec}
	for _, c := range res.Cookies() {
		s.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		}
	}
	for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := res.Header().Get(header); got != want {
			s.t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	if p := res.Header().Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "frame-ancestors 'none'") {
		s.t.Errorf("got policy %q", p)
	}
	return res
}

// begin opens /oauth and returns the state of the login.
func (s *site) begin(query string) (state string) {
	s.t.Helper()
	res := s.get("/oauth" + query)
	location, err := res.Location()
	if err != nil || res.Code != http.StatusFound {
		s.t.Fatalf("got %d, %v, want a redirect", res.Code, err)
	}
	return location.Query().Get("state")
}

// code returns a code that Twitch issues for g.
func (s *site) code(g grant) string {
	s.twitch.mu.Lock()
	defer s.twitch.mu.Unlock()
	s.twitch.n++
	code := fmt.Sprintf("code-canary-%06d", s.twitch.n)
	s.twitch.codes[code] = g
	return code
}

// want checks a response, and that it contains no secret.
func (s *site) want(res *answer, status int, text string) {
	s.t.Helper()
	body := res.Body.String()
	if res.Code != status || !strings.Contains(body, text) || strings.Contains(body, "mischief") {
		s.t.Errorf("got %d %s, want %d with %q", res.Code, body, status, text)
	}
	wantNoCanary(s.t, body+fmt.Sprint(res.Header()), "the page")
}

func (s *site) wantUsers(n int) {
	s.t.Helper()
	users, err := s.tokens.List(s.t.Context())
	if err != nil || len(users) != n {
		s.t.Errorf("got users %v, %v, want %d", users, err, n)
	}
}

const callback = "/oauth/callback?"

func TestHandlerLogsIn(t *testing.T) {
	for _, redirect := range []string{"http://localhost:4343/oauth/callback", "https://bot.example/oauth/callback"} {
		s := newSite(t, redirect, oauth.HandlerOptions{})
		res := s.get("/oauth?scopes=channel_editor+chat:read&force_verify=true")
		address, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		q := address.Query()
		if q.Get("scope") != "channel:manage:broadcast chat:read" || q.Get("force_verify") != "true" || q.Get("redirect_uri") != redirect || len(q.Get("state")) < 40 {
			t.Errorf("got %v", q)
		}
		cookie := res.Cookies()[0]
		secure := strings.HasPrefix(redirect, "https")
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure != secure || strings.HasPrefix(cookie.Name, "__Host-") != secure || cookie.MaxAge != 600 {
			t.Errorf("got cookie %v", cookie)
		}
		g := grant{userID: "123", login: "ada", scopes: []string{"chat:read", "channel:manage:broadcast"}}
		s.want(s.get(callback+"code="+s.code(g)+"&scope=chat%3Aread&state="+q.Get("state")), 200, "Thank you, ada")
		s.wantUsers(1)
		if len(s.cookies) != 0 {
			t.Errorf("got cookies %v after the login, want none", s.cookies)
		}
		wantNoCanary(t, s.log.String(), "the log")
	}
}

// Two windows of one browser do not disturb each other.
func TestHandlerLogsInTwiceAtOnce(t *testing.T) {
	s := newSite(t, "https://bot.example/oauth/callback", oauth.HandlerOptions{})
	first, second := s.begin(""), s.begin("")
	s.want(s.get(callback+"code="+s.code(ada)+"&state="+second), 200, "logged in")
	grace := ada
	grace.userID, grace.login = "456", "grace"
	s.want(s.get(callback+"code="+s.code(grace)+"&state="+first), 200, "logged in")
	s.wantUsers(2)
}

func TestHandlerRefusesAbuse(t *testing.T) {
	tests := []struct {
		name   string
		status int
		text   string
		abuse  func(s *site) *answer
	}{
		{"no state", 403, "not valid", func(s *site) *answer {
			s.begin("")
			return s.get(callback + "code=" + s.code(ada))
		}},
		{"wrong state", 403, "not valid", func(s *site) *answer {
			s.begin("")
			return s.get(callback + "code=" + s.code(ada) + "&state=state-canary")
		}},
		{"a state from another browser", 403, "not valid", func(s *site) *answer {
			state := s.begin("")
			clear(s.cookies)
			s.begin("")
			return s.get(callback + "code=" + s.code(ada) + "&state=" + state)
		}},
		{"a cookie of another login", 403, "not valid", func(s *site) *answer {
			state := s.begin("")
			for _, c := range s.cookies {
				c.Value = strings.Repeat("A", 43)
			}
			return s.get(callback + "code=" + s.code(ada) + "&state=" + state)
		}},
		{"two codes", 403, "not valid", func(s *site) *answer {
			return s.get(callback + "code=" + s.code(ada) + "&code=" + s.code(ada) + "&state=" + s.begin(""))
		}},
		{"late", 403, "not valid", func(s *site) *answer {
			state := s.begin("")
			time.Sleep(10 * time.Minute)
			return s.get(callback + "code=" + s.code(ada) + "&state=" + state)
		}},
		{"wrong code", 400, "did not accept", func(s *site) *answer {
			return s.get(callback + "code=code-canary&state=" + s.begin(""))
		}},
		{"no code", 400, "did not accept", func(s *site) *answer {
			return s.get(callback + "state=" + s.begin(""))
		}},
		{"a refusal with a text from the address", 403, "Login refused", func(s *site) *answer {
			return s.get(callback + "error=access_denied&error_description=mischief%3Cscript%3E&state=" + s.begin(""))
		}},
		{"a refusal without a login", 403, "not valid", func(s *site) *answer {
			return s.get(callback + "error=access_denied")
		}},
		{"another user", 403, "Another account", func(s *site) *answer {
			return s.get(callback + "code=" + s.code(ada) + "&state=" + s.begin("?user_id=456"))
		}},
		{"fewer scopes", 403, "Not everything", func(s *site) *answer {
			return s.get(callback + "code=" + s.code(ada) + "&state=" + s.begin("?scopes=chat:read+bits:read"))
		}},
		{"a user who is not accepted", 403, "does not accept", func(s *site) *answer {
			eve := ada
			eve.login = "eve"
			return s.get(callback + "code=" + s.code(eve) + "&state=" + s.begin(""))
		}},
		{"no ID token", 502, "did not work", func(s *site) *answer {
			g := ada
			g.scopes = append([]string{"openid"}, g.scopes...)
			return s.get(callback + "code=" + s.code(g) + "&state=" + s.begin("?scopes=openid"))
		}},
		{"oversized", 414, "too long", func(s *site) *answer {
			return s.get(callback + "state=" + s.begin("") + "&code=" + strings.Repeat("canary", 5000))
		}},
		{"oversized beginning", 414, "too long", func(s *site) *answer {
			return s.get("/oauth?scopes=" + strings.Repeat("canary+", 5000))
		}},
		{"scopes that are none", 400, "cannot be asked", func(s *site) *answer { return s.get("/oauth?scopes=canary") }},
		{"a user that is none", 400, "cannot be asked", func(s *site) *answer { return s.get("/oauth?user_id=canary") }},
		{"another name (DNS rebinding)", 421, "does not go by that name", func(s *site) *answer {
			state := s.begin("")
			s.host = "evil.example:4343"
			return s.get(callback + "code=" + s.code(ada) + "&state=" + state)
		}},
		{"no name", 421, "does not go by that name", func(s *site) *answer {
			s.host = ""
			return s.get("/oauth")
		}},
		{"Twitch is down", 502, "did not work", func(s *site) *answer {
			state := s.begin("")
			s.twitch.set(func(f *fake) { f.down = true })
			return s.get(callback + "code=code-canary&state=" + state)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{
					Accept: func(_ context.Context, id oauth.Identity) error {
						if id.Login == "eve" {
							return errors.New("eve listens")
						}
						return nil
					},
				})
				s.want(tt.abuse(s), tt.status, tt.text)
				s.wantUsers(0)
				wantNoCanary(t, s.log.String(), "the log")
				s.twitch.set(func(f *fake) {
					if len(f.access) > 0 {
						t.Errorf("got %d tokens alive, want those of refused logins revoked", len(f.access))
					}
				})
			})
		})
	}
}

// A state or code copied from the address bar cannot be used again.
func TestHandlerRefusesReplay(t *testing.T) {
	s := newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{})
	state := s.begin("")
	cookies := map[string]*http.Cookie{}
	maps.Copy(cookies, s.cookies)
	code := s.code(ada)
	s.want(s.get(callback+"code="+code+"&state="+state), 200, "logged in")
	s.cookies = cookies
	s.want(s.get(callback+"code="+s.code(ada)+"&state="+state), 403, "not valid")
	s.want(s.get(callback+"code="+code+"&state="+s.begin("")), 400, "did not accept")
}

func TestHandlerOptions(t *testing.T) {
	s := newSite(t, "https://Bot.example:443/prefix/oauth/callback", oauth.HandlerOptions{
		Allowed: oauth.NewScopeSet("bits:read"),
		Hosts:   []string{"127.0.0.1:8080"},
		OnLogin: func(w http.ResponseWriter, r *http.Request, u oauth.User) {
			http.Redirect(w, r, "/welcome?who="+u.Login, http.StatusSeeOther)
		},
	})
	s.host = "bot.example."
	s.want(s.get("/oauth?scopes=moderation:read"), 400, "cannot be asked")
	s.begin("?scopes=bits:read")
	s.host = "127.0.0.1:8080" // as changed by a proxy
	res := s.get("/oauth/callback?code=" + s.code(ada) + "&state=" + s.begin(""))
	if got := res.Header().Get("Location"); got != "/welcome?who=ada" {
		t.Errorf("got %q, want our own answer", got)
	}
	if got, want := s.h.LoginURL("123", oauth.NewScopeSet("bits:read")), "https://Bot.example:443/prefix/oauth?force_verify=true&scopes=bits%3Aread&user_id=123"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r := httptest.NewRequest(http.MethodPost, "/oauth", http.NoBody)
	r.Host = s.host
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, r)
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("got %d for POST, want 405", rec.Code)
	}
	wantNoCanary(t, fmt.Sprintf("%v %+v %#v", s.h, s.h, s.h), "the Handler")
	for _, bad := range []string{"", "localhost:3000/x", "http://localhost:3000", "http://localhost/", "ftp://x/y", "https://x/y?z", "https://x/y#z", "https://u:canary@x/y", "http://%zz/"} {
		if _, err := oauth.NewHandler(s.tokens, bad, oauth.HandlerOptions{}); err == nil {
			t.Errorf("got no error for %q", bad)
		} else {
			wantNoCanary(t, err.Error(), "the error")
		}
	}
}

func FuzzCallback(f *testing.F) {
	f.Add("code=abc&state=STATE", "localhost:4343")
	f.Add("error=access_denied&state=STATE&error_description=<script>", "localhost:4343")
	f.Add("state=STATE&state=STATE&code=%zz", "evil")
	f.Fuzz(func(t *testing.T, query, host string) {
		s := newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{})
		state := s.begin("")
		r := httptest.NewRequest(http.MethodGet, "/oauth/callback", http.NoBody)
		r.URL.RawQuery, r.Host = strings.ReplaceAll(query, "STATE", state), host
		for _, c := range s.cookies {
			r.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		s.h.ServeHTTP(rec, r)
		if rec.Code < 400 {
			t.Errorf("got %d for %q", rec.Code, query)
		}
		if strings.Contains(rec.Body.String(), state) {
			t.Errorf("got the state in the page for %q", query)
		}
	})
}
