package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A Message is a line of chat as skills see it.
type Message struct {
	ID        string // Twitch's id of the message
	Text      string
	UserID    string
	UserLogin string
	UserName  string // display name

	BroadcasterID    string
	BroadcasterLogin string
	BroadcasterName  string

	Badges  map[string]string // set id to version: {"subscriber": "12"}
	Bits    int               // cheered with the message
	IsReply bool              // answers another message
	Self    bool              // written by the bot itself: matches nothing
	Raw     string            // the line as it came
}

// Membership tells that somebody came to a chat or left it. Twitch sends these
// late and, in large chats, only some.
type Membership struct {
	UserLogin        string
	BroadcasterLogin string
	Raw              string // the line as it came
}

// Roles that allow: and deny: know. They come from the badges of the event,
// never from names.
const (
	roleBroadcaster = "broadcaster"
	roleModerator   = "moderator"
	roleVIP         = "vip"
	roleSubscriber  = "subscriber"
	roleEveryone    = "everyone"
)

// roleBadges says which badges give a role, strongest role first.
var roleBadges = []struct {
	role   string
	badges []string
}{
	{roleBroadcaster, []string{"broadcaster"}},
	{roleModerator, []string{"moderator", "lead_moderator"}},
	{roleVIP, []string{"vip"}},
	{roleSubscriber, []string{"subscriber", "founder"}},
}

// roles returns what the badges say, strongest first.
func roles(badges map[string]string, isBroadcaster bool) []string {
	var out []string
	for _, r := range roleBadges {
		has := slices.ContainsFunc(r.badges, func(b string) bool { _, ok := badges[b]; return ok })
		if has || r.role == roleBroadcaster && isBroadcaster {
			out = append(out, r.role)
		}
	}
	return out
}

// Roles returns the chatter's roles by the message's badges, strongest first:
// broadcaster, moderator, vip, subscriber.
func (m Message) Roles() []string {
	return roles(m.Badges, m.UserID != "" && m.UserID == m.BroadcasterID)
}

// plainText returns the text without the invisible characters that chat clients
// append to send the same line twice.
func (m Message) plainText() string {
	return strings.TrimRight(m.Text, " \t\r\n\u034f\u200b\u200c\u200d\u2060\ufeff\U000e0000")
}

// messageShape is what is known of event in a skill with match.
var messageShape = expr.NewShape("a chat message", map[string]*expr.Shape{
	"text": expr.Text, "message_id": expr.Text,
	"user": expr.Text, "user_id": expr.Text, "user_login": expr.Text, "user_name": expr.Text,
	"broadcaster_user_id": expr.Text, "broadcaster_user_login": expr.Text, "broadcaster_user_name": expr.Text,
	"roles": expr.TextList, "badges": expr.TextDict, "bits": expr.Number, "is_reply": expr.Bool,
	// As opsdroid has them:
	"event_id": expr.Text, "target": expr.Text, "connector": expr.Text, "raw_event": expr.Text,
})

// fields returns the message as expressions see it.
func (m Message) fields() map[string]any {
	badges := m.Badges
	if badges == nil {
		badges = map[string]string{}
	}
	return map[string]any{
		"text": m.Text, "message_id": m.ID,
		"user": m.UserLogin, "user_id": m.UserID, "user_login": m.UserLogin, "user_name": m.UserName,
		"broadcaster_user_id": m.BroadcasterID, "broadcaster_user_login": m.BroadcasterLogin, "broadcaster_user_name": m.BroadcasterName,
		"roles": m.Roles(), "badges": badges, "bits": m.Bits, "is_reply": m.IsReply,
		"event_id": m.ID, "target": "#" + m.BroadcasterLogin, "connector": "twitch", "raw_event": m.Raw,
	}
}
