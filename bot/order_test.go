package bot_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

// With the cooldown before the check, a viewer who may not use a command could keep
// the moderators from using it.
func TestRefusedCallCostsNoUse(t *testing.T) {
	cooldown := bot.Cooldown(1, time.Minute)
	for name, options := range map[string][]bot.Option{
		"cooldown first": {cooldown, bot.ModsOnly},
		"check first":    {bot.ModsOnly, cooldown},
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello, options...) }, func(r *room) {
				r.tw.Mod("ada", "bob")
				r.want("grace", "!hello")
				r.want("bob", "!hello", "hello bob!")
				r.want("bob", "!hello")
			})
		})
	}
}

func TestMistypedCallCostsNoUse(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "give", give, bot.Cooldown(1, time.Minute)) }, func(r *room) {
		r.want("grace", "!give", "usage: !give <to> <amount> [message]")
		r.want("grace", "!give grace 1", "@grace gave 1 thanks to @grace (grace)")
		r.want("grace", "!give grace 2")
	})
}

func TestCallRefusedByOneCooldownCostsNoUseOfAnother(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "hello", hello, bot.Cooldown(2, time.Minute), bot.Cooldown(1, time.Minute, bot.PerChatter))
	}, func(r *room) {
		r.want("grace", "!hello", "hello grace!")
		for range 5 {
			r.want("grace", "!hello")
		}
		r.want("bob", "!hello", "hello bob!")
		r.want("ada", "!hello") // two uses are all the channel has
	})
}

func TestStagesOfACallHaveOneOrder(t *testing.T) {
	var trace []string
	note := func(what string) { trace = append(trace, what) }
	inRoom(t, func(b *bot.Bot) error {
		b.Use(func(next bot.Handler) bot.Handler {
			return func(ctx context.Context, c *bot.Call) error { note("middleware"); return next(ctx, c) }
		})
		return bot.Command(b, "count", func(context.Context, *bot.Call, struct{ N int }) error { note("run"); return nil },
			bot.Cooldown(1, time.Minute), bot.Require(func(context.Context, *chat.Message) error { note("check"); return nil }))
	}, func(r *room) {
		r.says("grace", "!count x") // wrong arguments
		r.says("grace", "!count 1")
		r.says("grace", "!count 2") // cooling down
	})
	if want := []string{"check", "check", "middleware", "run", "check"}; !slices.Equal(trace, want) {
		t.Errorf("got %q, want %q", trace, want)
	}
}

func TestHelpListsWhatTheAskerMayUse(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "hello", hello),
			bot.Command(b, "mods", hello, bot.ModsOnly, bot.Cooldown(1, time.Hour)),
			bot.Command(b, "vips", hello, bot.Only(chat.VIP)),
			bot.Command(b, "mine", hello, bot.BroadcasterOnly, bot.About("greets you")),
		)
	}, func(r *room) {
		r.tw.Mod("ada", "bob")
		r.want("grace", "!help", "commands: !help !hello")
		r.want("bob", "!help", "commands: !help !hello !mods")
		r.want("ada", "!help", "commands: !help !hello !mods !vips !mine")
		r.want("grace", "!help mine", "you cannot use !mine")
		r.want("ada", "!help mine", "!mine: greets you")
		r.want("bob", "!mods", "hello bob!") // help was no use of it
	})
}

func TestCheckMayGiveAReason(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		reason := func(_ context.Context, m *chat.Message) error {
			if m.Chatter.Login == "bob" {
				return errors.New("database is down")
			}
			return bot.Sorry("only on Fridays")
		}
		return bot.Command(b, "party", hello, bot.Require(reason))
	}, func(r *room) {
		r.want("grace", "!party", "only on Fridays")
		if log := r.log.String(); log != "" {
			t.Errorf("got the log %q, want none", log)
		}
		r.want("bob", "!party", "something went wrong (…)")
		r.wantLog("command party: database is down")
	})
}

func TestMessagesOfAnotherTransportAreHandled(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		m := &chat.Message{
			Broadcaster: chat.User{ID: r.tw.UserID("ada"), Login: "ada"},
			Chatter:     chat.Chatter{User: chat.User{ID: "7", Login: "eve", Name: "Eve"}}, Text: "!hello",
		}
		if err := r.bot.Invoke(r.t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if m := r.tw.Chat("ada"); len(m) != 1 || m[0].Text != "hello Eve!" {
			t.Errorf("got %+v, want one reply", m)
		}
	})
}
