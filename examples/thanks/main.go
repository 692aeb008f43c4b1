// Command thanks thanks new followers in the chat of your own channel:
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/thanks
//
// The first start shows an address at which you log in; the login is kept in tokens.json.
// Register the application at https://dev.twitch.tv/console/apps as a public client, or
// set TWITCH_CLIENT_SECRET too. TWITCH_SERVER is the address of an emulator.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
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
	me := larkspur.NewAccount(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server:    getenv("TWITCH_SERVER"),
		Endpoints: []string{"send-chat-message"},
		OnDevice: func(d *oauth.Device) {
			fmt.Fprintf(out, "To log in, open %s and enter %s\n", d.VerificationURI, d.UserCode)
		},
		OnReady: func(_ context.Context, results []eventsub.Result) { fmt.Fprintln(out, results[0]) },
	})
	eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.ChannelFollow) error {
		_, err := me.Twitch.Chat.SendMessage(ctx, helix.SendChatMessageParams{
			BroadcasterID: e.BroadcasterUserID, SenderID: me.User().ID,
			Message: "Thank you for the follow, " + e.UserName + "!",
		})
		return err
	})
	return me, nil
}
