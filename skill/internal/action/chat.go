package action

import (
	"context"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

var say = Action{
	Name: "say", Class: ClassReply, Short: "text",
	About:     "Writes to the channel's chat.",
	Example:   "'Hello {event.user_name}!'",
	Endpoints: []string{"send-chat-message"},
	Fields: []Field{
		{Name: "text", Kind: KindMessage, Required: true, About: "the message; with /me at its beginning it is an action"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		m := chat.Outgoing{Text: e.Text("text"), Split: true}
		m.Text, m.Action = strings.CutPrefix(m.Text, "/me ")
		return nil, t.send(ctx, m)
	},
}

var reply = Action{
	Name: "reply", Class: ClassReply, Short: "text",
	About:     "Answers the message that set off the skill.",
	Example:   "'It is {now.hour} o''clock.'",
	Endpoints: []string{"send-chat-message"},
	Fields: []Field{
		{Name: "text", Kind: KindMessage, Required: true, About: "the answer"},
		{
			Name: "message", Alias: "message_id", Kind: KindText, From: FromMessage,
			About: "the id of the message to answer", Absent: "there is no message to reply to; use say",
		},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.send(ctx, chat.Outgoing{Text: e.Text("text"), ReplyTo: e.Text("message")})
	},
}

// send sends a message to the channel's chat.
func (t *Twitch) send(ctx context.Context, m chat.Outgoing) error {
	if t.Sender == nil {
		return errNoSender
	}
	m.Channel = t.Broadcaster
	_, err := t.Sender.Send(ctx, m)
	return err
}

var send = Action{
	Name: "send", Class: ClassRelay,
	About:   "Writes to another chat, such as Discord, or to the channel's chat by the name twitch.",
	Example: "{to: team, text: 'We are live: {channel.title}'}",
	Fields: []Field{
		{Name: "to", Kind: KindConnector, Required: true, About: "the name of a connector"},
		{Name: "text", Kind: KindMessage, Required: true, About: "the message"},
	},
	Detail: func(e Effect) string { return e.Text("to") + ": " + e.Text("text") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		if t.Send == nil {
			return nil, errNoSend
		}
		return nil, t.Send(ctx, e.Text("to"), e.Text("text"))
	},
}
