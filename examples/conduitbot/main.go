// Command conduitbot is a bot for many channels. Their owners add it on its web page while
// it runs, and remove it when they disconnect the application at Twitch:
//
//	export TWITCH_CLIENT_ID=… TWITCH_CLIENT_SECRET=… BOT=my_bot ADDRESS=https://bot.example
//	go run ./examples/conduitbot
//
// The account of the bot logs in once, at the second address that is shown. The events of
// all channels arrive over a conduit. ADDRESS leads to port 4343 of this machine.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	app, err := newApp(os.Getenv, "localhost:4343", "tokens.json", os.Stdout)
	if err == nil {
		err = app.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newApp(getenv func(string) string, listen, tokens string, out io.Writer) (app *larkspur.App, err error) {
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	app = larkspur.NewConduitApp(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AppOptions{
		Server: getenv("TWITCH_SERVER"), Bot: getenv("BOT"), Endpoints: []string{"send-chat-message"},
		RedirectURI: getenv("ADDRESS") + "/oauth/callback", Listen: listen,
		OnReady: func(context.Context, []eventsub.Result) {
			fmt.Fprintln(out, "ready: channels are added at", app.LoginURL(), "and the bot logs in at", app.BotLoginURL())
		},
		OnAdded:   func(_ context.Context, id string, _ []eventsub.Result) { fmt.Fprintln(out, "added", id) },
		OnRemoved: func(_ context.Context, id string, _ error) { fmt.Fprintln(out, "removed", id) },
		Setup: func(ctx context.Context) error {
			me, err := app.Twitch.Users.ByLogin(ctx, getenv("BOT"))
			if err != nil {
				return err
			}
			b := bot.New(app.Twitch, app.Mux, bot.Options{UserID: me.ID})
			return bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
				return c.Reply(ctx, "Hello %s, this is the channel of %s!", c.Chatter.Name, c.Message.Broadcaster.Name)
			})
		},
	})
	return app, nil
}
