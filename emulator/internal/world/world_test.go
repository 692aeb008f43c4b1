package world_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

// town is a world with a channel, ada's, and a few people.
type town struct {
	*world.World
	t                          *testing.T
	ada, grace, linus, spammer string
	facts                      []world.Fact
}

func newTown(t *testing.T, o world.Options) *town {
	t.Helper()
	w := world.New(o)
	tw := &town{World: w, t: t}
	for login, id := range map[string]*string{"ada": &tw.ada, "grace": &tw.grace, "linus": &tw.linus, "spammer": &tw.spammer} {
		u, err := w.AddUser(world.User{Login: login})
		if err != nil {
			t.Fatal(err)
		}
		*id = u.ID
	}
	w.Subscribe(func(f world.Fact) { tw.facts = append(tw.facts, f) })
	return tw
}

func (tw *town) do(err error) {
	tw.t.Helper()
	if err != nil {
		tw.t.Fatal(err)
	}
}

func (tw *town) kinds() string {
	var names []string
	for _, f := range tw.facts {
		names = append(names, reflect.TypeOf(f).Name())
	}
	tw.facts = nil
	return strings.Join(names, " ")
}

func TestIDsAreStablePerSeed(t *testing.T) {
	id := func(seed uint64, logins ...string) string {
		w := world.New(world.Options{Seed: seed})
		for _, login := range logins {
			if _, err := w.AddUser(world.User{Login: login}); err != nil {
				t.Fatal(err)
			}
		}
		u, ok := w.UserByLogin("ada")
		if !ok {
			t.Fatal("got no ada")
		}
		return u.ID
	}
	if got, want := id(1, "grace", "ada"), id(1, "Ada"); got != want {
		t.Errorf("got id %s, want %s whatever the order", got, want)
	}
	if a, b := id(1, "ada"), id(2, "ada"); a == b {
		t.Errorf("got id %s with two seeds", a)
	}
}

func TestAddUserRefusesLogins(t *testing.T) {
	for _, login := range []string{"", "a b", "ä", strings.Repeat("x", 26), "a\n", "#a"} {
		if _, err := world.New(world.Options{}).AddUser(world.User{Login: login}); err == nil {
			t.Errorf("login %q: got no error", login)
		}
	}
}

func TestFacts(t *testing.T) {
	rows := []struct {
		name string
		do   func(tw *town) error
		want string
	}{
		{"follow", func(tw *town) error { return tw.Follow(tw.ada, tw.grace) }, "Followed"},
		{"follow twice", func(tw *town) error { return errors.Join(tw.Follow(tw.ada, tw.grace), tw.Follow(tw.ada, tw.grace)) }, "Followed"},
		{"subscribe", func(tw *town) error { return tw.StartSubscription(tw.ada, tw.grace, "") }, "Subscribed"},
		{"resubscribe", func(tw *town) error { return tw.Resubscribe(tw.ada, tw.grace, "again", 0) }, "Resubscribed"},
		{"unsubscribe", func(tw *town) error {
			return errors.Join(tw.StartSubscription(tw.ada, tw.grace, ""), tw.EndSubscription(tw.ada, tw.grace))
		}, "Subscribed SubscriptionEnded"},
		{"gifts", func(tw *town) error {
			return tw.GiftSubscriptions(tw.ada, tw.grace, "", []string{tw.linus, tw.spammer})
		}, "GiftSubs Subscribed Subscribed"},
		{"cheer", func(tw *town) error { _, err := tw.Cheer(tw.ada, tw.grace, 100, "yay"); return err }, "Chat Cheered"},
		{"raid", func(tw *town) error { return tw.Raid(tw.grace, tw.ada, 42) }, "Raided"},
		{"stream", func(tw *town) error {
			_, err := tw.GoLive(tw.ada)
			return errors.Join(err, tw.GoOffline(tw.ada))
		}, "StreamWentOnline StreamWentOffline"},
		{"title", func(tw *town) error { return tw.ModifyChannel(tw.ada, world.ChannelChange{Title: new("Chess")}) }, "ChannelUpdated"},
		{"ban a moderator", func(tw *town) error {
			_, err := tw.Ban(tw.ada, tw.ada, tw.grace, 0, "")
			return errors.Join(tw.AddRole(tw.linus, world.Moderator, tw.grace), err)
		}, "UserBanned ModeratorAdded"},
		{"ban one's moderator", func(tw *town) error {
			err := tw.AddRole(tw.ada, world.Moderator, tw.grace)
			_, banErr := tw.Ban(tw.ada, tw.ada, tw.grace, 0, "")
			return errors.Join(err, banErr)
		}, "ModeratorAdded ModeratorRemoved UserBanned"},
		{"unban", func(tw *town) error {
			_, err := tw.Ban(tw.ada, tw.ada, tw.grace, time.Minute, "")
			return errors.Join(err, tw.Unban(tw.ada, tw.ada, tw.grace))
		}, "UserBanned UserUnbanned"},
		{"presence", func(tw *town) error {
			err := errors.Join(tw.JoinChat(tw.ada, tw.grace), tw.JoinChat(tw.ada, tw.grace))
			tw.LeaveChat(tw.ada, tw.grace)
			tw.LeaveChat(tw.ada, tw.grace)
			tw.LeaveChat(tw.ada, tw.grace)
			return err
		}, "ChatterJoined ChatterLeft"},
		{"settings", func(tw *town) error {
			_, err := tw.ModifyChatSettings(tw.ada, tw.ada, func(s *world.ChatSettings) { s.EmoteOnly = true })
			return err
		}, "ChatSettingsChanged"},
		{"same settings", func(tw *town) error {
			_, err := tw.ModifyChatSettings(tw.ada, tw.ada, func(*world.ChatSettings) {})
			return err
		}, ""},
		{"announcement", func(tw *town) error { return tw.Announce(tw.ada, tw.ada, "hello", "") }, "Announcement"},
		{"whisper", func(tw *town) error { return tw.Whisper(tw.ada, tw.grace, "psst") }, "Whispered"},
		{"raw line", func(tw *town) error { return tw.Replay(tw.ada, "PING :x") }, "RawLine"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			tw := newTown(t, world.Options{})
			tw.do(row.do(tw))
			if got := tw.kinds(); got != row.want {
				t.Errorf("got facts %q, want %q", got, row.want)
			}
		})
	}
}

func TestFactsComeInOneOrder(t *testing.T) {
	w := world.New(world.Options{NoChatLimits: true})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	var first, second []string
	w.Subscribe(func(f world.Fact) { first = append(first, f.(world.Chat).Message.ID) })
	w.Subscribe(func(f world.Fact) { second = append(second, f.(world.Chat).Message.ID) })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 100 {
				if _, err := w.PostChat(world.Post{BroadcasterID: ada.ID, SenderID: ada.ID, Text: fmt.Sprint(i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if len(first) != 400 || !reflect.DeepEqual(first, second) {
		t.Errorf("got %d and %d facts, want 400 each in the same order", len(first), len(second))
	}
}

func TestCancelledSubscriberHearsNothing(t *testing.T) {
	w := world.New(world.Options{})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	heard := 0
	cancel := w.Subscribe(func(world.Fact) { heard++ })
	_, _ = w.PostChat(world.Post{BroadcasterID: ada.ID, SenderID: ada.ID, Text: "one"})
	cancel()
	cancel()
	_, _ = w.PostChat(world.Post{BroadcasterID: ada.ID, SenderID: ada.ID, Text: "two"})
	if heard != 1 {
		t.Errorf("got %d facts, want 1", heard)
	}
}

func TestSubscriberMayRead(t *testing.T) {
	tw := newTown(t, world.Options{})
	live := false
	tw.Subscribe(func(f world.Fact) { _, live = tw.Stream(world.HeadOf(f).Broadcaster.ID) })
	_, err := tw.GoLive(tw.ada)
	tw.do(err)
	if !live {
		t.Error("got an offline stream from within the fact, want it live")
	}
}

func TestStatusOfRefusals(t *testing.T) {
	rows := []struct {
		name string
		do   func(tw *town) error
		want int
	}{
		{"ban the broadcaster", func(tw *town) error { _, err := tw.Ban(tw.ada, tw.ada, tw.ada, 0, ""); return err }, 400},
		{"ban twice", func(tw *town) error {
			_, _ = tw.Ban(tw.ada, tw.ada, tw.grace, 0, "")
			_, err := tw.Ban(tw.ada, tw.ada, tw.grace, 0, "")
			return err
		}, 400},
		{"ban by a stranger", func(tw *town) error { _, err := tw.Ban(tw.ada, tw.grace, tw.linus, 0, ""); return err }, 403},
		{"ban nobody", func(tw *town) error { _, err := tw.Ban(tw.ada, tw.ada, "0", 0, ""); return err }, 400},
		{"unban who is not", func(tw *town) error { return tw.Unban(tw.ada, tw.ada, tw.grace) }, 400},
		{"delete what is not", func(tw *town) error { return tw.DeleteMessage(tw.ada, tw.ada, "nope") }, 404},
		{"clip offline", func(tw *town) error { _, err := tw.CreateClip(tw.ada, tw.grace, "", 0); return err }, 404},
		{"empty title", func(tw *town) error { return tw.ModifyChannel(tw.ada, world.ChannelChange{Title: new("")}) }, 400},
		{"unknown game", func(tw *town) error { return tw.ModifyChannel(tw.ada, world.ChannelChange{GameID: new("1")}) }, 400},
		{"delay of no partner", func(tw *town) error { return tw.ModifyChannel(tw.ada, world.ChannelChange{Delay: new(5)}) }, 400},
		{"VIP and moderator", func(tw *town) error {
			return errors.Join(tw.AddRole(tw.ada, world.VIP, tw.grace), tw.AddRole(tw.ada, world.Moderator, tw.grace))
		}, 422},
		{"raid oneself", func(tw *town) error { return tw.Raid(tw.ada, tw.ada, 1) }, 400},
		{"cancel no raid", func(tw *town) error { return tw.CancelRaid(tw.ada) }, 404},
		{"two raids", func(tw *town) error {
			_, _ = tw.StartRaid(tw.ada, tw.grace)
			_, err := tw.StartRaid(tw.ada, tw.linus)
			return err
		}, 409},
		{"two shoutouts", func(tw *town) error {
			_, _ = tw.GoLive(tw.ada)
			return errors.Join(tw.Shoutout(tw.ada, tw.ada, tw.grace), tw.Shoutout(tw.ada, tw.ada, tw.linus))
		}, 429},
		{"answer to nothing", func(tw *town) error {
			_, err := tw.PostChat(world.Post{BroadcasterID: tw.ada, SenderID: tw.grace, Text: "x", ReplyTo: "nope"})
			return err
		}, 400},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := row.do(newTown(t, world.Options{}))
			refusal, ok := errors.AsType[*world.Error](err)
			if !ok || refusal.Status != row.want {
				t.Errorf("got %v, want an Error of status %d", err, row.want)
			}
		})
	}
}

func TestTimeoutRunsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := newTown(t, world.Options{})
		_, err := tw.Ban(tw.ada, tw.ada, tw.grace, time.Minute, "")
		tw.do(err)
		time.Sleep(59 * time.Second)
		if _, banned := tw.BanOf(tw.ada, tw.grace); !banned {
			t.Error("got no ban after 59 s")
		}
		time.Sleep(time.Second)
		if _, banned := tw.BanOf(tw.ada, tw.grace); banned {
			t.Error("got a ban after 60 s")
		}
	})
}

func ExampleWorld_Subscribe() {
	w := world.New(world.Options{})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	grace, _ := w.AddUser(world.User{Login: "grace", DisplayName: "Grace"})
	w.Subscribe(func(f world.Fact) {
		if f, ok := f.(world.Followed); ok {
			fmt.Fprintln(os.Stdout, f.User.DisplayName, "follows", f.Broadcaster.Login)
		}
	})
	_ = w.Follow(ada.ID, grace.ID)
	// Output: Grace follows ada
}
