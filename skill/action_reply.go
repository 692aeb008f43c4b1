package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// reply: 'text' answers the message that set off the skill.
var reply = action{
	name:      "reply",
	class:     ClassReply,
	endpoints: []string{"send-chat-message"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		if !l.chat {
			l.problems.Add(n, "there is no message to reply to; use say")
			return nil
		}
		t := l.text(n, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			text, err := t.message(ctx, c.env)
			if err != nil {
				return "", err
			}
			return text, c.host().Reply(ctx, c.messageID, text)
		}
	},
}
