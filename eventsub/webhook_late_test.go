package eventsub_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A lateHook sends messages to a receiver whose clock is ahead of Twitch's.
type lateHook struct {
	t     *testing.T
	kept  keptEvents
	r     *eventsub.Receiver
	ahead time.Duration
	n     int
}

func newLateHook(t *testing.T) *lateHook {
	h := &lateHook{t: t}
	h.r = newReceiver(&h.kept, eventsub.ReceiverOptions{Confirm: confirmAll})
	return h
}

// challenge makes Twitch ask for a confirmation.
func (h *lateHook) challenge() {
	h.t.Helper()
	p := signedPost("webhook_callback_verification", "c", time.Now().Add(-h.ahead), []byte(challengeBody), hookSecret)
	if w := p.to(h.r); w.Code != http.StatusOK {
		h.t.Errorf("challenge: got %d, want 200", w.Code)
	}
}

// want delivers a message of some age and compares its label.
func (h *lateHook) want(age time.Duration, late bool) {
	h.t.Helper()
	h.n++
	newPost("m"+strconv.Itoa(h.n), time.Now().Add(-h.ahead-age)).wantStatus(h.t, h.r, http.StatusNoContent)
	all := h.kept.all()
	if got := all[len(all)-1].Meta.Late; len(all) != h.n || got != late {
		h.t.Errorf("a message of %s with a clock that is %s ahead: late is %t, want %t", age, h.ahead, got, late)
	}
}

func TestWebhookLateEventsAreMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newLateHook(t)
		h.want(11*time.Minute, true)
		h.want(9*time.Minute, false)
		h.want(time.Second, false)
		h.want(24*time.Hour, true)
		if s := h.r.Stats(); s.Late != 2 || s.Accepted != 4 {
			t.Errorf("got %+v, want 2 of 4 late", s)
		}
	})
}

// A wrong clock must not make every event late, or none.
func TestWebhookLateWithAWrongClock(t *testing.T) {
	for _, ahead := range []time.Duration{time.Hour, -time.Hour, 3 * time.Minute, -3 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			h := newLateHook(t)
			h.ahead = ahead
			h.challenge()
			h.want(time.Second, false)
			h.want(11*time.Minute, true)
			h.want(9*time.Minute, false)
			if got := h.r.Stats().Ahead; (got - ahead).Abs() > time.Second {
				t.Errorf("ahead: got %s, want %s", got, ahead)
			}
			time.Sleep(5 * time.Hour)
			h.want(time.Second, false)
			h.want(12*time.Minute, true)
			h.ahead = 0 // the clock was set
			time.Sleep(5 * time.Hour)
			h.want(time.Second, false)
			h.want(12*time.Minute, true)
		})
	}
}

// Without a challenge, a message from the future shows that the clock is behind.
func TestWebhookClockThatIsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newLateHook(t)
		h.ahead = -20 * time.Minute
		h.want(time.Second, false)
		h.want(11*time.Minute, true)
	})
}
