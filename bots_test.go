package larkspur_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
)

// greet answers with the name of the channel.
func greet(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "Hello %s in the channel of %s!", c.Chatter.Login, c.Message.Broadcaster.Login)
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A bot is made before the login. It answers, knows the broadcaster as its owner, runs its
// routines, and its calls are waited for at the end.
func TestAccountWithABot(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("robin", "user:read:chat", "user:write:chat"), Channel: "ada"})
		b := a.NewBot(bot.Options{})
		if got := a.Scopes().String(); got != "user:read:chat user:write:chat" {
			t.Errorf("scopes: got %q", got)
		}
		mustDo(t, bot.Command(b, "hello", greet))
		mustDo(t, bot.Command(b, "mine", greet, bot.Require(b.IsOwner)))
		var finished atomic.Bool
		mustDo(t, bot.Command(b, "slow", func(context.Context, *bot.Call, struct{}) error {
			time.Sleep(500 * time.Millisecond)
			finished.Store(true)
			return nil
		}))
		var runs atomic.Int64
		_, err := b.Routine("count", bot.Every(time.Minute), func(context.Context) error {
			runs.Add(1)
			return nil
		}, bot.RoutineOptions{})
		mustDo(t, err)
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.Say("ada", "grace", "!hello")
		s.tw.Say("ada", "grace", "!mine")
		time.Sleep(time.Second) // calls of different chatters have no order
		s.tw.Say("ada", "ada", "!mine")
		time.Sleep(149 * time.Second)
		if got := runs.Load(); got != 2 {
			t.Errorf("the routine ran %d times, want 2", got)
		}
		s.tw.Say("ada", "grace", "!slow")
		synctest.Wait()
		r.end()
		if !finished.Load() {
			t.Error("Run did not wait for a call")
		}
		wantAnswers(t, s, "ada", "Hello grace in the channel of ada!", "Hello ada in the channel of ada!")
	})
}

// The bot of an App answers in each channel, also in one that is added while it runs.
func TestAppWithABot(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{Bot: "robin"})
		mustDo(t, bot.Command(app.NewBot(bot.Options{}), "hello", greet))
		s.logIn(app, "robin", app.BotScopes()...)
		s.logIn(app, "ada", app.Scopes()...)
		r := s.run(app.Run)
		s.ready(app.Ready)
		s.tw.Say("ada", "grace", "!hello")
		s.openAs(app, app.LoginURL(), "grace") // adds her channel
		s.ready(app.Ready)
		s.tw.Say("grace", "ada", "!hello")
		time.Sleep(10 * time.Second)
		wantAnswers(t, s, "ada", "Hello grace in the channel of ada!")
		wantAnswers(t, s, "grace", "Hello ada in the channel of grace!")
		r.end()
	}, emulator.Channel("grace"), emulator.ApproveAs("grace"))
}

func TestBotNeedsAnAccount(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{})
		app.NewBot(bot.Options{})
		if err := app.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "AppOptions.Bot is empty") {
			t.Errorf("got %v, want an error about AppOptions.Bot", err)
		}
		defer func() {
			if recover() == nil {
				t.Error("NewBot after Run did not panic")
			}
		}()
		app.NewBot(bot.Options{})
	})
}

// wantAnswers compares what the bot has written in a channel.
func wantAnswers(t *testing.T, s *stage, channel string, want ...string) {
	t.Helper()
	var got []string
	for _, m := range s.tw.Chat(channel) {
		if strings.HasPrefix(m.Text, "Hello") {
			got = append(got, m.Text)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("answers in the channel of %s: got %q, want %q; log:\n%s", channel, got, want, s.logged())
	}
}
