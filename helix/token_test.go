package helix

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// wallet is a TokenSource, Renewer and ScopeSource as *oauth.Manager is one.
type wallet struct {
	tokens  map[string]string
	scopes  map[string][]string // nil: the wallet is asked nothing
	renewed []string            // "user stale"
	err     error
}

var errUnknownUser = errors.New("no such user")

func (w *wallet) Token(_ context.Context, userID string) (string, error) {
	if token, ok := w.tokens[userID]; ok {
		return token, nil
	}
	return "", errUnknownUser
}

func (w *wallet) Scopes(_ context.Context, userID string) ([]string, bool) {
	s, known := w.scopes[userID]
	return s, known
}

func (w *wallet) Renew(_ context.Context, userID, stale string) (string, error) {
	w.renewed = append(w.renewed, userID+" "+stale)
	if w.err != nil {
		return "", w.err
	}
	w.tokens[userID] = stale + "+"
	return w.tokens[userID], nil
}

func TestWhoseToken(t *testing.T) {
	userOnly := &Endpoint{ID: "user-only", Name: "User Only", Method: "GET", Path: "/u", Tokens: UserToken}
	appOnly := &Endpoint{ID: "app-only", Name: "App Only", Method: "GET", Path: "/a", Tokens: AppToken}
	public := &Endpoint{ID: "public", Name: "Public", Method: "GET", Path: "/p"}
	for name, tc := range map[string]struct {
		endpoint *Endpoint
		params   any
		as       string
		have     string // users with a token; "app" for the app token
		want     string // the token; or the error
	}{
		"the parameter names the user":        {sendThing, sendThingParams{"7", "hi"}, "", "app 7 8", "7"},
		"As wins over the parameter":          {sendThing, sendThingParams{"7", "hi"}, "8", "app 7 8", "8"},
		"nothing known of the user":           {sendThing, sendThingParams{"7", "hi"}, "", "app 8", "app"},
		"As, and nothing known of the user":   {sendThing, sendThingParams{"7", "hi"}, "7", "app 8", "helix: Send Thing: token of user 7: no such user; needs a user token with things:write or things:manage, or an app token"},
		"nothing fits":                        {sendThing, sendThingParams{"7", "hi"}, "", "8", "helix: Send Thing: token of user 7: no such user; needs a user token with things:write or things:manage, or an app token"},
		"user token only, user not known":     {putThing, putThingParams{"7"}, "", "app 8", "helix: Put Thing: token of user 7: no such user; needs a user token"},
		"nobody named, app token":             {getThings, nil, "", "app 7", "app"},
		"nobody named, As":                    {getThings, nil, "7", "app 7", "7"},
		"nobody named, no app token":          {getThings, nil, "", "7", "helix: Get Things: app token: no such user; needs a user token, or an app token"},
		"nobody named where somebody must be": {userOnly, nil, "", "app 7", "helix: User Only: no user is named, use As(userID); needs a user token"},
		"a user where none can be":            {appOnly, nil, "7", "app 7", "app"},
		"no token needed":                     {public, nil, "7", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wallet{tokens: map[string]string{}}
			for user := range strings.FieldsSeq(tc.have) {
				w.tokens[strings.TrimPrefix(user, "app")] = user
			}
			tw, a := replying(w, Options{}, reply{status: 200})
			if tc.as != "" {
				tw = tw.As(tc.as)
			}
			err := none(t.Context(), tw, tc.endpoint, tc.params)
			var got string
			if err != nil {
				got = err.Error()
				if _, ok := errors.AsType[*TokenError](err); !ok {
					t.Errorf("got %T, want a *TokenError", err)
				}
			} else {
				got = strings.TrimPrefix(a.requests[0].Header.Get("Authorization"), "Bearer ")
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestScopesAreCheckedBefore(t *testing.T) {
	w := &wallet{
		tokens: map[string]string{"": "app", "7": "seven", "8": "eight"},
		scopes: map[string][]string{"7": {"things:read"}, "8": {"things:manage"}},
	}
	tw, a := replying(w, Options{}, reply{status: 200})
	err := none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"})
	e, ok := errors.AsType[*ScopeError](err)
	if !ok || e.UserID != "7" || e.Endpoint != sendThing {
		t.Fatalf("got %v, want a *ScopeError of user 7", err)
	}
	want := "helix: Send Thing: user 7 has not granted things:write or things:manage"
	if err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if len(a.requests) != 0 {
		t.Errorf("got %d requests, want none", len(a.requests))
	}
	if err := none(t.Context(), tw, sendThing, sendThingParams{"8", "hi"}); err != nil {
		t.Errorf("a scope that includes the other: got %v", err)
	}
	if err := none(t.Context(), tw, sendThing, sendThingParams{"9", "hi"}); err != nil {
		t.Errorf("a user without token: got %v, want the app token used", err)
	}
}

// A user whose token cannot be had right now is not silently replaced by the app.
func TestKnownUserIsNotReplaced(t *testing.T) {
	w := &wallet{tokens: map[string]string{"": "app"}, scopes: map[string][]string{"7": {"things:write"}}}
	tw, a := replying(w, Options{}, reply{status: 200})
	err := none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"})
	if !errors.Is(err, errUnknownUser) || len(a.requests) != 0 {
		t.Errorf("got %v and %d requests, want %v and none", err, len(a.requests), errUnknownUser)
	}
}

func TestRenewal(t *testing.T) {
	refused := reply{status: 401, body: `{"error":"Unauthorized","status":401,"message":"Invalid OAuth token"}`}
	good := reply{status: 200, body: things("1")}
	gone := errors.New("refresh token is invalid")
	for name, tc := range map[string]struct {
		replies []reply
		err     error // of the renewal
		want    []string
		renewed int
		wantErr error
	}{
		"renewed":            {[]reply{refused, good}, nil, []string{"seven", "seven+"}, 1, nil},
		"refused again":      {[]reply{refused}, nil, []string{"seven", "seven+"}, 1, ErrUnauthorized},
		"cannot be renewed":  {[]reply{refused, good}, gone, []string{"seven"}, 1, gone},
		"then a 500":         {[]reply{refused, {status: 500}}, nil, []string{"seven", "seven+"}, 1, ErrUnknownOutcome},
		"scope is missing":   {[]reply{{status: 401, body: `{"message":"Missing scope: things:write"}`}}, nil, []string{"seven"}, 0, ErrUnauthorized},
		"somebody else's":    {[]reply{{status: 401, body: `{"message":"The ID in sender_id must match the user ID found in the request's OAuth token."}`}}, nil, []string{"seven"}, 0, ErrUnauthorized},
		"of another program": {[]reply{{status: 401, body: `{"message":"Client ID and OAuth token do not match"}`}}, nil, []string{"seven"}, 0, ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wallet{tokens: map[string]string{"7": "seven"}, err: tc.err}
			tw, a := replying(w, Options{MaxAttempts: 1}, tc.replies...)
			call := &Call{Endpoint: sendThing, Params: sendThingParams{"7", "hi"}}
			err := tw.Do(t.Context(), call)
			if !errors.Is(err, tc.wantErr) {
				t.Errorf("got %v, want %v", err, tc.wantErr)
			}
			if got, want := call.Attempts, len(tc.want); got != want {
				t.Errorf("got %d attempts, want %d", got, want)
			}
			if tc.err != nil && !errors.Is(err, ErrUnauthorized) {
				t.Errorf("got %v, want it to be %v too", err, ErrUnauthorized)
			}
			var got []string
			for _, r := range a.requests {
				got = append(got, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			}
			if !slices.Equal(got, tc.want) || len(w.renewed) != tc.renewed {
				t.Errorf("got tokens %v and renewals %v, want %v and %d", got, w.renewed, tc.want, tc.renewed)
			}
		})
	}
}

func TestAppTokenIsRenewedToo(t *testing.T) {
	w := &wallet{tokens: map[string]string{"": "app"}}
	tw, _ := replying(w, Options{}, reply{status: 401}, reply{status: 200})
	if err := none(t.Context(), tw, getThings, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(w.renewed), "[ app]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestJWT(t *testing.T) {
	e := &Endpoint{ID: "get-secrets", Name: "Get Secrets", Method: "GET", Path: "/s", Tokens: JWT}
	tw, a := replying(&wallet{}, Options{JWT: func(context.Context, string) (string, error) { return "signed", nil }}, reply{status: 200})
	if err := none(t.Context(), tw, e, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := a.requests[0].Header.Get("Authorization"), "Bearer signed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	tw, _ = replying(&wallet{}, Options{}, reply{status: 200})
	if err := none(t.Context(), tw, e, nil); err == nil {
		t.Error("without Options.JWT: got no error")
	}
}

func TestStaticToken(t *testing.T) {
	tw, a := replying(StaticToken("7", "seven"), Options{}, reply{status: 200})
	for what, call := range map[string]error{
		"its user":    none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"}),
		"nobody":      none(t.Context(), tw, getThings, nil),
		"as the user": none(t.Context(), tw.As("7"), getThings, nil),
	} {
		if call != nil {
			t.Errorf("%s: got %v", what, call)
		}
	}
	if len(a.requests) != 3 {
		t.Errorf("got %d requests, want 3", len(a.requests))
	}
	if err := none(t.Context(), tw.As("8"), getThings, nil); err == nil {
		t.Error("as somebody else: got no error")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, StaticToken("7", "seven")); strings.Contains(got, "seven") {
			t.Errorf("%s: got %s, want it without the token", verb, got)
		}
	}
}
