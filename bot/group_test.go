package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

// echo answers with the command, the words that called it and its arguments.
func echo(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Send(ctx, "%s|%s|%s", c.Command, c.Alias, c.Args)
}

func TestGroups(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "song add", echo, bot.Alias("new"), bot.About("adds a song")),
			bot.Group(b, "song", bot.Alias("sr"), bot.About("plays songs"), bot.Cooldown(3, time.Minute)),
			bot.Command(b, "song", echo),
			bot.Command(b, "song queue clear", echo, bot.ModsOnly),
			bot.Command(b, "hello", hello),
		)
	}, func(r *room) {
		r.want("grace", "!song add Hello World", "song add|song add|Hello World")
		r.want("grace", "!SR  New  x ", "song add|SR  New|x")
		r.want("grace", "!song please", "song|song|please")
		r.want("grace", "!song") // three uses of the group
		time.Sleep(time.Minute)
		r.want("grace", "!song queue clear")
		r.want("ada", "!song queue clear", "song queue clear|song queue clear|")
		r.want("grace", "!song queue", "song|song|queue")
		r.want("grace", "!help", "commands: !help !song !hello")
		r.want("grace", "!help song", "plays songs: !song add, !song")
		r.want("grace", "!help !song add", "!song add: adds a song")
		r.want("grace", "!help song nothing", "there is no command song nothing")
		r.want("grace", "!help @hedy look: https://x.example/"+strings.Repeat("y", 50), "there is no command hedy look httpsxexampleyyyyyy…")
		r.want("grace", "!help !!!", "there is no command ?")
		if page := r.bot.Markdown(); !strings.Contains(page, "| !song | plays songs |") {
			t.Errorf("got the page %s", page)
		}
	})
}

func TestPrefixesAndReplies(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		m := &chat.Message{
			Broadcaster: chat.User{ID: r.tw.UserID("ada"), Login: "ada"}, Text: "@grace !hello",
			Chatter: chat.Chatter{User: chat.User{ID: "7", Login: "eve", Name: "Eve"}}, Reply: &chat.Parent{MessageID: "1"},
		}
		if err := r.bot.Invoke(r.t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if m := r.tw.Chat("ada"); len(m) != 1 || m[0].Text != "hello Eve!" {
			t.Errorf("got %+v, want one answer to a reply", m)
		}
	})
}

func TestChecksAreCombined(t *testing.T) {
	yes := func(context.Context, *chat.Message) error { return nil }
	no := func(context.Context, *chat.Message) error { return bot.ErrNotAllowed }
	sorry := func(context.Context, *chat.Message) error { return bot.Sorry("no") }
	down := func(context.Context, *chat.Message) error { return errors.New("down") }
	m := &chat.Message{
		Broadcaster: chat.User{ID: "1"},
		Chatter:     chat.Chatter{User: chat.User{ID: "7"}, Roles: chat.Subscriber, Badges: []chat.Badge{{Set: "subscriber", Version: "2012"}}},
	}
	for name, tt := range map[string]struct {
		check bot.Check
		want  string
	}{
		"any":          {bot.AnyOf(no, down, yes), "<nil>"},
		"any of none":  {bot.AnyOf(), "bot: not allowed"},
		"any sorry":    {bot.AnyOf(no, sorry, down), "bot: no"},
		"all":          {bot.AllOf(yes, sorry, down), "bot: no"},
		"not yes":      {bot.Not(yes), "bot: not allowed"},
		"not no":       {bot.Not(no), "<nil>"},
		"not sorry":    {bot.Not(sorry), "<nil>"},
		"not down":     {bot.Not(down), "down"},
		"tier":         {bot.SubTier(2), "<nil>"},
		"higher tier":  {bot.SubTier(3), "bot: not allowed"},
		"user":         {bot.Users("6", "7"), "<nil>"},
		"other user":   {bot.Users("6"), "bot: not allowed"},
		"channel":      {bot.Channels("1"), "<nil>"},
		"role":         {bot.Is(chat.Subscriber | chat.VIP), "<nil>"},
		"another role": {bot.Is(chat.VIP), "bot: not allowed"},
	} {
		got := "<nil>"
		if err := tt.check(t.Context(), m); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}
