package bot_test

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// Chat over IRC and over EventSub as one stream. Each message comes once: with what IRC
// alone knows, such as the first message of a chatter, and with what EventSub alone
// knows, such as whom the text mentions.
func ExampleStream() {
	// On Twitch these come from your configuration.
	server := emulator.New(emulator.Channel("ada"), emulator.User("larkspur", "grace"))
	defer server.Close()
	if err := server.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	botID, channelID := server.UserID("larkspur"), server.UserID("ada")
	token := server.UserToken("larkspur", "chat:read", "user:read:chat")

	tw := helix.New(server.ClientID(), helix.StaticToken(botID, token), helix.Options{BaseURL: server.HelixURL()})
	mux := eventsub.NewMux()
	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{URL: server.EventSubURL()})
	session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: channelID, UserID: botID})
	client := irc.New(irc.Options{
		Login: "larkspur", Token: func(context.Context) (string, error) { return token, nil },
		Channels: []string{"ada"}, Addr: server.IRCAddr(),
	})

	got := make(chan *chat.Message, 10)
	s := bot.NewStream(bot.StreamOptions{Wait: 10 * time.Second}) // usually the default of 250 ms
	s.IRC(client)
	s.EventSub(mux, session)
	s.On(func(_ context.Context, m *chat.Message) error {
		got <- m
		return nil
	})
	joined := make(chan bool, 10)
	irc.On(client, func(context.Context, *irc.RoomState) error { // sent after joining; the stream knows now
		joined <- true
		return nil
	})

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 2)
	go func() { done <- client.Run(ctx) }()
	go func() { done <- session.Run(ctx) }()
	<-joined
	if err := session.Ready(ctx); err != nil {
		fmt.Println(err)
		return
	}
	server.Say("ada", "grace", "hi @larkspur")
	m := <-got
	whom, _ := m.Mentioned("larkspur")
	fmt.Println(m.Chatter.Name, m.Text, m.FirstMessage, whom.ID == botID)

	cancel()
	fmt.Println(<-done, <-done, s.Drain(context.Background()))
	// Output:
	// grace hi @larkspur true true
	// <nil> <nil> <nil>
}
