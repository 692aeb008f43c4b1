package skill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// connector reads the name of another chat.
func (l *loader) connector(n *config.Node) func(context.Context, *call) (any, error) {
	to, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	if l.options.Connectors != nil && !slices.Contains(l.options.Connectors, to) {
		l.problems.Add(n, "unknown connector %s%s", n.Quote(), orRelays(to, l.options.Connectors))
	}
	l.needs.addConnector(to)
	l.step.connector = to
	return constant(to)
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

// texts reads a list of texts, or one text with commas.
func (l *loader) texts(f *action.Field, n *config.Node, s *expr.Scope) func(context.Context, *call) (any, error) {
	items, split := n.Items, n.Kind != config.List
	if split {
		items = []*config.Node{n}
	}
	var all []*text
	for _, item := range items {
		if t := l.text(item, s); t != nil {
			all = append(all, t)
		}
	}
	if len(all) < len(items) {
		return nil
	}
	if n.Kind == config.List && f.Max > 0 && (int64(len(all)) < f.Min || int64(len(all)) > f.Max) {
		l.problems.Add(n, "want %d to %d texts, these are %d", f.Min, f.Max, len(all))
		return nil
	}
	return func(ctx context.Context, c *call) (any, error) {
		out, err := fillTexts(ctx, c, all, split)
		if err == nil && f.Max > 0 && (int64(len(out)) < f.Min || int64(len(out)) > f.Max) {
			err = fmt.Errorf("%s: want %d to %d texts, these are %d", f.Name, f.Min, f.Max, len(out))
		}
		if f.Length > 0 {
			for i := range out {
				out[i] = chat.Shorten(out[i], f.Length)
			}
		}
		return out, err
	}
}

// fillTexts fills texts. Empty ones are left out.
func fillTexts(ctx context.Context, c *call, all []*text, split bool) ([]string, error) {
	out := []string{}
	for _, t := range all {
		line, err := t.plain(ctx, c.env)
		if errors.Is(err, errEmptyText) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !split {
			out = append(out, line)
			continue
		}
		for part := range strings.SplitSeq(line, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out, nil
}

// anyValue reads a value of any form. Texts in it may have expressions; a text that is
// one expression has the value of that expression.
func (l *loader) anyValue(n *config.Node, s *expr.Scope) func(context.Context, *call) (any, error) {
	switch n.Kind {
	case config.Null:
		return constant(nil)
	case config.Bool, config.Int, config.Float:
		return constant(n.Value)
	case config.List:
		return l.anyList(n, s)
	case config.Map:
		return l.anyMap(n, s)
	case config.String:
	}
	t := compileText(n, l.problems, s)
	if t == nil {
		return nil
	}
	if l.step != nil && slices.ContainsFunc(l.results, t.Uses) {
		l.step.needsResult = true
	}
	return func(ctx context.Context, c *call) (any, error) {
		v, err := t.Value(ctx, c.env)
		if err != nil {
			return nil, err
		}
		return v.Go(maxValue)
	}
}

func (l *loader) anyList(n *config.Node, s *expr.Scope) func(context.Context, *call) (any, error) {
	items := make([]func(context.Context, *call) (any, error), len(n.Items))
	for i, item := range n.Items {
		if items[i] = l.anyValue(item, s); items[i] == nil {
			return nil
		}
	}
	return func(ctx context.Context, c *call) (any, error) {
		out := make([]any, len(items))
		for i, item := range items {
			var err error
			if out[i], err = item(ctx, c); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

func (l *loader) anyMap(n *config.Node, s *expr.Scope) func(context.Context, *call) (any, error) {
	items := make([]func(context.Context, *call) (any, error), len(n.Fields))
	for i, f := range n.Fields {
		if items[i] = l.anyValue(f.Value, s); items[i] == nil {
			return nil
		}
	}
	return func(ctx context.Context, c *call) (any, error) {
		out := make(map[string]any, len(items))
		for i, item := range items {
			v, err := item(ctx, c)
			if err != nil {
				return nil, err
			}
			out[n.Fields[i].Key] = v
		}
		return out, nil
	}
}
