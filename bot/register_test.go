package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestNameWithThePrefixIsRefused(t *testing.T) {
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux(), bot.Options{UserID: "1"})
	err := bot.Command(b, "!hello", func(context.Context, *bot.Call, struct{}) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "prefix") {
		t.Errorf("got %v, want an error: !!hello is a mistake", err)
	}
}

func TestMistakesInCommandsAreErrorsOfTheRegistration(t *testing.T) {
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux(), bot.Options{UserID: "1"})
	type (
		restIsNumber struct {
			R int `arg:"rest"`
		}
		afterRest struct {
			R string `arg:"rest"`
			N int
		}
		afterOptional struct {
			O string `arg:"optional"`
			N int
		}
	)
	rows := []struct {
		err  error
		want string
	}{
		{bot.Command[struct{}](b, "a", nil), `bot: command "a": the function is nil`},
		{bot.Command(b, "a", hello, nil), `bot: command "a": an option is nil`},
		{bot.Command(b, "a", hello, bot.With(nil)), `bot: command "a": the middleware is nil`},
		{bot.Command(b, "a", hello, bot.Require(nil)), `bot: command "a": the check is nil`},
		{bot.Command(b, "a", hello, bot.Cooldown(0, time.Second)), `bot: command "a": a cooldown of 0 uses in 1s cannot be`},
		{bot.Command(b, "a", hello, bot.Cooldown(1, 0)), `bot: command "a": a cooldown of 1 uses in 0s cannot be`},
		{bot.Command(b, "", hello), `bot: command "": invalid name ""`},
		{bot.Command(b, "a", hello, bot.Alias("")), `bot: command "a": invalid name "": an alias is one word`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, int) error { return nil }), `bot: command "a": the arguments must be a struct, not int`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, struct{ C chan int }) error { return nil }), `bot: command "a": field C: chan int cannot be an argument; use string, bool, a number, time.Duration, bot.User, bot.Color, a type with a method ParseArg, or a list of one of them`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, struct{ c int }) error { return nil }), `bot: command "a": field c: must be exported`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, restIsNumber) error { return nil }), `bot: command "a": field R: the rest must be a string and no flag`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, afterRest) error { return nil }), `bot: command "a": field N: nothing can follow the rest`},
		{bot.Command(b, "a", func(context.Context, *bot.Call, afterOptional) error { return nil }), `bot: command "a": field N: only optional fields can follow an optional one`},
		{bot.Command(b, "a b c d e", hello), `bot: command "a b c d e": the name "a b c d e" has more than 4 words`},
		{bot.Command(b, "!a", hello), `bot: command "!a": "!a" begins with the prefix, which is not part of a name`},
		{bot.Group(b, "", bot.Alias("x")), `bot: group "": invalid name ""`},
		{bot.Command(b, "ok", hello), ""},
		{bot.Command(b, "two", hello, bot.Alias("OK")), `bot: command "two": the name "OK" is taken`},
		{bot.Command(b, "help", hello), ""}, // replaces the one that is built in
	}
	for _, row := range rows {
		if got := fmt.Sprint(row.err); got != row.want && (row.want != "" || row.err != nil) {
			t.Errorf("got %s, want %s", got, row.want)
		}
	}
	if diff := cmp.Diff([]string{"!ok", "!help"}, b.Commands()); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestNewPanicsOnMissingOptions(t *testing.T) {
	tw, mux := helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux()
	for want, mistake := range map[string]func(){
		"bot: New: the client, the mux or the stream is nil":   func() { bot.New(nil, mux, bot.Options{UserID: "1"}) },
		"bot: New: the client, the mux or the stream is nil ":  func() { bot.New(tw, (*eventsub.Mux)(nil), bot.Options{UserID: "1"}) },
		"bot: New: the client, the mux or the stream is nil  ": func() { bot.New(tw, (*bot.Stream)(nil), bot.Options{UserID: "1"}) },
		"bot: New: Options.UserID is missing":                  func() { bot.New(tw, mux, bot.Options{}) },
		"bot: On: the handler is nil":                          func() { bot.NewStream(bot.StreamOptions{}).On(nil) },
		"bot: Use: the middleware is nil":                      func() { bot.New(tw, mux, bot.Options{UserID: "1"}).Use(nil) },
	} {
		if got := panicOf(mistake); got != strings.TrimSpace(want) {
			t.Errorf("got %v, want the panic %q", got, want)
		}
	}
}

func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}
