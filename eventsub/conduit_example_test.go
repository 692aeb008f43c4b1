package eventsub_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Several processes of a program serve the shards of one conduit. Start it more than once:
// each gets its share, and takes over from one that ends.
func ExampleConduit() {
	tw := emulator.New(emulator.Channel("ada")) // in place of Twitch
	defer tw.Close()
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{BaseURL: tw.HelixURL()})
	dir, _ := os.MkdirTemp("", "shards") // for all processes the same directory
	defer os.RemoveAll(dir)

	ctx, stop := context.WithCancel(context.Background())
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		fmt.Println(e.BroadcasterUserLogin, "is live")
		stop()
		return nil
	})
	conduit := eventsub.NewConduit(client, mux, eventsub.ConduitOptions{
		Name: "mybot", Shards: 4, Owner: eventsub.NewFileShards(dir), URL: tw.EventSubURL(),
	})
	conduit.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: tw.UserID("ada")})

	go func() {
		if err := conduit.Ready(ctx); err != nil {
			log.Print(err)
		}
		tw.GoLive("ada")
	}()
	if err := conduit.Run(ctx); err != nil {
		log.Print(err)
	}
	// Output: ada is live
}
