package catchup_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// followsAndRaids are conditions of a type that can be recovered and of one that cannot.
func (w *world) followsAndRaids() {
	w.wants = []eventsub.Condition{
		eventsub.ChannelFollowCondition{BroadcasterUserID: w.ada, ModeratorUserID: w.ada},
		eventsub.ChannelRaidCondition{ToBroadcasterUserID: w.ada},
	}
}

const raidsAreLost = "channel.raid: 0, lost: Twitch offers no way to fetch these events"

func TestFollowWhileDisconnectedIsRecovered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.followsAndRaids()
		w.start()
		w.tw.Follow("ada", "alan")
		synctest.Wait()
		w.away(func() {
			time.Sleep(500 * time.Millisecond)
			w.tw.Follow("ada", "grace")
		})
		seen, gaps := w.take()
		want := []string{
			"channel.follow " + w.ada + "|" + w.tw.UserID("alan") + "|2000-01-01T00:00:02Z",
			"channel.follow " + w.ada + "|" + w.tw.UserID("grace") + "|2000-01-01T00:00:02Z (Get Channel Followers)",
		}
		if diff := cmp.Diff(want, told(t, seen)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		wantGap(t, gaps, "EOF", "channel.follow: 1", raidsAreLost)
	})
}

// A follow made while the bot was dead is thanked.
func TestFollowWhileTheProgramWasNotRunningIsRecovered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.followsAndRaids()
		w.start()
		w.tw.Follow("ada", "alan")
		time.Sleep(time.Hour)
		w.tw.Follow("ada", "edsger") // the program ends before the next save is due
		synctest.Wait()
		w.kill()
		if seen, gaps := w.take(); len(seen) != 2 || len(gaps) != 0 {
			t.Errorf("first start: got %v and %v, want two follows and no gap", told(t, seen), gaps)
		}
		time.Sleep(3 * time.Hour)
		w.tw.Follow("ada", "grace")
		time.Sleep(time.Hour)
		w.start()
		seen, gaps := w.take()
		want := []string{"channel.follow " + w.ada + "|" + w.tw.UserID("grace") + "|2000-01-01T04:00:02Z (Get Channel Followers)"}
		if diff := cmp.Diff(want, told(t, seen)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		wantGap(t, gaps, "the program was not running", "channel.follow: 1", raidsAreLost)
		if got := gaps[0].To.Sub(gaps[0].From); got < 4*time.Hour || got > 4*time.Hour+time.Minute {
			t.Errorf("the gap lasts %v, want about four hours", got)
		}

		w.kill()
		time.Sleep(time.Minute)
		w.start()
		seen, gaps = w.take()
		if len(seen) != 0 {
			t.Errorf("a start later: got %v, want nothing again", told(t, seen))
		}
		wantGap(t, gaps, "the program was not running", "channel.follow: 0", raidsAreLost)
	})
}

func TestConditionThatIsNewHasNoGap(t *testing.T) {
	inWorld(t, func(w *world) {
		w.followsAndRaids()
		w.start()
		w.kill()
		w.tw.Follow("ada", "grace")
		w.wants = append(w.wants[:1], eventsub.StreamOnlineCondition{BroadcasterUserID: w.ada})
		time.Sleep(time.Minute)
		w.start()
		_, gaps := w.take()
		wantGap(t, gaps, "the program was not running", "channel.follow: 1")

		w.session.Unwant(w.wants[0])
		time.Sleep(time.Minute)
		w.session.Want(w.wants[0])
		w.ready()
		if seen, gaps := w.take(); len(seen)+len(gaps) != 0 {
			t.Errorf("after Unwant and Want: got %v and %v, want nothing", told(t, seen), gaps)
		}
	})
}

// Several follows can have the same second. The list begins with the newest of them.
func TestFollowsOfOneSecondComeInTheirOrder(t *testing.T) {
	inWorld(t, func(w *world) {
		w.followsAndRaids()
		w.start()
		w.away(func() {
			for _, user := range []string{"grace", "alan", "edsger"} {
				w.tw.Follow("ada", user)
			}
		})
		seen, _ := w.take()
		var users []string
		for _, n := range seen {
			if p, err := n.Payload(); err == nil {
				users = append(users, p.(*eventsub.ChannelFollow).UserLogin)
			}
		}
		if diff := cmp.Diff([]string{"grace", "alan", "edsger"}, users); diff != "" {
			t.Errorf("follows (-want +got):\n%s", diff)
		}
	})
}
