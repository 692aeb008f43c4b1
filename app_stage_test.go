package larkspur_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// conduitApp returns an App that uses the emulator, and tells of its channels.
func (s *stage) conduitApp(o larkspur.AppOptions) *larkspur.App {
	return larkspur.NewConduitApp(s.tw.ClientID(), s.tw.ClientSecret(), s.store, s.appOptions(o))
}

func (s *stage) appOptions(o larkspur.AppOptions) larkspur.AppOptions {
	o.Server, o.HTTPClient = s.tw.URL(), s.tw.HTTPClient()
	o.RedirectURI = "http://bot.test/oauth/callback"
	o.Logger = slog.New(slog.NewTextHandler(s, nil))
	o.OnAdded = func(_ context.Context, userID string, results []eventsub.Result) {
		s.seen <- "added " + s.name(userID) + ": " + strings.Join(outcomes(results), ", ")
	}
	o.OnRemoved = func(_ context.Context, userID string, reason error) {
		e, ok := errors.AsType[*oauth.LoginError](reason)
		if !ok || !strings.Contains(e.URL, "http://bot.test/oauth?") || !strings.Contains(e.URL, "user_id="+userID) {
			s.t.Errorf("reason of the removal: got %v, want a login error with the address of the page", reason)
		}
		s.seen <- "removed " + s.name(userID)
	}
	return o
}

func (s *stage) name(userID string) string {
	for _, login := range []string{"ada", "grace", "robin"} {
		if s.tw.UserID(login) == userID {
			return login
		}
	}
	return userID
}

func (s *stage) names(userIDs []string) string {
	names := make([]string, len(userIDs))
	for i, id := range userIDs {
		names[i] = s.name(id)
	}
	return strings.Join(names, " ")
}

// logIn stores the login of a user, as a program did before.
func (s *stage) logIn(app *larkspur.App, login string, scopes ...string) {
	s.t.Helper()
	if _, err := app.Tokens.AddCode(s.t.Context(), s.code(login, scopes...), redirect); err != nil {
		s.t.Fatal(err)
	}
}

// open opens an address of the app in a browser and returns the last page. The emulator
// agrees by itself.
func (s *stage) open(app *larkspur.App, address string) string {
	s.t.Helper()
	return s.openAs(app, address, "")
}

// openAs is open with the user who agrees.
func (s *stage) openAs(app *larkspur.App, address, login string) string {
	s.t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host != "bot.test" {
			if login != "" {
				r.URL.RawQuery += "&larkspur_user=" + login
			}
			return s.tw.HTTPClient().Transport.RoundTrip(r)
		}
		rec := httptest.NewRecorder()
		r = r.WithContext(s.t.Context())
		r.Host = r.URL.Host
		app.ServeHTTP(rec, r)
		return rec.Result(), nil
	})}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := browser.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	return string(page)
}

type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
