package skill

import (
	"fmt"
	"slices"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// Signals are events of the bot itself, not of Twitch.
const (
	signalJoin  = "join"
	signalPart  = "part"
	signalStart = "start"
	signalStop  = "stop"
	signalRun   = "run" // by the action run
)

// botShape is the shape of event for the start and the end of the bot.
var botShape = expr.NewShape("the bot's start or end", map[string]*expr.Shape{"name": expr.Text})

// loadOn reads on:: a name, {event: name, where: …}, or a list of either.
func (l *loader) loadOn(n *config.Node) []trigger {
	items := n.Items
	if n.Kind != config.List {
		items = []*config.Node{n}
	}
	var out []trigger
	for _, item := range items {
		out = append(out, l.loadEvent(item)...)
	}
	if n.Kind == config.List && len(items) == 0 {
		l.problems.Add(n, "the list of events is empty")
	}
	return out
}

func (l *loader) loadEvent(item *config.Node) []trigger {
	var where *config.Node
	if item.Kind == config.Map {
		s := item.Section(l.problems, "event", "where")
		where = s.Get("where")
		if item = s.Need("event"); item == nil {
			return nil
		}
	}
	name, ok := item.Text(l.problems)
	if !ok {
		return nil
	}
	if name == signalRun && where == nil {
		return []trigger{{name: name, signal: name, shape: expr.Any}}
	}
	if name == signalStart || name == signalStop || name == signalRun {
		if where != nil {
			l.problems.Add(where, "%s has nothing to filter by", name)
		}
		return []trigger{{name: name, signal: name, shape: botShape}}
	}
	ts, wrong := l.catalog.triggers(name)
	if wrong != "" {
		l.problems.Add(item, "%s", wrong)
	}
	if where != nil {
		for i := range ts {
			ts[i].where = l.loadWhere(where, ts[i].shape, name)
		}
	}
	return ts
}

// A filter is an attribute of an event and the values that it may have.
type filter struct {
	attr   string
	values []string // as texts
}

// loadWhere reads where:: attributes and the value, or list of values, that each may have.
func (l *loader) loadWhere(n *config.Node, shape *expr.Shape, event string) []filter {
	var out []filter
	if n.Kind != config.Map {
		l.problems.Add(n, "want attributes of the event and their values, such as {is_anonymous: false}")
		return nil
	}
	for _, f := range n.Fields {
		if !shape.Has(f.Key) {
			l.problems.Add(f.Value, "%s has no attribute %q%s", event, f.Key, config.DidYouMean(f.Key, shape.Fields()))
			continue
		}
		items := f.Value.Items
		if f.Value.Kind != config.List {
			items = []*config.Node{f.Value}
		}
		one := filter{attr: f.Key}
		for _, item := range items {
			switch item.Kind {
			case config.String, config.Bool, config.Int, config.Float:
				one.values = append(one.values, fmt.Sprint(item.Value))
			case config.Null, config.List, config.Map:
				l.problems.Add(item, "want a text, a number, true or false")
			}
		}
		out = append(out, one)
	}
	return out
}

// keeps reports whether an event passes the filters of the trigger.
func (t *trigger) keeps(fields map[string]any) bool {
	if t.alias != nil && t.alias.keep != nil && !t.alias.keep(fields) {
		return false
	}
	if t.reward != "" && !t.redeems(fields) {
		return false
	}
	return !slices.ContainsFunc(t.where, func(f filter) bool {
		v, known := fields[f.attr]
		return !known || !slices.Contains(f.values, fmt.Sprint(v))
	})
}
