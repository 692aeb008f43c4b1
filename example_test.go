package larkspur_test

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A whole bot that answers !hello. It runs against the emulator; without the
// three addresses it runs against Twitch.
func Example() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.User("robin", "Grace"), emulator.Live("ada"))
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	code := twitch.AuthorizationCode("robin", "http://localhost", "user:read:chat", "user:write:chat", "user:bot")

	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	// Log in. With oauth.OpenFileStore the code is needed once only.
	tokens := oauth.NewManager(twitch.ClientID(), twitch.ClientSecret(), oauth.NewMemoryStore(), oauth.Options{BaseURL: twitch.OAuthURL()})
	me, err := tokens.AddCode(ctx, oauth.Secret(code), "http://localhost")
	if err != nil {
		fmt.Println(err)
		return
	}
	tw := helix.New(twitch.ClientID(), tokens, helix.Options{BaseURL: twitch.HelixURL()})
	channel, err := tw.Users.ByLogin(ctx, "ada")
	if err != nil {
		fmt.Println(err)
		return
	}
	botID, channelID := me.ID, channel.ID

	// The bot.
	mux := eventsub.NewMux()
	b := bot.New(tw, mux, bot.Options{UserID: botID})
	err = bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
		return c.Reply(ctx, "Hello %s!", c.Chatter.Name)
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
		URL: twitch.EventSubURL(),
		OnState: func(s eventsub.State) {
			if s.Phase == eventsub.Subscribed {
				twitch.Say("ada", "grace", "!hello") // a viewer says hello
			}
		},
	})
	session.Want(b.Wants(channelID)...)

	// Show the chat, and stop after the answer.
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
		fmt.Println(e.ChatterUserName+":", e.Message.Text)
		if e.ChatterUserID == botID {
			stop()
		}
		return nil
	})
	_ = session.Run(ctx) // returns when ctx ends
	// Output:
	// Grace: !hello
	// robin: Hello Grace!
}
