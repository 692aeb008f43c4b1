// Command screenclick tells the chat where viewers click on the video, with the Heat
// extension: !start_track and !stop_track switch it on and off for the viewer who types it.
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/screenclick
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/heat"
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

func newAccount(getenv func(string) string, tokens string, out io.Writer) (*larkspur.Account, error) {
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	t := &tracker{}
	me := larkspur.NewAccount(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server:   getenv("TWITCH_SERVER"),
		OnDevice: func(d *oauth.Device) { fmt.Fprintln(out, "Log in:", d.VerificationURI, d.UserCode) },
		OnReady: func(ctx context.Context, _ []eventsub.Result) {
			clicks := heat.New(t.me.ChannelID(), heat.Options{URL: getenv("HEAT_SERVER")})
			go func() { _ = clicks.Run(ctx, t.click) }() // it ends with the bot
			fmt.Fprintln(out, "ready")
		},
	})
	t.me, t.bot = me, me.NewBot(bot.Options{})
	return me, errors.Join(bot.Command(t.bot, "start_track", t.start), bot.Command(t.bot, "stop_track", t.stop))
}

// A tracker knows the viewers whose clicks are told.
type tracker struct {
	me    *larkspur.Account
	bot   *bot.Bot
	names sync.Map // display names by user id
}

func (t *tracker) start(ctx context.Context, c *bot.Call, _ struct{}) error {
	t.names.Store(c.Chatter.ID, c.Chatter.Name)
	return c.Reply(ctx, "your clicks are tracked")
}

func (t *tracker) stop(ctx context.Context, c *bot.Call, _ struct{}) error {
	t.names.Delete(c.Chatter.ID)
	return c.Reply(ctx, "your clicks are no longer tracked")
}

// click tells where a tracked viewer clicked. A viewer who shares no identity has no user id.
func (t *tracker) click(ctx context.Context, c heat.Click) error {
	name, tracked := t.names.Load(c.UserID())
	if !tracked {
		return nil
	}
	side, half := "left", "top"
	if c.X >= 0.5 {
		side = "right"
	}
	if c.Y >= 0.5 {
		half = "bottom"
	}
	return t.bot.Say(ctx, t.me.ChannelID(), "%s clicked at the %s %s", name, half, side)
}
