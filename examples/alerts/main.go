// Command alerts tells the chat of your own channel what happens: the stream begins, a viewer
// donates to the charity campaign, and a viewer redeems the reward "Drink", which is then
// fulfilled.
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/alerts
package main

import (
	"context"
	"fmt"
	"io"
	"math"
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
		Server:   getenv("TWITCH_SERVER"),
		Scopes:   []oauth.Scope{"user:read:chat", "user:write:chat", "channel:read:charity", "channel:manage:redemptions"},
		OnDevice: func(d *oauth.Device) { fmt.Fprintln(out, "Log in:", d.VerificationURI, d.UserCode) },
		OnReady:  func(context.Context, []eventsub.Result) { fmt.Fprintln(out, "ready") },
		Setup: func(context.Context) error {
			b := bot.New(me.Twitch, me.Mux, bot.Options{UserID: me.User().ID})
			eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.StreamOnline) error {
				return b.Say(ctx, e.BroadcasterUserID, "%s is live!", e.BroadcasterUserName)
			})
			eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.ChannelCharityCampaignDonate) error {
				return b.Say(ctx, e.BroadcasterUserID, "%s gave %.2f %s to %s", e.UserName, float64(e.Amount.Value)/math.Pow10(e.Amount.DecimalPlaces), e.Amount.Currency, e.CharityName)
			})
			return bot.Reward(b, "Drink", func(ctx context.Context, c *bot.Call, _ struct{}) error {
				return c.Reply(ctx, "wants you to drink something")
			})
		},
	})
	return me, nil
}
