package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// clip: 'text' makes a clip and says the text, which knows clip.url; without a
// text it says the address. clip: false says nothing. Later actions of the
// skill know clip.url too.
var clip = action{
	name:      "clip",
	class:     ClassChannel,
	endpoints: []string{"create-clip", "get-clips", "send-chat-message"},
	result:    "clip",
	shape:     clipShape,
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		silent := n.Kind == config.Bool && n.Value == false
		var t *text
		switch {
		case silent:
		case n.Kind == config.Null:
			t = mustText("{clip.url}", s.With("clip", clipShape))
		default:
			if t = l.text(n, s.With("clip", clipShape)); t == nil {
				return nil
			}
		}
		return func(ctx context.Context, c *call) (string, error) {
			url, err := c.host().Clip(ctx)
			if err != nil {
				return "", err
			}
			c.env.Set(map[string]any{"clip": expr.NewRecord(map[string]any{"url": url}, clipShape)})
			if silent {
				return url, nil
			}
			text, err := t.message(ctx, c.env)
			if err != nil {
				return url, err
			}
			return url, c.host().Say(ctx, text)
		}
	},
}

var clipShape = expr.NewShape("clip", map[string]*expr.Shape{"url": expr.Text})
