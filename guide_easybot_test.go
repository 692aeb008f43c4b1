package larkspur_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The code of docs/guides/from-easy-bot.md.

func newLibrarian(clientID, clientSecret string, store oauth.Store, o larkspur.AccountOptions) (*larkspur.Account, error) {
	o.Endpoints = []string{"ban-user"}
	me := larkspur.NewAccount(clientID, clientSecret, store, o)
	b := me.NewBot(bot.Options{})
	eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.ChannelChatNotification) error {
		switch {
		case e.Sub != nil:
			return b.Say(ctx, e.BroadcasterUserID, "Welcome to the library, %s!", e.ChatterUserName)
		case e.Resub != nil:
			return b.Say(ctx, e.BroadcasterUserID, "%s has had a card for %d months", e.ChatterUserName, e.Resub.CumulativeMonths)
		case e.CommunitySubGift != nil:
			return b.Say(ctx, e.BroadcasterUserID, "%s gives %d cards", e.ChatterUserName, e.CommunitySubGift.Total)
		case e.SubGift != nil && e.SubGift.CommunityGiftID == "": // not one of those
			return b.Say(ctx, e.BroadcasterUserID, "%s gives a card to %s", e.ChatterUserName, e.SubGift.RecipientUserName)
		}
		return nil
	})
	return me, errors.Join(
		bot.Command(b, "lend", lend, bot.Alias("borrow"), bot.Cooldown(1, 10*time.Second, bot.PerChatter)),
		bot.Command(b, "loud", loud),
	)
}

type lendArgs struct {
	Days int
	Book string `arg:"rest"`
}

func lend(ctx context.Context, c *bot.Call, a lendArgs) error {
	if a.Days > 28 {
		return bot.Sorry("four weeks at most")
	}
	return c.Reply(ctx, "%s is yours for %d days", a.Book, a.Days)
}

func loud(ctx context.Context, c *bot.Call, _ struct{}) error {
	if rand.IntN(2) == 0 {
		return c.Send(ctx, "psst, %s", c.Chatter.Name)
	}
	if err := c.Send(ctx, "%s has to wait outside", c.Chatter.Name); err != nil {
		return err
	}
	return c.Timeout(ctx, 30*time.Second, "too loud")
}

func TestGuideFromEasyBot(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		me, err := newLibrarian(s.tw.ClientID(), s.tw.ClientSecret(), s.store, larkspur.AccountOptions{
			Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), RedirectURI: redirect, Channel: "ada",
			Code: s.code("robin", "user:read:chat", "user:write:chat", "moderator:manage:banned_users"),
		})
		mustDo(t, err)
		r := s.run(me.Run)
		s.ready(me.Ready)
		var got []string
		happens := func(what func()) {
			before := len(s.tw.Chat("ada"))
			what()
			time.Sleep(time.Second)
			synctest.Wait()
			for _, m := range s.tw.Chat("ada")[before:] {
				if m.User == "robin" {
					got = append(got, m.Text)
				}
			}
		}
		happens(func() { s.tw.Say("ada", "grace", "!lend 7 Dune") })
		happens(func() { s.tw.Say("ada", "grace", "!lend 7 Emma") }) // cooling down
		time.Sleep(10 * time.Second)
		happens(func() { s.tw.Say("ada", "grace", "!borrow 99 Emma") }) // no use of the cooldown
		happens(func() { s.tw.Say("ada", "grace", "!LEND  14  The Dispossessed") })
		happens(func() { s.tw.Say("ada", "grace", "!borrow Emma") })
		happens(func() { s.tw.Subscribe("ada", "grace", "1000") })
		happens(func() { s.tw.Resubscribe("ada", "grace", "still here", 5) })
		happens(func() {
			e := eventsub.ChannelChatNotification{BroadcasterUserID: me.ChannelID(), ChatterUserName: "grace", SubGift: &eventsub.NoticeSubGift{RecipientUserName: "hedy"}}
			if n, err := s.tw.SendEvent(e.Type(), "ada", e); n != 1 || err != nil {
				t.Errorf("a single gift: got %d, %v, want it sent once", n, err)
			}
		})
		happens(func() { s.tw.Gift("ada", "hedy", "linus", "ken") })
		if diff := cmp.Diff([]string{
			"Dune is yours for 7 days", "four weeks at most", "The Dispossessed is yours for 14 days",
			"days must be a whole number; usage: !lend <days> <book>",
			"Welcome to the library, grace!", "grace has had a card for 5 months", "grace gives a card to hedy", "hedy gives 2 cards",
		}, got); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		for !s.tw.IsBanned("ada", "grace") {
			before := len(got)
			happens(func() { s.tw.Say("ada", "grace", "!loud") })
			if len(got) == before {
				t.Fatal("no answer to !loud")
			}
		}
		if last := got[len(got)-1]; last != "grace has to wait outside" {
			t.Errorf("got %q before the timeout", last)
		}
		r.end()
	}, emulator.User("hedy", "linus", "ken"), emulator.Moderator("ada", "robin"))
}

// joined returns the account of a bot in several channels, whose owners have not logged in.
func joined(clientID, clientSecret string, store oauth.Store, o larkspur.AccountOptions, logins ...string) (*larkspur.Account, error) {
	var me *larkspur.Account
	var b *bot.Bot

	o.Setup = func(ctx context.Context) error {
		for _, login := range logins {
			channel, err := me.Twitch.Users.ByLogin(ctx, login)
			if err != nil {
				return err
			}
			me.Session.Want(b.Wants(channel.ID)...)
		}
		return nil
	}

	me = larkspur.NewAccount(clientID, clientSecret, store, o)
	b = me.NewBot(bot.Options{})
	return me, bot.Command(b, "lend", lend)
}

func TestGuideFromEasyBotInSeveralChannels(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		me, err := joined(s.tw.ClientID(), s.tw.ClientSecret(), s.store, larkspur.AccountOptions{
			Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), RedirectURI: redirect, Code: s.code("robin", "user:read:chat", "user:write:chat"),
		}, "ada", "hedy")
		mustDo(t, err)
		r := s.run(me.Run)
		s.ready(me.Ready)
		for _, channel := range []string{"ada", "hedy"} {
			s.tw.Say(channel, "grace", "!lend 7 Dune")
			time.Sleep(time.Second)
			s.tw.WantChat(t, channel, "Dune is yours for 7 days")
		}
		r.end()
	}, emulator.Channel("hedy"))
}

// The code of the guide is the code above.
func TestGuideFromEasyBotCompiles(t *testing.T) {
	text, err := os.ReadFile("docs/guides/from-easy-bot.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("guide_easybot_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Fatalf("got %d blocks of Go, want 2", len(blocks))
	}
	have := words(string(program))
	for _, block := range blocks {
		for part := range strings.SplitSeq(block[1], "\n\n") {
			if part = strings.TrimSpace(words(part)); !strings.Contains(have, part) {
				t.Errorf("this is not in guide_easybot_test.go: %s", part)
			}
		}
	}
}
