package larkspur_test

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// My own account, which thanks the followers of its channel. It runs against the
// emulator; without Server it runs against Twitch.
func ExampleAccount() {
	twitch := emulator.New(emulator.Channel("ada"))
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	const redirect = "http://localhost:3000"
	me := larkspur.NewAccount(twitch.ClientID(), twitch.ClientSecret(), oauth.NewMemoryStore(), larkspur.AccountOptions{
		Code:        oauth.Secret(twitch.AuthorizationCode("ada", redirect, "moderator:read:followers")),
		RedirectURI: redirect, // with oauth.OpenFileStore the code is needed once only
		Server:      twitch.URL(),
		OnReady: func(context.Context, []eventsub.Result) {
			twitch.Follow("ada", "Grace") // a viewer follows
		},
	})
	eventsub.On(me.Mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		fmt.Println("Thank you for the follow,", e.UserName)
		stop()
		return nil
	})
	if err := me.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: Thank you for the follow, Grace
}

// Without a login, the error tells what to do: the scopes are those of the events that
// have a handler and of the endpoints that the program calls.
func ExampleAccount_LogIn() {
	me := larkspur.NewAccount("client-id", "secret", oauth.NewMemoryStore(), larkspur.AccountOptions{
		Endpoints:   []string{"send-chat-message"},
		RedirectURI: "http://localhost:3000",
	})
	eventsub.On(me.Mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
	_, err := me.LogIn(context.Background())
	fmt.Println(err)
	// Output:
	// larkspur: the account must log in: there is no login in the store or the options; open https://id.twitch.tv/oauth2/authorize?client_id=client-id&redirect_uri=http%3A%2F%2Flocalhost%3A3000&response_type=code&scope=moderator%3Aread%3Afollowers+user%3Awrite%3Achat and set AccountOptions.Code to the code in the address to which Twitch sends the browser
}
