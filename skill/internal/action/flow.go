package action

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// maxWait is the longest wait within a skill.
const maxWait = 24 * time.Hour

var choose = Action{
	Name: "choose", Class: ClassReply, Short: "texts",
	About:     "Says one of some texts at random; none again before all were said.",
	Example:   "[heads, tails, {text: 'it fell off the table', weight: 1}]",
	Endpoints: []string{"send-chat-message"},
	Fields: []Field{
		{Name: "texts", Kind: KindChoices, Required: true, About: "the texts; one with weight: 3 is said first three times as often"},
	},
	Do: sayChoice,
}

var rotate = Action{
	Name: "rotate", Class: ClassReply, Short: "texts",
	About:     "Says some texts in turn, one each time.",
	Example:   "['Drink something!', 'Follow the channel!']",
	Endpoints: []string{"send-chat-message"},
	Fields: []Field{
		{Name: "texts", Kind: KindRotation, Required: true, About: "the texts, in their order"},
	},
	Do: sayChoice,
}

// sayChoice says the text that was chosen.
func sayChoice(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
	return nil, t.send(ctx, chat.Outgoing{Text: e.Text("texts"), Split: true})
}

var wait = Action{
	Name: "wait", Class: ClassInner, Short: "for",
	About:   "Waits before the next action of the skill. Other skills go on.",
	Example: "10s",
	Fields: []Field{
		{Name: "for", Kind: KindDuration, Required: true, Shortest: time.Millisecond, Longest: maxWait, About: "how long"},
	},
	Detail: func(e Effect) string { return e.Duration("for").String() },
}

var run = Action{
	Name: "run", Class: ClassInner, Short: "skill",
	About:   "Runs another skill as if the same event had triggered it.",
	Example: "thanks",
	Fields: []Field{
		{Name: "skill", Kind: KindSkill, Required: true, About: "its name; a skill with on: run runs in no other way"},
	},
}
