package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// authorizedSite is a site whose OnAuthorized returns err.
func authorizedSite(t *testing.T, err error, o oauth.HandlerOptions) (s *site, users *[]oauth.User) {
	t.Helper()
	users = new([]oauth.User)
	o.OnAuthorized = func(ctx context.Context, u oauth.User) error {
		*users = append(*users, u)
		if _, tokenErr := s.tokens.Token(ctx, u.ID); tokenErr != nil {
			t.Errorf("token of the user: got %v, want it stored before the call", tokenErr)
		}
		return err
	}
	s = newSite(t, "http://localhost:4343/oauth/callback", o)
	return s, users
}

// OnAuthorized is called with the user and the scopes, and the usual page is sent.
func TestOnAuthorizedKeepsThePage(t *testing.T) {
	s, users := authorizedSite(t, nil, oauth.HandlerOptions{})
	s.want(s.get(callback+"code="+s.code(ada)+"&state="+s.begin("")), 200, "You are logged in")
	if len(*users) != 1 || (*users)[0].ID != ada.userID || (*users)[0].Scopes.String() != "chat:edit chat:read" {
		t.Errorf("got the users %+v, want ada with two scopes", *users)
	}
}

// It is called before OnLogin, which still writes the response.
func TestOnAuthorizedComesBeforeOnLogin(t *testing.T) {
	var calls []string
	s, users := authorizedSite(t, nil, oauth.HandlerOptions{
		OnLogin: func(w http.ResponseWriter, _ *http.Request, _ oauth.User) {
			calls = append(calls, "OnLogin")
			_, _ = io.WriteString(w, "my own page")
		},
	})
	s.want(s.get(callback+"code="+s.code(ada)+"&state="+s.begin("")), 200, "my own page")
	if len(*users) != 1 || len(calls) != 1 {
		t.Errorf("got %d and %d calls, want both hooks once", len(*users), len(calls))
	}
}

// Its error goes to the log, and the browser learns that the login is stored.
func TestOnAuthorizedErrorIsShownAndLogged(t *testing.T) {
	s, users := authorizedSite(t, errors.New("no room for ada"), oauth.HandlerOptions{
		OnLogin: func(http.ResponseWriter, *http.Request, oauth.User) { t.Error("OnLogin was called after an error") },
	})
	res := s.get(callback + "code=" + s.code(ada) + "&state=" + s.begin(""))
	s.want(res, 500, "Your login is stored, but not in use yet")
	if strings.Contains(res.Body.String(), "no room") {
		t.Error("the page shows the error of the program, which is for its log only")
	}
	if !strings.Contains(s.log.String(), "no room for ada") {
		t.Errorf("the log does not have the error: %s", s.log.String())
	}
	if len(*users) != 1 {
		t.Errorf("got %d calls, want one", len(*users))
	}
	s.wantUsers(1)
}

// A login that failed does not call it.
func TestOnAuthorizedIsNotCalledForAFailedLogin(t *testing.T) {
	s, users := authorizedSite(t, nil, oauth.HandlerOptions{})
	s.get(callback + "error=access_denied&state=" + s.begin(""))
	s.get(callback + "code=canary&state=" + s.begin(""))
	s.get(callback + "code=" + s.code(ada) + "&state=forged")
	if len(*users) != 0 {
		t.Errorf("got %+v, want no call", *users)
	}
}
