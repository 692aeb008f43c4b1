package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// say: 'text' writes to the channel's chat.
var say = action{
	name:      "say",
	class:     ClassReply,
	endpoints: []string{"send-chat-message"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		t := l.text(n, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			text, err := t.message(ctx, c.env)
			if err != nil {
				return "", err
			}
			return text, c.host().Say(ctx, text)
		}
	},
}
