package eventsub_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func ExampleNewWebhook() {
	twitch := emulator.New(emulator.Channel("ada")) // a bot uses Twitch itself
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	tw := helix.New(twitch.ClientID(), helix.StaticToken("", twitch.AppToken()), helix.Options{BaseURL: twitch.HelixURL()})

	ctx, stop := context.WithCancel(context.Background())
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		fmt.Println(e.BroadcasterUserName, "is live")
		stop()
		return nil
	})

	routes := http.NewServeMux()
	server := httptest.NewServer(routes)
	defer server.Close()
	hook := eventsub.NewWebhook(tw, mux, eventsub.WebhookOptions{Callback: server.URL + "/eventsub"})
	routes.Handle("/eventsub/", hook)
	hook.Want(eventsub.StreamOnlineCondition{BroadcasterUserID: twitch.UserID("ada")})
	go func() {
		if hook.Ready(ctx) == nil {
			twitch.GoLive("ada")
		}
	}()
	if err := hook.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: ada is live
}

// A program that creates its subscriptions elsewhere needs a Receiver only: a function
// that stores events, for example in a queue, and the secrets.
func ExampleNewReceiver() {
	secret := eventsub.NewSecret()
	secrets := func(context.Context, string) ([]eventsub.Secret, error) { return []eventsub.Secret{secret}, nil }
	store := func(_ context.Context, ns ...eventsub.Notification) error {
		for _, n := range ns {
			fmt.Println("stored", n.Meta.MessageID)
		}
		return nil // only now Twitch is told that the event has arrived
	}
	receiver := eventsub.NewReceiver(secrets, store, eventsub.ReceiverOptions{
		Confirm: func(_ context.Context, sub eventsub.Subscription) bool { return sub.Type == "channel.follow" },
	})

	forged := httptest.NewRequest("POST", "/eventsub", http.NoBody)
	w := httptest.NewRecorder()
	receiver.ServeHTTP(w, forged)
	fmt.Println(w.Code, receiver.Stats().Refused.Total())
	// Output: 403 1
}
