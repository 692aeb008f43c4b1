package helix

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestClientWithoutATokenSourceIsNotMade(t *testing.T) {
	defer func() {
		if p, _ := recover().(string); !strings.HasPrefix(p, "helix: New: the token source is nil") {
			t.Errorf("got %q, want a panic that says what is missing", p)
		}
	}()
	New("client", nil, Options{})
}

// A token that was read from an unset variable must not look like one that Twitch
// refused.
func TestEmptyTokenIsNotSent(t *testing.T) {
	s := &stub{status: 200, body: []byte(`{"data":[]}`)}
	tw := New("client", StaticToken("1", ""), Options{HTTPClient: &http.Client{Transport: s}})
	_, err := tw.Users.Get(t.Context(), GetUsersParams{Logins: []string{"ada"}})
	if e, ok := errors.AsType[*TokenError](err); !ok || e.UserID != "1" || s.request != nil {
		t.Errorf("got %v, want a TokenError of user 1 and nothing sent", err)
	}
}
