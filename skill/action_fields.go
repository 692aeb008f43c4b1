package skill

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// loadFields reads the value of an action into l.step. It returns the node of the text
// that says the outcome, nil for none.
func (l *loader) loadFields(a *action.Action, n *config.Node, s *expr.Scope) (said *config.Node) {
	values := map[string]*config.Node{}
	switch {
	case n.Kind == config.Map && !l.isShortMap(a):
		l.mapFields(a, n, values)
	case n.Kind == config.Null:
	case len(a.Fields) == 0:
		l.problems.Add(n, "%s takes no value", a.Name)
	case a.Short == "":
		l.problems.Add(n, "want %s", wantedFields(a))
		return nil
	default:
		values[a.Short] = n
	}
	if a.Say != "" {
		if said = values["say"]; said == nil {
			said = &config.Node{Path: n.Path, File: n.File, Line: n.Line, Column: n.Column}
		}
		delete(values, "say")
		if said.Kind == config.Bool && said.Value == false {
			said = nil
		}
	}
	for i := range a.Fields {
		f := &a.Fields[i]
		if a.Say != "" && f.Name == "say" {
			continue
		}
		at := values[f.Name]
		if at == nil || at.Kind == config.Null && !f.Required {
			l.missing(a, f, n, s)
			continue
		}
		if value := l.field(f, at, s); value != nil {
			l.step.fields = append(l.step.fields, loadedField{f.Name, value})
		}
	}
	return said
}

// isShortMap reports whether a mapping is the value of the action's short field.
func (l *loader) isShortMap(a *action.Action) bool {
	f := a.Field(a.Short)
	return f != nil && f.Kind == action.KindAny
}

// mapFields finds the values of a mapping by the names of fields.
func (l *loader) mapFields(a *action.Action, n *config.Node, values map[string]*config.Node) {
	var known []string
	for _, f := range a.Fields {
		known = append(known, f.Name)
		if f.Alias != "" {
			known = append(known, f.Alias)
		}
	}
	n.Section(l.problems, known...)
	for _, entry := range n.Fields {
		f := a.Field(entry.Key)
		switch {
		case f == nil:
		case values[f.Name] != nil:
			l.problems.Add(entry.Value, "%s and %s mean the same; give one", f.Name, f.Alias)
		default:
			values[f.Name] = entry.Value
		}
	}
}

// wantedFields shows the required fields of an action.
func wantedFields(a *action.Action) string {
	var parts []string
	for _, f := range a.Fields {
		if f.Required {
			parts = append(parts, f.Name+": "+f.About)
		}
	}
	if len(parts) == 0 {
		for _, f := range a.Fields {
			parts = append(parts, f.Name+": "+f.About)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// missing gives a field without a value its default, or reports it.
func (l *loader) missing(a *action.Action, f *action.Field, n *config.Node, s *expr.Scope) {
	add := func(value func(context.Context, *call) (any, error)) {
		l.step.fields = append(l.step.fields, loadedField{f.Name, value})
	}
	switch {
	case f.From == action.FromAuthor && l.chat:
		add(fieldOf(f, mustText(l.author, s)))
	case (f.From == action.FromMessage || f.From == action.FromMessageOr) && l.chat:
		add(func(_ context.Context, c *call) (any, error) { return c.messageID, nil })
	case f.From == action.FromActor && l.actor:
		add(func(_ context.Context, c *call) (any, error) { return c.actor() })
	case l.fromEvent(f.From):
		add(func(_ context.Context, c *call) (any, error) { return c.fromEvent(f) })
	case f.From != action.FromNothing && f.Absent != "":
		l.problems.Add(n, "%s", f.Absent)
	case f.Required && f.Alias != "":
		l.problems.Add(n, "want %s or %s: %s", f.Name, f.Alias, f.About)
	case f.Required && n.Kind == config.Null && len(a.Fields) > 0 && a.Short == f.Name && f.From == action.FromNothing:
		l.problems.Add(n, "has no value; want %s", f.About)
	case f.Required && a.Short == "" && n.Kind == config.Null:
		if !slices.ContainsFunc(*l.problems, func(p config.Problem) bool { return p.Path == n.Path && p.Line == n.Line }) {
			l.problems.Add(n, "want %s", wantedFields(a))
		}
	case f.Required:
		l.problems.Add(n, "%q is missing", f.Name)
	case f.Default != "":
		if v, err := parseField(f, f.Default); err == nil {
			add(func(context.Context, *call) (any, error) { return v, nil })
		}
	}
}

// fromEvent reports whether every event of the skill has the value of a field.
func (l *loader) fromEvent(from action.From) bool {
	switch from {
	case action.FromHeld:
		return l.held
	case action.FromRedemption, action.FromReward:
		return l.redeems
	case action.FromNothing, action.FromAuthor, action.FromMessage, action.FromMessageOr, action.FromActor:
	}
	return false
}

// fromEvent returns the value that the event has for a field, nil if it has none.
func (c *call) fromEvent(f *action.Field) (any, error) {
	var id string
	switch f.From {
	case action.FromHeld:
		id, _ = c.fields["message_id"].(string)
	case action.FromRedemption:
		if _, redeemed := c.fields["reward"].(map[string]any); redeemed {
			id, _ = c.fields["id"].(string)
		}
	case action.FromReward:
		reward, _ := c.fields["reward"].(map[string]any)
		id, _ = reward["id"].(string)
	case action.FromNothing, action.FromAuthor, action.FromMessage, action.FromMessageOr, action.FromActor:
	}
	if id == "" {
		return nil, errors.New(f.Absent)
	}
	return id, nil
}

// actor returns the user who caused the event.
func (c *call) actor() (any, error) {
	switch {
	case c.chatter.id != "":
		return User{ID: c.chatter.id}, nil
	case c.chatter.login != "":
		return User{Login: strings.ToLower(c.chatter.login)}, nil
	}
	return nil, errNoUser
}
