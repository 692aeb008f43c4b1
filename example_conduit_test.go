package larkspur_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A program for many channels on a conduit. Ada adds her channel while it runs, by a login
// on its page, and removes it when she disconnects the application at Twitch.
func ExampleNewConduitApp() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.ApproveAs("ada"))
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

	var app *larkspur.App
	app = larkspur.NewConduitApp(twitch.ClientID(), twitch.ClientSecret(), oauth.NewMemoryStore(), larkspur.AppOptions{
		RedirectURI: site.URL + "/oauth/callback",
		Server:      twitch.URL(),                                                       // leave it out for Twitch itself
		OnReady:     func(context.Context, []eventsub.Result) { visit(app.LoginURL()) }, // ada opens the page
		OnAdded:     func(context.Context, string, []eventsub.Result) { twitch.GoLive("ada") },
		OnRemoved: func(context.Context, string, error) {
			fmt.Println("ada has left")
			stop()
		},
	})
	routes.Handle("/oauth/", app)
	eventsub.On(app.Mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		fmt.Println(e.BroadcasterUserName, "is live")
		twitch.Disconnect("ada")
		return nil
	})
	if err := app.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ada is live
	// ada has left
}

// visit opens an address in a browser.
func visit(address string) {
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	defer browser.CloseIdleConnections()
	res, err := browser.Get(address)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = res.Body.Close()
}
