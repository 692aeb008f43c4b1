package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// failure holds the arguments of a call of OnFail.
type failure struct {
	login oauth.Login
	err   error
}

func failingSite(t *testing.T) (s *site, failures *[]failure) {
	t.Helper()
	failures = new([]failure)
	s = newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{
		Accept: func(_ context.Context, id oauth.Identity) error {
			if id.Login == "eve" {
				return errors.New("eve listens")
			}
			return nil
		},
		OnFail: func(_ context.Context, l oauth.Login, err error) { *failures = append(*failures, failure{l, err}) },
	})
	return s, failures
}

// OnFail is called with the reason when a login fails.
func TestOnFailReportsTheReason(t *testing.T) {
	denied := func(err error) bool {
		e, ok := errors.AsType[*oauth.Error](err)
		return ok && e.Code == "access_denied"
	}
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	tests := []struct {
		name string
		back func(s *site) *answer
		want func(error) bool
	}{
		{"user refused", func(s *site) *answer { return s.get(callback + "error=access_denied&state=" + s.begin("")) }, denied},
		{"another user", func(s *site) *answer {
			return s.get(callback + "code=" + s.code(ada) + "&state=" + s.begin("?user_id=456"))
		}, is(oauth.ErrOtherUser)},
		{"fewer scopes", func(s *site) *answer {
			return s.get(callback + "code=" + s.code(ada) + "&state=" + s.begin("?scopes=bits:read"))
		}, is(oauth.ErrNotGranted)},
		{"unwelcome", func(s *site) *answer {
			eve := ada
			eve.login = "eve"
			return s.get(callback + "code=" + s.code(eve) + "&state=" + s.begin(""))
		}, is(oauth.ErrNotWelcome)},
		{"late", func(s *site) *answer {
			state := s.begin("")
			time.Sleep(11 * time.Minute)
			return s.get(callback + "code=" + s.code(ada) + "&state=" + state)
		}, is(oauth.ErrState)},
		{"a wrong code", func(s *site) *answer { return s.get(callback + "code=canary&state=" + s.begin("")) }, func(err error) bool {
			e, ok := errors.AsType[*oauth.Error](err)
			return ok && e.Status == http.StatusBadRequest
		}},
		{"Twitch is down", func(s *site) *answer {
			state := s.begin("")
			s.twitch.set(func(f *fake) { f.down = true })
			return s.get(callback + "code=canary&state=" + state)
		}, func(err error) bool { return err != nil }},
		{"token cannot be validated", func(s *site) *answer {
			state, code := s.begin(""), s.code(ada)
			s.twitch.set(func(f *fake) { f.away = true })
			return s.get(callback + "code=" + code + "&state=" + state)
		}, func(err error) bool { return err != nil }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, failures := failingSite(t)
				tt.back(s)
				if len(*failures) != 1 || !tt.want((*failures)[0].err) {
					t.Fatalf("got %v, want one failure for that reason", *failures)
				}
				f := (*failures)[0]
				if tt.name == "another user" && f.login.UserID != "456" || len(f.login.Scopes) == 0 {
					t.Errorf("got the login %+v, want what it was begun with", f.login)
				}
				wantNoCanary(t, f.err.Error(), "the error")
				s.wantUsers(0)
				s.twitch.set(func(f *fake) {
					if len(f.access) > 0 {
						t.Errorf("got %d tokens alive, want none left", len(f.access))
					}
				})
			})
		})
	}
}

// Forged callbacks neither call OnFail nor end the login.
func TestForgedCallbackFailsNothing(t *testing.T) {
	s, failures := failingSite(t)
	state := s.begin("")
	mine := s.cookies
	for _, forged := range []string{
		"", "error=access_denied", "error=access_denied&state=", "error=access_denied&state=" + oauth.NewState(),
		"code=canary&state=" + strings.Repeat("A", 43), "state=" + state[:42] + "&error=access_denied",
	} {
		for _, cookies := range []map[string]*http.Cookie{mine, nil} {
			s.cookies = cookies
			s.want(s.get(callback+forged), 403, "not valid")
		}
	}
	if len(*failures) != 0 {
		t.Errorf("got %v, want nothing of forged callbacks", *failures)
	}
	s.cookies = mine
	s.want(s.get(callback+"code="+s.code(ada)+"&state="+state), 200, "logged in")

	// Even with the right state, the browser's cookie is missing.
	state = s.begin("")
	s.cookies = nil
	s.want(s.get(callback+"error=access_denied&state="+state), 403, "not valid")
	if len(*failures) != 0 {
		t.Errorf("got %v, want nothing of another browser", *failures)
	}
}

// OnFail may stop the server at once: the page has been sent by then.
func TestOnFailComesAfterThePage(t *testing.T) {
	rec := httptest.NewRecorder()
	shown := false
	s := newSite(t, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{
		OnFail: func(context.Context, oauth.Login, error) {
			shown = rec.Flushed && strings.Contains(rec.Body.String(), "Login refused")
		},
	})
	state := s.begin("")
	r := httptest.NewRequest(http.MethodGet, callback+"error=access_denied&state="+state, http.NoBody)
	r.Host = s.host
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
	s.h.ServeHTTP(rec, r)
	if !shown {
		t.Error("want the page sent before OnFail is called")
	}
}

func TestHandlerNeedsAManager(t *testing.T) {
	if _, err := oauth.NewHandler(nil, "http://localhost:4343/oauth/callback", oauth.HandlerOptions{}); err == nil {
		t.Error("got no error without a Manager")
	}
}
