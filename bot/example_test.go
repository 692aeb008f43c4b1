package bot_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func ExampleCommand() {
	// On Twitch these four come from your configuration.
	server := emulator.New(emulator.Channel("ada"), emulator.User("larkspur", "grace"))
	defer server.Close()
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	botID, channelID := server.UserID("larkspur"), server.UserID("ada")
	token := server.UserToken("larkspur", "user:read:chat", "user:write:chat")

	tw := helix.New(server.ClientID(), helix.StaticToken(botID, token), helix.Options{BaseURL: server.HelixURL()})
	mux := eventsub.NewMux()
	b := bot.New(tw, mux, bot.Options{UserID: botID})

	type hugArgs struct {
		Whom bot.User
		Why  string `arg:"rest,optional"`
	}
	err := bot.Command(b, "hug", func(ctx context.Context, c *bot.Call, a hugArgs) error {
		return c.Send(ctx, "%s hugs %s %s", c.Chatter.Name, a.Whom.Name, a.Why)
	}, bot.About("hugs a user"))
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	opened := sync.OnceFunc(func() { close(ready) })
	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{URL: server.EventSubURL(), OnState: func(s eventsub.State) {
		if s.Phase == eventsub.Subscribed {
			opened()
		}
	}})
	session.Want(b.Wants(channelID)...)
	done := make(chan error)
	go func() { done <- session.Run(ctx) }()
	<-ready

	chat := make(chan string, 10)
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
		chat <- e.ChatterUserLogin + ": " + e.Message.Text
		return nil
	})
	server.Say("ada", "grace", "!hug")
	server.Say("ada", "grace", "!hug larkspur for the help")
	for range 4 {
		fmt.Println(<-chat)
	}
	cancel()
	<-done

	// Unordered output:
	// grace: !hug
	// grace: !hug larkspur for the help
	// larkspur: usage: !hug <whom> [why]
	// larkspur: grace hugs larkspur for the help
}
