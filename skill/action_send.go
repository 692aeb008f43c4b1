package skill

import (
	"context"
	"slices"
	"strings"

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
				l.problems.Add(at, "unknown connector %s%s", at.Quote(), orRelays(to, l.options.Connectors))
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

// orRelays suggests the connector that was meant by to, or lists all.
func orRelays(to string, relays []string) string {
	switch near := config.DidYouMean(to, relays); {
	case near != "":
		return near
	case len(relays) == 0:
		return "; there are no relays in connectors"
	}
	return "; the relays are: " + strings.Join(slices.Sorted(slices.Values(relays)), ", ")
}
