package chat_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

// onPlan answers "!plan". It works for messages of every transport:
//
//	irc.On(client, func(ctx context.Context, m *irc.PrivMsg) error { … onPlan(m.Chat()) … })
//	eventsub.On(mux, func(ctx context.Context, e *eventsub.ChannelChatMessage) error { … onPlan(e.Chat()) … })
func onPlan(m *chat.Message) string {
	switch {
	case chat.Trim(m.Text) != "!plan":
		return ""
	case m.Chatter.Is(chat.Broadcaster | chat.Moderator):
		return m.Chatter.Mention() + " chess, then cooking"
	case m.Chatter.SubTier() >= 2:
		return m.Chatter.Mention() + " chess"
	default:
		return m.Chatter.Mention() + " it is a surprise"
	}
}

func Example() {
	badges := []chat.Badge{{Set: "subscriber", Version: "2012", Info: "14"}}
	m := &chat.Message{
		Broadcaster: chat.User{ID: "1", Login: "ada", Name: "Ada"},
		Chatter: chat.Chatter{
			User:   chat.User{ID: "42", Login: "grace", Name: "Grace"},
			Badges: badges, Roles: chat.RolesOf("42", "1", badges),
		},
		Text: "!plan \U000e0000", // as some clients send it
	}
	fmt.Println(onPlan(m))
	m.Chatter.Roles |= chat.Moderator
	fmt.Println(onPlan(m))
	// Output:
	// @Grace chess
	// @Grace chess, then cooking
}

func ExampleClean() {
	viewer := "\u200b/ban ada\r\nPRIVMSG #ada :/ban ada"
	fmt.Println(chat.Clean(viewer))
	// Output: ∕ban ada  PRIVMSG #ada :/ban ada
}

func ExampleSplit() {
	for _, message := range chat.Split("the rules are on https://example.org/rules, please read them", 40) {
		fmt.Println(message)
	}
	// Output:
	// the rules are on
	// https://example.org/rules, please read
	// them
}

// A terminal is a carrier that prints. Those for Twitch are irc.(*Client).Carrier and
// helix.(*ChatService).Carrier.
type terminal struct{}

func (terminal) Carry(_ context.Context, m chat.Outgoing) (string, error) {
	if m.Text == "spam" {
		return "", &chat.DroppedError{Code: "msg_rejected", Text: "held for the moderators"}
	}
	fmt.Println(m.Channel.Login+":", m.Text)
	return "id", nil
}

func ExampleSender() {
	ctx, ada := context.Background(), chat.User{ID: "1", Login: "ada"}
	sender := chat.NewSender(terminal{}, chat.SenderOptions{Account: ada, Evade: true}) // in its own channel
	if _, err := sender.Say(ctx, ada, "/ban grace"); err != nil {
		fmt.Println(err)
	}
	_, err := sender.Send(ctx, chat.Outgoing{Channel: ada, Text: "spam", Priority: chat.PriorityLow})
	if dropped, ok := errors.AsType[*chat.DroppedError](err); ok {
		fmt.Println(dropped.Code)
	}
	// Output:
	// ada: ∕ban grace
	// msg_rejected
}
