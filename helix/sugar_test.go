package helix

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestByLogin(t *testing.T) {
	ada := `{"data":[{"id":"7","login":"ada","display_name":"Ada","created_at":"2026-11-01T12:00:00Z"}]}`
	tw, a := replying(StaticToken("", "t"), Options{}, reply{status: 200, body: ada}, reply{status: 200, body: things()})
	user, err := tw.Users.ByLogin(t.Context(), " @Ada ")
	if err != nil || user.ID != "7" {
		t.Fatalf("got %+v, %v, want user 7", user, err)
	}
	if got := a.requests[0].URL.RawQuery; got != "login=ada" {
		t.Errorf("asked for %q, want login=ada", got)
	}
	user, err = tw.Users.ByLogin(t.Context(), "bob")
	if !errors.Is(err, ErrNotFound) || user != nil {
		t.Errorf("got %+v, %v, want %v", user, err, ErrNotFound)
	}
	if got, want := err.Error(), "helix: Get Users: no user has the login bob"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err = tw.Users.ByID(t.Context(), "8"); !errors.Is(err, ErrNotFound) {
		t.Errorf("ByID: got %v, want %v", err, ErrNotFound)
	}
	for what, f := range map[string]func(context.Context, string) (*User, error){"ByLogin": tw.Users.ByLogin, "ByID": tw.Users.ByID} {
		if _, err := f(t.Context(), ""); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%s of nothing: got %v, want a *ParamError", what, err)
		}
	}
}

func TestCreateAndWait(t *testing.T) {
	created := reply{status: 202, body: `{"data":[{"id":"Clip1","edit_url":"https://example.test/edit"}]}`}
	nothing := reply{status: 200, body: things()}
	found := reply{status: 200, body: `{"data":[{"id":"Clip1","created_at":"2026-11-01T12:00:00Z"}]}`}
	for name, tc := range map[string]struct {
		replies []reply
		want    string // in the error
		kind    error
		took    time.Duration
	}{
		"appears at once":    {[]reply{created, found}, "", nil, time.Second},
		"appears later":      {[]reply{created, nothing, {status: 404}, nothing, found}, "", nil, 4 * time.Second},
		"never appears":      {[]reply{created, nothing}, "clip Clip1 did not appear within 15s", ErrNotFound, 15 * time.Second},
		"cannot be asked":    {[]reply{created, {status: 403}}, "asking for clip Clip1", ErrForbidden, 15 * time.Second},
		"channel is offline": {[]reply{{status: 404}}, "only while the channel is live", ErrNotFound, 0},
		"not allowed":        {[]reply{{status: 403}}, "followers or subscribers only", ErrForbidden, 0},
		"nobody knows":       {[]reply{{status: 503}}, "503", ErrUnknownOutcome, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw, _ := replying(StaticToken("7", "t"), Options{}, tc.replies...)
				start := time.Now()
				clip, err := tw.Clips.CreateAndWait(t.Context(), CreateClipParams{BroadcasterID: "7"})
				if !errors.Is(err, tc.kind) || (err == nil) != (clip != nil) {
					t.Errorf("got %v, %v, want %v", clip, err, tc.kind)
				}
				if err != nil && !strings.Contains(err.Error(), tc.want) {
					t.Errorf("got %q, want it to say %q", err, tc.want)
				}
				if took := time.Since(start); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
			})
		})
	}
}

func TestCreateAndWaitIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, _ := replying(StaticToken("7", "t"), Options{},
			reply{status: 202, body: `{"data":[{"id":"Clip1"}]}`}, reply{status: 200, body: things()})
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		if _, err := tw.Clips.CreateAndWait(ctx, CreateClipParams{BroadcasterID: "7"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestSay(t *testing.T) {
	p := SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: "hi"}
	for body, want := range map[string]string{
		`{"data":[{"message_id":"m1","is_sent":true}]}`:                                                                  "",
		`{"data":[{"message_id":"","is_sent":false,"drop_reason":{"code":"msg_duplicate","message":"said it before"}}]}`: "chat: message dropped (msg_duplicate): said it before",
		`{"data":[{"is_sent":false}]}`:                                                                                   "chat: message dropped (unknown): Twitch gave no reason",
		`{"data":[]}`:                                                                                                    "helix: Send Chat Message: nothing found",
	} {
		tw, _ := replying(StaticToken("7", "t"), Options{}, reply{status: 200, body: body})
		id, err := tw.Chat.Say(t.Context(), p)
		if want == "" {
			if err != nil || id != "m1" {
				t.Errorf("got %q, %v, want m1", id, err)
			}
			continue
		}
		if err == nil || err.Error() != want || id != "" {
			t.Errorf("got %q, %v, want %s", id, err, want)
		}
	}
}
