// Command basicbot is a bot with some commands, a group of commands and a component. It
// reads the chat of one channel, and greets when the channel goes live:
//
//	export TWITCH_CLIENT_ID=… TWITCH_CHANNEL=…
//	go run ./examples/basicbot
//
// The first start shows an address at which the account of the bot logs in. TWITCH_SERVER
// is the address of an emulator.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	me, err := newAccount(os.Getenv, "tokens.json", os.Stdout)
	if err == nil {
		err = me.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newAccount(getenv func(string) string, tokens string, out io.Writer) (me *larkspur.Account, err error) {
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	me = larkspur.NewAccount(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server: getenv("TWITCH_SERVER"), Channel: getenv("TWITCH_CHANNEL"),
		Scopes:   []oauth.Scope{"user:read:chat", "user:write:chat"},
		OnDevice: func(d *oauth.Device) { fmt.Fprintln(out, "Log in:", d.VerificationURI, d.UserCode) },
		OnReady:  func(context.Context, []eventsub.Result) { fmt.Fprintln(out, "ready") },
		Setup: func(ctx context.Context) error {
			b := bot.New(me.Twitch, me.Mux, bot.Options{UserID: me.User().ID})
			return errors.Join(
				bot.Command(b, "hello", hello, bot.Alias("hi"), bot.About("says hello to you")),
				bot.Command(b, "dice", dice, bot.Cooldown(2, 10*time.Second, bot.PerChatter)),
				bot.Command(b, "say", say, bot.ModsOnly),
				b.Add(ctx, "links", links{b}),
			)
		},
	})
	return me, nil
}

func hello(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "Hello %s!", c.Chatter.Name)
}

func dice(ctx context.Context, c *bot.Call, a struct {
	Sides int `arg:"default=6"`
},
) error {
	if a.Sides < 1 {
		return bot.Sorry("a dice needs a side")
	}
	return c.Reply(ctx, "%d of %d", 1+rand.IntN(a.Sides), a.Sides) //nolint:gosec // a game
}

func say(ctx context.Context, c *bot.Call, a struct {
	Text string `arg:"rest"`
},
) error {
	return c.Send(ctx, "%s", a.Text)
}

// links is a component: a group of commands, and the handler of an event.
type links struct{ bot *bot.Bot }

func (l links) Setup(s *bot.Setup) error {
	bot.On(s, func(ctx context.Context, e *eventsub.StreamOnline) error {
		return l.bot.Say(ctx, e.BroadcasterUserID, "Welcome to the stream of %s!", e.BroadcasterUserName)
	})
	link := func(text string) func(ctx context.Context, c *bot.Call, _ struct{}) error {
		return func(ctx context.Context, c *bot.Call, _ struct{}) error { return c.Reply(ctx, "%s", text) }
	}
	return errors.Join(
		bot.Command(s, "links", link("!links shop, !links video")),
		bot.Command(s, "links shop", link("https://shop.example.org")),
		bot.Command(s, "links video", link("https://video.example.org")),
	)
}
