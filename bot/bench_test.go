package bot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// call returns a function that runs a command of a group with two checks, a cooldown and
// three arguments.
func call(tb testing.TB) func() {
	tb.Helper()
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{HTTPClient: http.DefaultClient}), eventsub.NewMux(), bot.Options{UserID: "1"})
	type args struct {
		Title string
		N     int
		Wait  time.Duration
	}
	called := 0
	if err := errors.Join(
		bot.Group(b, "song", bot.Only(chat.Subscriber)),
		bot.Command(b, "song add", func(_ context.Context, _ *bot.Call, a args) error { called += a.N; return nil },
			bot.Require(bot.Channels("2")), bot.Cooldown(1_000_000_000, time.Second, bot.PerChatter, bot.Smoothly)),
	); err != nil {
		tb.Fatal(err)
	}
	ctx, m := tb.Context(), &chat.Message{
		Broadcaster: chat.User{ID: "2", Login: "ada"}, Text: "!song add Hello 5 10s",
		Chatter: chat.Chatter{User: chat.User{ID: "7", Login: "eve"}, Roles: chat.Subscriber},
	}
	return func() {
		before := called
		if err := b.Invoke(ctx, m); err != nil || called != before+5 {
			tb.Fatal(err, called)
		}
	}
}

func BenchmarkCall(b *testing.B) {
	run := call(b)
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}

func TestAllocationsOfACall(t *testing.T) {
	if got := testing.AllocsPerRun(100, call(t)); got > 6 {
		t.Errorf("a call allocates %v times, want 6 at most", got)
	}
}

func TestMarkdown(t *testing.T) {
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux(), bot.Options{UserID: "1"})
	if err := errors.Join(
		bot.Command(b, "song add", func(context.Context, *bot.Call, struct {
			Mode string `arg:"oneof=now|later"`
		},
		) error {
			return nil
		}, bot.Alias("new"), bot.About("adds a song")),
	); err != nil {
		t.Fatal(err)
	}
	want := `| command | what it does |
|---|---|
| !help [command] | shows what I can do |
| !song add \<now\|later> | adds a song; also !song new |
`
	if got := b.Markdown(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
