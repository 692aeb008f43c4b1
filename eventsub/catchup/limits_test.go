package catchup_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// A missing scope is a reason, not an error: it would be one again.
func TestMissingScopeIsAReason(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tw.Follow("ada", "grace")
		tw := helix.New(w.tw.ClientID(), helix.StaticToken(w.ada, w.tw.UserToken("ada")), helix.Options{HTTPClient: w.tw.HTTPClient(), BaseURL: w.tw.HelixURL()})
		got, err := catchup.New(tw, catchup.Options{}).Recover(w.t.Context(), follows(w))
		if err != nil || got.Complete || !strings.Contains(got.Reason, "moderator:read:followers") {
			w.t.Errorf("got %+v and %v, want a reason that names the scope", got, err)
		}
	})
}

// A broken connection is an error: another call may succeed.
func TestBrokenConnectionIsAnError(t *testing.T) {
	inWorld(t, func(w *world) {
		tw := helix.New(w.tw.ClientID(), helix.StaticToken(w.ada, "token"), helix.Options{HTTPClient: &http.Client{Transport: gate{w}}, BaseURL: w.tw.HelixURL()})
		w.offline.Store(true)
		if _, err := catchup.New(tw, catchup.Options{}).Recover(w.t.Context(), follows(w)); !errors.Is(err, errOffline) {
			w.t.Errorf("got %v, want the error of the connection", err)
		}
	})
}

// Of too many events, the newest are recovered, and the type is lost as well.
func TestRecoveredEventsAreBounded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.options.MaxEvents = 2
		w.followsAndRaids()
		w.start()
		w.away(func() {
			for _, user := range []string{"grace", "alan", "edsger"} {
				w.tw.Follow("ada", user)
				time.Sleep(time.Second)
			}
		})
		seen, gaps := w.take()
		if len(seen) != 2 || !strings.Contains(told(w.t, seen)[0], w.tw.UserID("alan")) {
			w.t.Errorf("got %v, want the two newest follows", told(w.t, seen))
		}
		wantGap(w.t, gaps, "EOF", "channel.follow: 2, lost: more than 2 events", raidsAreLost)
	})
}

// follows is a loss of ada's follows.
func follows(w *world) eventsub.Missed {
	return eventsub.Missed{
		Condition: eventsub.ChannelFollowCondition{BroadcasterUserID: w.ada, ModeratorUserID: w.ada}, UserID: w.ada,
		From: time.Now().Add(-time.Hour), To: time.Now(),
	}
}
