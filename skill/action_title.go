package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// title: 'text' changes the title of the stream.
var title = action{
	name:      "title",
	class:     ClassChannel,
	endpoints: []string{"modify-channel-information"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		t := l.text(n, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			text, err := t.plain(ctx, c.env)
			if err != nil {
				return "", err
			}
			return text, c.setTitle(ctx, text)
		}
	},
}
