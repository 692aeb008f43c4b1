package larkspur_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A bot for many channels. Ada adds her channel while it runs.
func ExampleApp_NewBot() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.User("robin", "Grace"), emulator.ApproveAs("ada"))
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
		Bot:         "robin",
		RedirectURI: site.URL + "/oauth/callback",
		Server:      twitch.URL(), // leave it out for Twitch itself
		OnReady: func(context.Context, []eventsub.Result) {
			visit(app.LoginURL()) // ada opens the page
		},
		OnAdded: func(context.Context, string, []eventsub.Result) { twitch.Say("ada", "grace", "!hello") },
	})
	routes.Handle("/oauth/", app)
	b := app.NewBot(bot.Options{})
	err := bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
		defer stop()
		return c.Reply(ctx, "Hello %s, this is the channel of %s!", c.Chatter.Name, c.Message.Broadcaster.Name)
	})
	if err == nil { // the bot logs in once, in a browser at app.BotLoginURL
		_, err = app.Tokens.AddCode(ctx, oauth.Secret(twitch.AuthorizationCode("robin", redirect, app.BotScopes()...)), redirect)
	}
	if err == nil {
		err = app.Run(ctx)
	}
	fmt.Println(twitch.Chat("ada")[1].Text, err)
	// Output: Hello Grace, this is the channel of ada! <nil>
}
