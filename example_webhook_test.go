package larkspur_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A webhook service, which Twitch calls. At Twitch itself the callback is an https address
// on port 443.
func ExampleNewWebhookApp() {
	twitch := emulator.New(emulator.Channel("ada"))
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	routes := http.NewServeMux()
	site := httptest.NewServer(routes)
	defer site.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	app := larkspur.NewWebhookApp(twitch.ClientID(), twitch.ClientSecret(), oauth.NewMemoryStore(), site.URL+"/eventsub", larkspur.AppOptions{
		Channels: []string{"ada"}, // beside those of users who have logged in
		Server:   twitch.URL(),    // leave it out for Twitch itself
		OnReady: func(context.Context, []eventsub.Result) {
			twitch.GoLive("ada")
		},
	})
	routes.Handle("/eventsub/", app)
	eventsub.On(app.Mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		fmt.Println(e.BroadcasterUserName, "is live")
		stop()
		return nil
	})
	if err := app.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: ada is live
}
