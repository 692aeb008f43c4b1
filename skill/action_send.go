package skill

import (
	"context"
	"slices"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// send: {to: connector, text: 'text'} writes to another chat.
var send = action{
	name:  "send",
	class: ClassRelay,
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		section := n.Section(l.problems, "to", "text")
		if n.Kind == config.Null {
			l.problems.Add(n, "want {to: a connector, text: what to send}")
		}
		to := section.NeedString("to")
		if at := section.Get("to"); at != nil && to != "" {
			if l.options.Connectors != nil && !slices.Contains(l.options.Connectors, to) {
				l.problems.Add(at, "unknown connector %s%s", at.Quote(), config.DidYouMean(to, l.options.Connectors))
			}
			l.needs.addConnector(to)
			l.step.connector = to
		}
		value := section.Need("text")
		if value == nil {
			return nil
		}
		t := l.text(value, s)
		if t == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			text, err := t.message(ctx, c.env)
			if err != nil {
				return "", err
			}
			return to + ": " + text, c.host().Send(ctx, to, text)
		}
	},
}
