package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// say: 'text' writes to the channel's chat.
var say = action{
	name:      "say",
	endpoints: []string{"send-chat-message"},
	load: func(l *loader, n *config.Node, s *scope) step {
		t := l.text(n, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			text, err := c.render(ctx, t)
			if err != nil {
				return "", err
			}
			return text, c.host().Say(ctx, text)
		}
	},
}
