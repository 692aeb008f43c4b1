package world_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func (tw *town) post(user, text string) (world.ChatMessage, error) {
	return tw.PostChat(world.Post{BroadcasterID: tw.ada, SenderID: user, Text: text})
}

func (tw *town) settings(edit func(*world.ChatSettings)) {
	tw.t.Helper()
	_, err := tw.ModifyChatSettings(tw.ada, tw.ada, edit)
	tw.do(err)
}

func TestDropped(t *testing.T) {
	followers := func(d time.Duration) func(*world.ChatSettings) {
		return func(s *world.ChatSettings) { s.FollowersOnly, s.FollowersDuration = true, d }
	}
	rows := []struct {
		name  string
		setUp func(tw *town)
		texts []string
		want  string // code of the last one, "" if it passes
	}{
		{"plain", func(*town) {}, []string{"hello"}, ""},
		{"again", func(*town) {}, []string{"hello", "hello"}, "msg_duplicate"},
		{"moderator again", func(tw *town) { tw.do(tw.AddRole(tw.ada, world.Moderator, tw.grace)) }, []string{"hello", "hello"}, ""},
		{"banned", func(tw *town) { _, err := tw.Ban(tw.ada, tw.ada, tw.grace, 0, ""); tw.do(err) }, []string{"hello"}, "msg_banned"},
		{"timed out", func(tw *town) { _, err := tw.Ban(tw.ada, tw.ada, tw.grace, time.Second, ""); tw.do(err) }, []string{"hello"}, "msg_timedout"},
		{"too fast", func(*town) {}, numbers(21), "msg_ratelimit"},
		{"fast enough", func(*town) {}, numbers(20), ""},
		{"fast moderator", func(tw *town) { tw.do(tw.AddRole(tw.ada, world.Moderator, tw.grace)) }, numbers(100), ""},
		{"too fast moderator", func(tw *town) { tw.do(tw.AddRole(tw.ada, world.Moderator, tw.grace)) }, numbers(101), "msg_ratelimit"},
		{"emotes only", func(tw *town) { tw.settings(func(s *world.ChatSettings) { s.EmoteOnly = true }) }, []string{"hello"}, "msg_emoteonly"},
		{"only emotes", func(tw *town) { tw.settings(func(s *world.ChatSettings) { s.EmoteOnly = true }) }, []string{"Kappa LUL"}, ""},
		{"subscribers only", func(tw *town) { tw.settings(func(s *world.ChatSettings) { s.SubscribersOnly = true }) }, []string{"hello"}, "msg_subsonly"},
		{"subscriber", func(tw *town) {
			tw.settings(func(s *world.ChatSettings) { s.SubscribersOnly = true })
			tw.do(tw.StartSubscription(tw.ada, tw.grace, ""))
		}, []string{"hello"}, ""},
		{"slow", func(tw *town) { tw.settings(func(s *world.ChatSettings) { s.Slow = 30 * time.Second }) }, []string{"one", "two"}, "msg_slowmode"},
		{"slow VIP", func(tw *town) {
			tw.settings(func(s *world.ChatSettings) { s.Slow = 30 * time.Second })
			tw.do(tw.AddRole(tw.ada, world.VIP, tw.grace))
		}, []string{"one", "two"}, ""},
		{"followers only", func(tw *town) { tw.settings(followers(0)) }, []string{"hello"}, "msg_followersonly_zero"},
		{"followers of ten minutes only", func(tw *town) { tw.settings(followers(10 * time.Minute)) }, []string{"hello"}, "msg_followersonly"},
		{"fresh follower", func(tw *town) {
			tw.settings(followers(10 * time.Minute))
			tw.do(tw.Follow(tw.ada, tw.grace))
		}, []string{"hello"}, "msg_followersonly_followed"},
		{"follower", func(tw *town) { tw.settings(followers(0)); tw.do(tw.Follow(tw.ada, tw.grace)) }, []string{"hello"}, ""},
		{"unique", func(tw *town) {
			tw.settings(func(s *world.ChatSettings) { s.UniqueChat = true })
			_, err := tw.post(tw.linus, "Hello")
			tw.do(err)
		}, []string{"hello"}, "msg_r9k"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := newTown(t, world.Options{})
				row.setUp(tw)
				got := ""
				for i, text := range row.texts {
					_, err := tw.post(tw.grace, text)
					d, dropped := world.Dropped(err)
					if dropped {
						got = d.Code
					}
					if err != nil && (!dropped || i < len(row.texts)-1) {
						t.Fatalf("message %d: %v", i, err)
					}
				}
				if got != row.want {
					t.Errorf("got code %q, want %q", got, row.want)
				}
			})
		})
	}
}

func numbers(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint("message ", i)
	}
	return texts
}

func TestLimitsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := newTown(t, world.Options{})
		for _, text := range numbers(20) {
			_, err := tw.post(tw.grace, text)
			tw.do(err)
		}
		if _, err := tw.post(tw.grace, "more"); err == nil {
			t.Error("got 21 messages through")
		}
		time.Sleep(30 * time.Second)
		if _, err := tw.post(tw.grace, "message 19"); err != nil {
			t.Errorf("after 30 s: got %v", err)
		}
	})
}

func TestMessageIsCut(t *testing.T) {
	tw := newTown(t, world.Options{})
	m, err := tw.post(tw.grace, strings.Repeat("ä", 600))
	tw.do(err)
	if got := len([]rune(m.Text)); got != chat.MaxLength {
		t.Errorf("got %d characters, want %d", got, chat.MaxLength)
	}
}

func TestBanDeletesMessages(t *testing.T) {
	tw := newTown(t, world.Options{})
	bad, err := tw.post(tw.spammer, "buy followers")
	tw.do(err)
	good, err := tw.post(tw.grace, "hello")
	tw.do(err)
	_, err = tw.Ban(tw.ada, tw.ada, tw.spammer, 0, "spam")
	tw.do(err)
	if _, ok := tw.Message(tw.ada, bad.ID); ok {
		t.Error("got the spammer's message after the ban")
	}
	if _, ok := tw.Message(tw.ada, good.ID); !ok {
		t.Error("got grace's message deleted")
	}
}

func TestOldMessagesAreForgotten(t *testing.T) {
	tw := newTown(t, world.Options{NoChatLimits: true})
	first, err := tw.post(tw.grace, "first")
	tw.do(err)
	for i := range 1000 {
		_, err := tw.post(tw.grace, fmt.Sprint(i))
		tw.do(err)
	}
	if _, ok := tw.Message(tw.ada, first.ID); ok {
		t.Error("got the first of 1001 messages, want it forgotten")
	}
	all := tw.Messages(tw.ada)
	if len(all) != 1000 || all[0].Text != "0" || all[999].Text != "999" {
		t.Errorf("got %d messages from %q to %q, want 1000 from 0 to 999", len(all), all[0].Text, all[len(all)-1].Text)
	}
}

func TestReplyKeepsThread(t *testing.T) {
	tw := newTown(t, world.Options{})
	root, err := tw.post(tw.grace, "root")
	tw.do(err)
	mid, err := tw.PostChat(world.Post{BroadcasterID: tw.ada, SenderID: tw.linus, Text: "mid", ReplyTo: root.ID})
	tw.do(err)
	leaf, err := tw.PostChat(world.Post{BroadcasterID: tw.ada, SenderID: tw.grace, Text: "leaf", ReplyTo: mid.ID})
	tw.do(err)
	if leaf.Reply.Parent.ID != mid.ID || leaf.Reply.Thread.ID != root.ID {
		t.Errorf("got parent %s in thread %s, want %s in %s", leaf.Reply.Parent.Text, leaf.Reply.Thread.Text, mid.Text, root.Text)
	}
}

func TestBadges(t *testing.T) {
	tw := newTown(t, world.Options{})
	tw.do(tw.AddRole(tw.ada, world.Moderator, tw.grace))
	tw.do(tw.Resubscribe(tw.ada, tw.grace, "", 7))
	m, err := tw.post(tw.grace, "hello")
	tw.do(err)
	want := []world.Badge{{SetID: "moderator", ID: "1"}, {SetID: "subscriber", ID: "6", Info: "7"}}
	if diff := cmp.Diff(want, m.Badges); diff != "" {
		t.Errorf("badges (-want +got):\n%s", diff)
	}
}

func TestFragments(t *testing.T) {
	tw := newTown(t, world.Options{})
	rows := []struct {
		text string
		bits int
		want []string
	}{
		{"plain text", 0, []string{"text:plain text"}},
		{"hi Kappa there", 0, []string{"text:hi ", "emote:Kappa", "text: there"}},
		{"@grace, look", 0, []string{"mention:@grace,", "text: look"}},
		{"@nobody look", 0, []string{"text:@nobody look"}},
		{"Cheer100 nice", 100, []string{"cheermote:Cheer100", "text: nice"}},
		{"Cheer100 nice", 0, []string{"text:Cheer100 nice"}},
		{"  Kappa  LUL ", 0, []string{"text:  ", "emote:Kappa", "text:  ", "emote:LUL", "text: "}},
		{"", 0, nil},
	}
	for _, row := range rows {
		var got []string
		var joined strings.Builder
		for _, f := range tw.Fragments(world.ChatMessage{Text: row.text, Bits: row.bits}) {
			got = append(got, f.Type+":"+f.Text)
			joined.WriteString(f.Text)
		}
		if diff := cmp.Diff(row.want, got); diff != "" || joined.String() != row.text {
			t.Errorf("%q (-want +got):\n%s", row.text, diff)
		}
	}
}

func FuzzFragments(f *testing.F) {
	f.Add("hi Kappa @ada Cheer100")
	w := world.New(world.Options{})
	_, _ = w.AddUser(world.User{Login: "ada"})
	f.Fuzz(func(t *testing.T, text string) {
		var joined strings.Builder
		for _, fragment := range w.Fragments(world.ChatMessage{Text: text, Bits: 1}) {
			joined.WriteString(fragment.Text)
		}
		if joined.String() != text {
			t.Errorf("got %q, want %q", joined.String(), text)
		}
	})
}

func BenchmarkPostChat(b *testing.B) {
	w := world.New(world.Options{NoChatLimits: true})
	ada, _ := w.AddUser(world.User{Login: "ada"})
	w.Subscribe(func(world.Fact) {})
	b.ReportAllocs()
	for b.Loop() {
		_, _ = w.PostChat(world.Post{BroadcasterID: ada.ID, SenderID: ada.ID, Text: "hello world"})
	}
}
