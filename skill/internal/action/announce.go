package action

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// room returns the chat of the channel as the bot moderates it.
func (t *Twitch) room() *helix.Room { return t.Client.Room(t.Broadcaster.ID, t.Bot.ID) }

var announce = Action{
	Name: "announce", Class: ClassReply, Short: "text",
	About:     "Writes an announcement to the chat, in a coloured frame.",
	Example:   "{text: 'The tournament begins!', color: purple}",
	Endpoints: []string{"send-chat-announcement"},
	Fields: []Field{
		{Name: "text", Kind: KindMessage, Required: true, About: "the announcement"},
		{Name: "color", Kind: KindEnum, Values: []string{"primary", "blue", "green", "orange", "purple"}, Default: "primary", About: "the colour of the frame"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.room().Announce(ctx, e.Text("text"), helix.AnnouncementColor(e.Text("color")))
	},
}

var whisper = Action{
	Name: "whisper", Class: ClassReply,
	About:     "Writes to a user in private. Twitch wants the bot's account to have a verified phone number.",
	Example:   "{user: '{event.user_id}', text: 'Your code is {memory.code}'}",
	Endpoints: []string{"send-whisper"},
	Fields: []Field{
		{Name: "user", Kind: KindUser, Required: true, From: FromActor, About: "a login or an id"},
		{Name: "text", Kind: KindMessage, Required: true, About: "the message"},
	},
	Detail: func(e Effect) string { return e.String("user") + ": " + e.Text("text") },
	Do: onUser(func(ctx context.Context, t *Twitch, id string, e Effect) error {
		return t.room().Whisper(ctx, id, e.Text("text"))
	}),
}

var shoutout = Action{
	Name: "shoutout", Class: ClassReply, Short: "user",
	About:     "Recommends another channel to the chat. Twitch allows one in two minutes.",
	Example:   "'{event.from_broadcaster_user_id}'",
	Endpoints: []string{"send-a-shoutout"},
	Fields: []Field{
		{Name: "user", Kind: KindUser, Required: true, From: FromActor, About: "whose channel: a login or an id"},
	},
	Do: onUser(func(ctx context.Context, t *Twitch, id string, _ Effect) error { return t.room().Shoutout(ctx, id) }),
}

// onUser returns the Do of an action on the user in the field user, whose id it looks up.
func onUser(do func(ctx context.Context, t *Twitch, id string, e Effect) error) func(context.Context, *Twitch, Effect) (map[string]any, error) {
	return func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		id, err := t.userID(ctx, e.User("user"))
		if err != nil {
			return nil, err
		}
		return nil, do(ctx, t, id, e)
	}
}
