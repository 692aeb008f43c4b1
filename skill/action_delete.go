package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// delete: 'message id' deletes a message. The default is the message that triggered the
// skill.
var deleteMessage = action{
	name:      "delete",
	class:     ClassDelete,
	endpoints: []string{"delete-chat-messages"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		if n.Kind == config.Null {
			if !l.chat {
				l.problems.Add(n, "there is no message to delete; give its id")
				return nil
			}
			return func(ctx context.Context, c *call) (string, error) {
				return c.messageID, c.host().Delete(ctx, c.messageID)
			}
		}
		t := l.text(n, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			id, err := t.plain(ctx, c.env)
			if err != nil {
				return "", err
			}
			return id, c.host().Delete(ctx, id)
		}
	},
}
