package helix

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// askingWallet is a wallet that can ask Twitch, like *oauth.Manager.
type askingWallet struct {
	wallet

	valid map[string]bool // by token
	asked []string
	down  error // why Twitch cannot be asked
}

func (w *askingWallet) ValidToken(_ context.Context, _, token string) (bool, error) {
	w.asked = append(w.asked, token)
	return w.valid[token], w.down
}

// Twitch answers 401 to a whisper of a user without a verified phone number. That must
// neither cost a renewal nor look like a lost login.
func TestUnauthorizedWithAValidTokenRenewsNothing(t *testing.T) {
	phone := reply{status: 401, body: `{"error":"Unauthorized","status":401,"message":"The sender must have a verified phone number."}`}
	dead := reply{status: 401, body: `{"error":"Unauthorized","status":401,"message":"Invalid OAuth token"}`}
	good := reply{status: 200, body: things("1")}
	down := errors.New("no route to host")
	for name, tc := range map[string]struct {
		replies []reply
		valid   string // tokens that Twitch accepts
		down    error
		sent    []string // tokens of the requests
		asked   []string // tokens that were validated
		renewed int
		want    []error
		notWant error
	}{
		"missing right": {
			replies: []reply{phone}, valid: "seven", sent: []string{"seven"}, asked: []string{"seven"},
			want: []error{ErrForbidden, ErrUnauthorized},
		},
		"dead token": {
			replies: []reply{dead, good}, valid: "seven+", sent: []string{"seven", "seven+"}, asked: []string{"seven"}, renewed: 1,
		},
		"dead token, then a missing right": {
			replies: []reply{dead, phone}, valid: "seven+", sent: []string{"seven", "seven+"}, asked: []string{"seven", "seven+"}, renewed: 1,
			want: []error{ErrForbidden},
		},
		"dead token, and the new one too": {
			replies: []reply{dead}, sent: []string{"seven", "seven+"}, asked: []string{"seven", "seven+"}, renewed: 1,
			want: []error{ErrUnauthorized}, notWant: ErrForbidden,
		},
		"Twitch cannot be asked": {
			replies: []reply{phone}, down: down, sent: []string{"seven"}, asked: []string{"seven"},
			want: []error{down, ErrUnauthorized}, notWant: ErrForbidden,
		},
		"the text names a scope": {
			replies: []reply{{status: 401, body: `{"message":"Missing scope: things:write"}`}}, sent: []string{"seven"},
			want: []error{ErrForbidden},
		},
		"token of another application": {
			replies: []reply{{status: 401, body: `{"message":"Client ID and OAuth token do not match"}`}}, sent: []string{"seven"},
			want: []error{ErrUnauthorized}, notWant: ErrForbidden,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := &askingWallet{wallet: wallet{tokens: map[string]string{"7": "seven"}}, valid: map[string]bool{tc.valid: true}, down: tc.down}
			tw, a := replying(w, Options{}, tc.replies...)
			err := none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"})
			if len(tc.want) == 0 && err != nil {
				t.Errorf("got %v, want success", err)
			}
			for _, want := range tc.want {
				if !errors.Is(err, want) {
					t.Errorf("got %v, want it to be %v", err, want)
				}
			}
			if tc.notWant != nil && errors.Is(err, tc.notWant) {
				t.Errorf("got %v, want it not to be %v", err, tc.notWant)
			}
			var sent []string
			for _, r := range a.requests {
				sent = append(sent, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			}
			if !slices.Equal(sent, tc.sent) || !slices.Equal(w.asked, tc.asked) || len(w.renewed) != tc.renewed {
				t.Errorf("got requests with %v, validations of %v and renewals %v, want %v, %v and %d",
					sent, w.asked, w.renewed, tc.sent, tc.asked, tc.renewed)
			}
		})
	}
}

func TestUnauthorizedSaysThatTheTokenIsValid(t *testing.T) {
	e := &Error{Endpoint: sendThing, Status: 401, Message: "no verified phone number", TokenValid: true}
	if got, want := e.Error(), "helix: Send Thing: 401 Unauthorized: no verified phone number (the token itself is valid)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
