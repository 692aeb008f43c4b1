// Command cafe is the bot of docs/guides/writing-a-bot.md: its files are the sections of
// the guide.
//
//	export TWITCH_CLIENT_ID=… TWITCH_CHANNEL=…
//	go run ./examples/cafe
//
// With BOT=my_bot ADDRESS=https://bot.example it serves many channels, whose owners add it
// on its web page.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A program is an Account or an App.
type program interface {
	Run(ctx context.Context) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	p, err := newProgram(os.Getenv, "tokens.json", os.Stdout)
	if err == nil {
		err = p.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newProgram(getenv func(string) string, tokens string, out io.Writer) (program, error) {
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	clientID, clientSecret, server := getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), getenv("TWITCH_SERVER")
	if address := getenv("ADDRESS"); address != "" {
		return newApp(clientID, clientSecret, store, larkspur.AppOptions{
			Server: server, Bot: getenv("BOT"), RedirectURI: address + "/oauth/callback", Listen: "localhost:4343",
			Endpoints: []string{"update-redemption-status"},
		})
	}
	return newAccount(clientID, clientSecret, store, larkspur.AccountOptions{
		Server: server, Channel: getenv("TWITCH_CHANNEL"),
		OnDevice: func(d *oauth.Device) { fmt.Fprintln(out, "Log in:", d.VerificationURI, d.UserCode) },
		OnReady:  func(context.Context, []eventsub.Result) { fmt.Fprintln(out, "ready") },
		Logger:   slog.New(slog.NewTextHandler(out, nil)),
	})
}

func newAccount(clientID, clientSecret string, store oauth.Store, o larkspur.AccountOptions) (*larkspur.Account, error) {
	o.Endpoints = []string{"send-a-shoutout", "send-chat-announcement", "ban-user", "get-channel-followers", "update-redemption-status"}
	var me *larkspur.Account
	var b *bot.Bot
	o.Setup = func(ctx context.Context) error { return components(ctx, b, me.ChannelID()) }
	me = larkspur.NewAccount(clientID, clientSecret, store, o)
	words := &languages{german: map[string]bool{}}
	b = me.NewBot(bot.Options{
		Prefixes:  []string{"@robin "},
		Translate: words.translate,
	})
	err := errors.Join(register(b), bot.Command(b, "language", words.choose, bot.ModsOnly))
	if err == nil && o.Channel == "" { // only the account of the channel may read its redemptions
		err = rewards(b)
	}
	return me, err
}

// register registers the commands.
func register(b *bot.Bot) error {
	return errors.Join(orders(b), songs(b), rules(b), moderation(b), questions(b), bot.Command(b, "espresso", espresso))
}

// espresso returns an error that is not for the chatter: it goes to the log.
func espresso(context.Context, *bot.Call, struct{}) error {
	return errors.New("the machine has no water")
}
