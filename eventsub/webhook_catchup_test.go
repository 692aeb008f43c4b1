package eventsub_test

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// catchUp gives the webhook what it needs to fetch what it has missed, also after a
// restart.
func (s *hookStage) catchUp() {
	ada := s.tw.UserID("ada")
	tw := helix.New(s.tw.ClientID(), helix.StaticToken(ada, s.tw.UserToken("ada", "moderator:read:followers")), helix.Options{
		HTTPClient: s.tw.HTTPClient(), BaseURL: s.tw.HelixURL(),
	})
	s.o.Secrets, s.o.CatchUp, s.o.Watermarks = newSecretsFake(), catchup.New(tw, catchup.Options{}), eventsub.NewMemoryWatermarkStore()
}

func TestWebhookFetchesWhatWasMissedBeforeAStart(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		s.tw.Follow("ada", "bob")
		s.want("follow bob")
		time.Sleep(time.Hour)
		s.want()

		s.stop()
		s.tw.Follow("ada", "grace") // Twitch gives up after some minutes
		time.Sleep(time.Hour)
		s.start(s.follows())
		s.ready()
		s.want("follow grace", "gap: the program was not running")
		s.tw.Follow("ada", "eve")
		s.want("follow eve")
	})
}

// Twitch repeats its requests during a short restart, so nothing is missed.
func TestWebhookReportsNoGapAfterAShortRestart(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		s.stop()
		s.tw.Follow("ada", "grace")
		time.Sleep(5 * time.Second)
		s.start(s.follows())
		s.ready()
		s.want("follow grace")
		time.Sleep(time.Hour)
		s.want()
	})
}

// Twitch ends the subscriptions of a webhook that it cannot reach.
func TestWebhookFetchesWhatWasMissedWithoutANetwork(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		s.onNetwork(unreachable)
		for _, user := range []string{"grace", "bob", "eve"} {
			s.tw.Follow("ada", user)
			time.Sleep(15 * time.Minute)
		}
		s.want()
		s.onNetwork(nil)
		time.Sleep(20 * time.Minute)
		s.want("follow bob", "follow eve", "follow grace", "gap: eventsub: subscription to channel.follow v2 revoked: notification_failures_exceeded")
	})
}

// A subscription that was wanted again soon after Twitch had revoked it did not exist in
// between.
func TestWebhookReportsTheTimeOfAShortRevocation(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		time.Sleep(time.Minute)
		s.tw.RevokeEventSub(eventsub.ChannelFollow{}.Type(), "authorization_revoked")
		time.Sleep(5 * time.Second)
		s.tw.Follow("ada", "grace")
		time.Sleep(5 * time.Second)
		s.Want(s.follows())
		s.want("follow grace", "gap: the subscription was revoked")
	})
}

// A program that is restarted before a subscription that Twitch had ended exists again
// reports the whole time.
func TestWebhookRestartedDuringALossReportsAllOfIt(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		time.Sleep(time.Minute)
		s.onNetwork(unreachable)
		for _, user := range []string{"grace", "bob", "eve"} {
			s.tw.Follow("ada", user)
		}
		time.Sleep(5 * time.Minute)
		s.stop()
		s.onNetwork(nil)
		s.start(s.follows())
		s.ready()
		s.want("follow bob", "follow eve", "follow grace", "gap: the program was not running")
	})
}

// A callback that could not be reached just before the end of a run is not known to have
// missed something.
func TestWebhookRestartedSoonAfterAnOutageReportsIt(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.catchUp()
		s.start(s.follows())
		s.ready()
		time.Sleep(5 * time.Minute)
		s.onNetwork(unreachable)
		s.tw.Follow("ada", "grace")
		time.Sleep(20 * time.Second)
		s.stop()
		s.onNetwork(nil)
		time.Sleep(20 * time.Second)
		s.start(s.follows())
		s.ready()
		s.want("follow grace", "gap: the program was not running")
	})
}
