package action

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// maxTimeout is the longest timeout that Twitch allows.
const maxTimeout = 14 * 24 * time.Hour

// maxReason is the longest reason in characters.
const maxReason = 500

var ban = Action{
	Name: "ban", Class: ClassModeration, Short: "user",
	About:     "Bans a user.",
	Example:   "{user: '{event.user_id}', reason: spam}",
	Endpoints: []string{"ban-user"},
	Fields: []Field{
		{Name: "user", Kind: KindUser, Required: true, From: FromAuthor, About: "a login or an id"},
		{Name: "reason", Kind: KindText, Length: maxReason, About: "what the user and the moderators see"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.ban(ctx, e)
	},
}

var timeout = Action{
	Name: "timeout", Class: ClassModeration, Short: "",
	About:     "Keeps a user from chatting for a while.",
	Example:   "{user: '{event.user_id}', for: 10m, reason: links}",
	Endpoints: []string{"ban-user"},
	Fields: []Field{
		{Name: "user", Kind: KindUser, Required: true, From: FromAuthor, About: "a login or an id"},
		{
			Name: "for", Alias: "seconds", Kind: KindDuration, Required: true, About: "how long",
			Shortest: time.Second, Longest: maxTimeout, Range: "a timeout must be between 1 second and 2 weeks",
		},
		{Name: "reason", Kind: KindText, Length: maxReason, About: "what the user and the moderators see"},
	},
	Detail: func(e Effect) string { return fmt.Sprintf("%s for %s", e.User("user"), e.Duration("for")) },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.ban(ctx, e)
	},
}

// ban bans the user of an effect, for a time if it has one.
func (t *Twitch) ban(ctx context.Context, e Effect) error {
	id, err := t.userID(ctx, e.User("user"))
	if err != nil {
		return err
	}
	_, err = t.Client.Moderation.Ban(ctx, helix.BanUserParams{
		BroadcasterID: t.Broadcaster.ID, ModeratorID: t.Bot.ID,
		UserID: id, Duration: e.Seconds("for"), Reason: e.Text("reason"),
	})
	return err
}

var deleteMessage = Action{
	Name: "delete", Class: ClassDelete, Short: "message",
	About:     "Deletes a message of the chat.",
	Example:   "'{event.message_id}'",
	Endpoints: []string{"delete-chat-messages"},
	Fields: []Field{
		{
			Name: "message", Alias: "message_id", Kind: KindText, Required: true, From: FromMessage,
			About: "the id of the message", Absent: "there is no message to delete; give its id",
		},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		return nil, t.Client.Moderation.DeleteMessages(ctx, helix.DeleteChatMessagesParams{
			BroadcasterID: t.Broadcaster.ID, ModeratorID: t.Bot.ID, MessageID: e.Text("message"),
		})
	},
}
