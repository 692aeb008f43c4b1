package larkspur_test

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A bot in the channel of its account. The first start shows an address and a code, with
// which the user logs in; with [oauth.OpenFileStore] further starts need none.
func ExampleAccount_NewBot() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.User("Grace"), emulator.DevicePoll(time.Second))
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	me := larkspur.NewAccount(twitch.ClientID(), twitch.ClientSecret(), oauth.NewMemoryStore(), larkspur.AccountOptions{
		Server: twitch.URL(), // leave it out for Twitch itself
		OnDevice: func(d *oauth.Device) {
			fmt.Println("Log in with the code that is shown.")
			twitch.ApproveDevice(d.UserCode, "ada", true) // ada does it
		},
		OnReady: func(context.Context, []eventsub.Result) { twitch.Say("ada", "grace", "!hello") },
	})
	b := me.NewBot(bot.Options{})
	err := bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
		defer stop()
		return c.Reply(ctx, "Hello %s!", c.Chatter.Name)
	})
	if err == nil {
		err = me.Run(ctx)
	}
	fmt.Println(twitch.Chat("ada")[1].Text, err)
	// Output:
	// Log in with the code that is shown.
	// Hello Grace! <nil>
}
