package world_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// affiliate is a town whose channel viewers can support.
func affiliate(t *testing.T) (tw *town, b string) {
	t.Helper()
	tw = newTown(t, world.Options{})
	u, err := tw.AddUser(world.User{Login: "marie", BroadcasterType: "affiliate"})
	tw.do(err)
	return tw, u.ID
}

func TestGoalsCountWhatIsThere(t *testing.T) {
	tw, b := affiliate(t)
	tw.do(tw.Follow(b, tw.ada))
	tw.do(tw.StartSubscription(b, tw.ada, "3000"))
	for kind, want := range map[string]int{"follow": 1, "subscription": 6, "subscription_count": 1, "new_subscription": 0, "new_bit": 0, "new_cheerer": 0} {
		g, err := tw.StartGoal(b, kind, 100, "")
		tw.do(err)
		if g.Current != want {
			t.Errorf("%s: got %d at the start, want %d", kind, g.Current, want)
		}
	}
	tw.do(tw.StartSubscription(b, tw.grace, "2000"))
	tw.do(tw.EndSubscription(b, tw.ada))
	for range 2 {
		_, err := tw.Cheer(b, tw.grace, 10, "x")
		tw.do(err)
	}
	want := map[string]int{"follow": 1, "subscription": 2, "subscription_count": 1, "new_subscription": 2, "new_bit": 20, "new_cheerer": 1}
	for _, g := range tw.Goals(b) {
		if g.Current != want[g.Kind] {
			t.Errorf("%s: got %d, want %d", g.Kind, g.Current, want[g.Kind])
		}
	}
}

func TestHypeTrainGoesOnWithEachLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, b := affiliate(t)
		_, err := tw.StartHypeTrain(b)
		tw.do(err)
		time.Sleep(4 * time.Minute)
		_, err = tw.Cheer(b, tw.grace, 1600, "x") // the second level
		tw.do(err)
		time.Sleep(4 * time.Minute)
		train, _, running := tw.HypeTrain(b)
		if !running || train.Level != 2 || train.Progress != 0 || train.Goal != 1800 || len(train.Top) != 1 || train.Top[0].Total != 1600 {
			t.Fatalf("got %+v running %v, want level 2", train, running)
		}
		_, err = tw.Cheer(b, tw.grace, 5, "x") // no new level, no more time
		tw.do(err)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		_, record, running := tw.HypeTrain(b)
		if running || record.Level != 2 || record.Total != 1605 {
			t.Errorf("got record %+v running %v, want the end at level 2 with 1605", record, running)
		}
	})
}

// A stream gives rewards their stock back.
func TestRewardsPerStream(t *testing.T) {
	tw, b := affiliate(t)
	_, err := tw.GoLive(b)
	tw.do(err)
	r, err := tw.AddReward(b, "c", world.RewardSettings{Title: "x", Cost: 1, Enabled: true, PerUser: world.Cap{On: true, Value: 1}, SkipQueue: true})
	tw.do(err)
	for i := range 2 {
		redemption, err := tw.Redeem(b, tw.grace, r.ID, "")
		if i == 0 && (err != nil || redemption.Status != world.Fulfilled) {
			t.Fatalf("got %+v, %v, want it fulfilled at once", redemption, err)
		}
		if i == 1 && err == nil {
			t.Error("got a second redemption in one stream")
		}
	}
	tw.do(tw.GoOffline(b))
	_, err = tw.GoLive(b)
	tw.do(err)
	_, err = tw.Redeem(b, tw.grace, r.ID, "")
	tw.do(err)
}

// What a viewer writes for a reward is in chat too.
func TestRedemptionIsInChat(t *testing.T) {
	tw, b := affiliate(t)
	r, err := tw.AddReward(b, "c", world.RewardSettings{Title: "x", Cost: 1, Enabled: true, InputRequired: true})
	tw.do(err)
	_, err = tw.Redeem(b, tw.grace, r.ID, "Clair de lune")
	tw.do(err)
	chat := tw.Messages(b)
	if len(chat) != 1 || chat[0].Text != "Clair de lune" || chat[0].RewardID != r.ID {
		t.Errorf("got %+v, want the text with the reward's id", chat)
	}
}

func TestWhisperLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := newTown(t, world.Options{})
		long := strings.Repeat("ä", 501)
		last := func() string {
			t.Helper()
			w, ok := tw.facts[len(tw.facts)-1].(world.Whispered)
			if !ok {
				t.Fatalf("got %T, want a whisper", tw.facts[len(tw.facts)-1])
			}
			return w.Text
		}
		tw.do(tw.Whisper(tw.ada, tw.grace, long))
		if got := last(); got != long[:1000] {
			t.Errorf("got %d bytes, want the first 500 characters", len(got))
		}
		tw.do(tw.Whisper(tw.grace, tw.ada, "yes?"))
		tw.do(tw.Whisper(tw.ada, tw.grace, long))
		if got := last(); got != long {
			t.Errorf("got %d bytes, want all: grace has answered", len(got))
		}
		for i := range 40 {
			u, err := tw.AddUser(world.User{Login: fmt.Sprintf("fan%d", i)})
			tw.do(err)
			if err := tw.Whisper(tw.ada, u.ID, "hi"); (err != nil) != (i == 39) {
				t.Errorf("fan %d: got %v, want a refusal of the 41st only", i, err)
			}
		}
		time.Sleep(24 * time.Hour)
		tw.do(tw.Whisper(tw.ada, tw.linus, "hi"))
	})
}

func TestBotLogins(t *testing.T) {
	tw := newTown(t, world.Options{})
	for id, want := range map[string]string{"Abc-9": "ext_abc_9", "ÄÖ": "ext___", strings.Repeat("x", 40): "ext_" + strings.Repeat("x", 21)} {
		e, err := tw.AddExtension(id, tw.ada, "")
		tw.do(err)
		if e.Bot.Login != want {
			t.Errorf("%s: got %s, want %s", id, e.Bot.Login, want)
		}
	}
	if _, err := tw.AddExtension("x", tw.ada, "no base64!"); err == nil {
		t.Error("got an extension whose secret is no base64")
	}
}
