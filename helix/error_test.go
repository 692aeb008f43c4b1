package helix

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// A library does not know which program it is part of.
func TestErrorsNameNoCommand(t *testing.T) {
	for _, err := range []error{
		&ScopeError{Endpoint: sendThing, UserID: "7", Missing: sendThing.Scopes},
		&TokenError{Endpoint: sendThing},
		&TokenError{Endpoint: sendThing, Err: errNoToken},
		&TokenError{Endpoint: sendThing, UserID: "7", Err: errNoToken},
	} {
		if strings.Contains(err.Error(), "larkspur") || strings.Contains(err.Error(), "run:") {
			t.Errorf("got %q, want no command of a program", err)
		}
	}
}

func TestErrorIs(t *testing.T) {
	kinds := []error{ErrUnauthorized, ErrForbidden, ErrNotFound, ErrConflict, ErrRateLimited, ErrUnknownOutcome}
	for _, tc := range []struct {
		endpoint *Endpoint
		status   int
		want     []error
	}{
		{sendThing, 400, nil},
		{sendThing, 401, []error{ErrUnauthorized}},
		{sendThing, 403, []error{ErrForbidden}},
		{sendThing, 404, []error{ErrNotFound}},
		{sendThing, 409, []error{ErrConflict}},
		{sendThing, 429, []error{ErrRateLimited}},
		{sendThing, 500, []error{ErrUnknownOutcome}},
		{getThings, 500, nil},
		{getThings, 200, []error{ErrNotFound}},
	} {
		err := &Error{Endpoint: tc.endpoint, Status: tc.status}
		for _, kind := range kinds {
			if got, want := errors.Is(err, kind), slices.Contains(tc.want, kind); got != want {
				t.Errorf("%s, %d is %q: got %v, want %v", tc.endpoint.Name, tc.status, kind, got, want)
			}
		}
	}
}

func TestForbiddenNamesTheRoles(t *testing.T) {
	err := &Error{Endpoint: putThing, Status: 403, Message: "no"}
	if got, want := err.Error(), "helix: Put Thing: 403 Forbidden: no (needs: broadcaster or moderator)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestErrorsLogThemselves(t *testing.T) {
	for want, v := range map[string]slog.LogValuer{
		"[endpoint=get-things status=429 message=slow reset_at=1970-01-01 00:00:01 +0000 UTC]": &Error{
			Endpoint: getThings, Status: 429, Message: "slow", ResetAt: time.Unix(1, 0).UTC(),
		},
		"[endpoint=send-thing user_id=7 missing_scopes=[things:write]]": &ScopeError{Endpoint: sendThing, UserID: "7", Missing: sendThing.Scopes},
		"[endpoint=send-thing param=text rule=is required]":             &ParamError{Endpoint: sendThing, Param: "text", Rule: "is required"},
		"[endpoint=send-thing user_id=7 error=no token]":                &TokenError{Endpoint: sendThing, UserID: "7", Err: errNoToken},
	} {
		if got := v.LogValue().String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	f.Add([]byte(`{"error":"Bad Request","status":400,"message":"wrong"}`))
	f.Add([]byte(`{"message":"` + strings.Repeat("ö\\n", 400) + `"}`))
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		text := newError(getThings, 400, body).Error()
		if !utf8.ValidString(text) || len(text) > 700 || strings.ContainsAny(text, "\n\r\x1b\x00") {
			t.Errorf("not fit for a log: %q", text)
		}
	})
}
