package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// clip: 'text' makes a clip and says the text, which knows clip.url; without a
// text it says the address. clip: false says nothing. Later actions of the
// skill know clip.url too.
var clip = action{
	name:      "clip",
	endpoints: []string{"create-clip", "get-clips", "send-chat-message"},
	result:    "clip",
	shape:     clipShape,
	load: func(l *loader, n *config.Node, s *scope) step {
		silent := n.Kind == config.Bool && n.Value == false
		var t *template
		switch {
		case silent:
		case n.Kind == config.Null:
			t, _ = parseTemplate("{clip.url}", s.with("clip", clipShape))
		default:
			if t = l.text(n, s.with("clip", clipShape)); t == nil {
				return nil
			}
		}
		return func(ctx context.Context, c *call) (string, error) {
			url, err := c.host().Clip(ctx)
			if err != nil {
				return "", err
			}
			c.set("clip", newRecord(map[string]any{"url": url}, clipShape))
			if silent {
				return url, nil
			}
			text, err := c.render(ctx, t)
			if err != nil {
				return url, err
			}
			return url, c.host().Say(ctx, text)
		}
	},
}

var clipShape = &shape{kind: object, name: "clip", fields: map[string]*shape{"url": textShape}}
