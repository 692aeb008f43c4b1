// Command firstbot answers "!hello" in the chat of a channel:
//
//	export TWITCH_CLIENT_ID=… TWITCH_CHANNEL=…
//	go run ./examples/firstbot
//
// The first start shows an address and a code, with which the account of the
// bot logs in.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/oauth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	me, err := newAccount()
	if err == nil {
		err = me.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newAccount() (*larkspur.Account, error) {
	store, err := oauth.OpenFileStore("tokens.json")
	if err != nil {
		return nil, err
	}
	me := larkspur.NewAccount(os.Getenv("TWITCH_CLIENT_ID"), os.Getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server:   os.Getenv("TWITCH_SERVER"),  // of an emulator; empty for Twitch
		Channel:  os.Getenv("TWITCH_CHANNEL"), // default: the account's own
		OnDevice: func(d *oauth.Device) { fmt.Println("Log in:", d.VerificationURI, d.UserCode) },
		Logger:   slog.Default(),
	})
	b := me.NewBot(bot.Options{})
	return me, bot.Command(b, "hello", hello)
}

func hello(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "Hello %s!", c.Chatter.Name)
}
