package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

// A sequence notes what happens to calls.
type sequence struct{ steps []string }

func (s *sequence) note(format string, args ...any) {
	s.steps = append(s.steps, fmt.Sprintf(format, args...))
}

func (s *sequence) check(name string) bot.Check {
	return func(context.Context, *chat.Message) error { s.note("check %s", name); return nil }
}

func (s *sequence) wrap(name string) bot.Middleware {
	return func(next bot.Handler) bot.Handler {
		return func(ctx context.Context, c *bot.Call) error {
			s.note("before %s", name)
			err := next(ctx, c)
			s.note("after %s: %v", name, err)
			return err
		}
	}
}

// A counted is an argument that notes when it is parsed.
type counted struct{ N string }

var parsed *sequence

func (a *counted) ParseArg(_ context.Context, _ *bot.Call, word string) error {
	parsed.note("argument %s", word)
	if a.N = word; word == "wrong" {
		return errors.New("is wrong")
	}
	return nil
}

// Setup registers a command of a group, in another order than that of its stages.
func (s *sequence) Setup(setup *bot.Setup) error {
	parsed = s
	setup.Use(s.wrap("component"))
	setup.Require(s.check("component"))
	cooldown := func(name string) bot.Option {
		return bot.Cooldown(1, time.Minute, bot.KeyedBy(func(*bot.Call) string { s.note("cooldown %s", name); return "all" }))
	}
	return errors.Join(
		bot.Command(setup, "song add", func(_ context.Context, _ *bot.Call, a struct{ Title counted }) error {
			s.note("run %s", a.Title.N)
			if a.Title.N == "sorry" {
				return bot.Sorry("no")
			}
			return nil
		}, bot.With(s.wrap("command")), cooldown("command"), bot.Require(s.check("command"))),
		bot.Group(setup, "song", bot.With(s.wrap("group")), cooldown("group"), bot.Require(s.check("group"))),
	)
}

func TestSequenceOfACall(t *testing.T) {
	const checks = "check component, check group, check command"
	s := &sequence{}
	inRoom(t, func(b *bot.Bot) error {
		b.Use(s.wrap("bot"))
		return nil
	}, func(r *room) {
		if err := r.bot.Add(r.t.Context(), "songs", s); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ text, want string }{
			{"!song add wrong", checks + ", argument wrong"},
			{"!song add sorry", checks + ", argument sorry, cooldown group, cooldown command, " +
				"before bot, before component, before group, before command, run sorry, " +
				"after command: bot: no, after group: bot: no, after component: bot: no, after bot: bot: no"},
			{"!song add one", checks + ", argument one, cooldown group, cooldown command, " + // the use was given back
				"before bot, before component, before group, before command, run one, " +
				"after command: <nil>, after group: <nil>, after component: <nil>, after bot: <nil>"},
			{"!song add two", checks + ", argument two, cooldown group, cooldown command"}, // cooling down
		} {
			s.steps = nil
			r.says("grace", tt.text)
			if diff := cmp.Diff(tt.want, strings.Join(s.steps, ", ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.text, diff)
			}
		}
	})
}
