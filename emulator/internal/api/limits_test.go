package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 60)
		token := d.token(d.ada)
		for i := range 60 {
			got := d.call(token, "GET /users")
			if got.status != http.StatusOK || got.header.Get("Ratelimit-Remaining") != fmt.Sprint(59-i) {
				t.Fatalf("call %d: got %d with %v", i, got.status, got.header)
			}
		}
		got := d.call(token, "GET /users")
		reset := fmt.Sprint(time.Now().Add(time.Minute).Unix())
		if got.status != http.StatusTooManyRequests || got.header.Get("Ratelimit-Limit") != "60" || got.header.Get("Ratelimit-Reset") != reset {
			t.Errorf("got %d with %v, want 429 and reset at %s", got.status, got.header, reset)
		}
		if other := d.call(d.token(d.grace), "GET /users"); other.status != http.StatusOK {
			t.Errorf("another user: got %d, want 200", other.status)
		}
		time.Sleep(time.Second)
		if got := d.call(token, "GET /users"); got.status != http.StatusOK {
			t.Errorf("a second later: got %d, want 200", got.status)
		}
	})
}

// twurple waits for ever for a response with these headers.
func TestHeadersWithoutLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 0)
		token := d.token(d.ada)
		for range 2 {
			got := d.call(token, "GET /users")
			for name, want := range map[string]string{
				"Ratelimit-Limit": "800", "Ratelimit-Remaining": "800", "Ratelimit-Reset": fmt.Sprint(time.Now().Unix()),
			} {
				if got.header.Get(name) != want {
					t.Errorf("got %s %q, want %q", name, got.header.Get(name), want)
				}
			}
		}
	})
}

func TestAnnouncementsHaveTheirOwnLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		token := d.token(d.mod, "moderator:manage:announcements")
		announce := func() int {
			return d.call(token, d.fill(`POST /chat/announcements?broadcaster_id={ada}&moderator_id={mod} {"message":"hi"}`)).status
		}
		if got := announce(); got != http.StatusNoContent {
			t.Fatalf("first: got %d", got)
		}
		if got := announce(); got != http.StatusTooManyRequests {
			t.Errorf("second: got %d, want 429", got)
		}
		time.Sleep(2 * time.Second)
		if got := announce(); got != http.StatusNoContent {
			t.Errorf("2 s later: got %d, want 204", got)
		}
	})
}
