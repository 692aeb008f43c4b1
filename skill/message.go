package skill

import (
	"cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// Membership is a user joining or leaving a chat. Twitch sends these in batches with a
// delay and, in large chats, only some of them.
type Membership struct {
	UserLogin        string
	BroadcasterLogin string
	Raw              string // the line as received
}

// messageShape is the shape of event in a skill with match.
var messageShape = expr.NewShape("a chat message", map[string]*expr.Shape{
	"text": expr.Text, "message_id": expr.Text,
	"user": expr.Text, "user_id": expr.Text, "user_login": expr.Text, "user_name": expr.Text,
	"broadcaster_user_id": expr.Text, "broadcaster_user_login": expr.Text, "broadcaster_user_name": expr.Text,
	"roles": expr.TextList, "badges": expr.TextDict, "bits": expr.Number, "is_reply": expr.Bool,
	// Known over IRC only, otherwise false and "":
	"first_message": expr.Bool, "returning": expr.Bool, "raw_event": expr.Text,
	// As opsdroid has them:
	"event_id": expr.Text, "target": expr.Text, "connector": expr.Text, "linked_event": linkedShape,
})

// linkedShape is the shape of the message that another message answers.
var linkedShape = expr.NewShape("the answered message", map[string]*expr.Shape{
	"text": expr.Text, "message_id": expr.Text, "user": expr.Text, "user_id": expr.Text, "user_login": expr.Text, "user_name": expr.Text,
})

// linked returns the message that a message answers, nil if it answers none.
func linked(m *chat.Message) any {
	if m.Reply == nil {
		return nil
	}
	u := m.Reply.Chatter
	return expr.NewRecord(map[string]any{
		"text": m.Reply.Text, "message_id": m.Reply.MessageID,
		"user": u.Login, "user_id": u.ID, "user_login": u.Login, "user_name": cmp.Or(u.Name, u.Login),
	}, linkedShape)
}

// messageFields returns a message as expressions see it.
func messageFields(m *chat.Message) map[string]any {
	badges := make(map[string]string, len(m.Chatter.Badges))
	for _, b := range m.Chatter.Badges {
		badges[b.Set] = b.Version
	}
	return map[string]any{
		"text": m.Text, "message_id": m.ID,
		"user": m.Chatter.Login, "user_id": m.Chatter.ID, "user_login": m.Chatter.Login, "user_name": m.Chatter.Name,
		"broadcaster_user_id": m.Broadcaster.ID, "broadcaster_user_login": m.Broadcaster.Login, "broadcaster_user_name": cmp.Or(m.Broadcaster.Name, m.Broadcaster.Login), // IRC does not send the name
		"roles": m.Chatter.Roles.Names(), "badges": badges, "bits": m.Bits, "is_reply": m.Reply != nil,
		"first_message": m.FirstMessage, "returning": m.Returning,
		"event_id": m.ID, "target": "#" + m.Broadcaster.Login, "connector": "twitch", "raw_event": m.Raw,
		"linked_event": linked(m),
	}
}
