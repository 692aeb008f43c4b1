package skill

import (
	"context"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// An action is something a skill can do. To add one, declare it in a file of its own
// and list it in actions.
type action struct {
	name      string
	class     Class
	endpoints []string // of Twitch's API that it calls
	// load reads the value of the action. It returns nil after reporting a problem.
	load func(l *loader, n *config.Node, s *expr.Scope) step
	// result is a name that the action defines for later actions of the skill, or "".
	result string
	shape  *expr.Shape
}

// A step carries out an action. detail describes what was done or tried.
type step func(ctx context.Context, c *call) (detail string, err error)

// actions are all actions, in the order the documentation lists them.
var actions = []*action{&say, &reply, &send, &ban, &timeout, &deleteMessage, &title, &clip}

// loadedStep is a step of a skill and the action it belongs to.
type loadedStep struct {
	action *action
	run    step
	class  Class // of the action, unless a later action makes it more urgent

	connector   string // of send
	needsResult bool   // it reads the result of an earlier action
}

func actionNames() []string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.name
	}
	return names
}

// loadSteps reads do:.
func (l *loader) loadSteps(n *config.Node, s *expr.Scope) []loadedStep {
	if n == nil {
		return nil
	}
	if n.Kind != config.List {
		l.problems.Add(n, "want a list of actions: %s", strings.Join(actionNames(), ", "))
		return nil
	}
	if len(n.Items) == 0 {
		l.problems.Add(n, "the list of actions is empty")
	}
	var out []loadedStep
	for _, item := range n.Items {
		a, value := l.loadAction(item)
		if a == nil {
			continue
		}
		l.needs.addAction(a)
		l.step = &loadedStep{action: a, class: a.class}
		if l.step.run = a.load(l, value, s); l.step.run != nil {
			out = append(out, *l.step)
		}
		if a.result != "" {
			s = s.With(a.result, a.shape)
			l.results = append(l.results, a.result)
		}
	}
	urgeDeletes(out)
	return out
}

// urgeDeletes makes each delete before a ban or timeout as urgent as that, which waits
// for it.
func urgeDeletes(steps []loadedStep) {
	bans := false
	for i := range slices.Backward(steps) {
		switch s := &steps[i]; {
		case s.class == ClassModeration:
			bans = true
		case s.class == ClassDelete && bans:
			s.class = ClassModeration
		}
	}
}

// moderates reports whether the step bans, times out or deletes.
func (s loadedStep) moderates() bool {
	return s.class == ClassModeration || s.class == ClassDelete
}

// loadAction returns the action and the value of an item of do:. An action without a
// value may be written as its name alone. A mistyped name is reported, and its value is
// checked as that of the action that was meant.
func (l *loader) loadAction(item *config.Node) (*action, *config.Node) {
	var name string
	var value *config.Node
	switch {
	case item.Kind == config.String:
		name = item.Value.(string) //nolint:forcetypeassert // the kind says so
		value = &config.Node{Path: item.Path, File: item.File, Line: item.Line, Column: item.Column}
	case item.Kind == config.Map && len(item.Fields) == 1:
		name, value = item.Fields[0].Key, item.Fields[0].Value
	case item.Kind == config.Map && len(item.Fields) > 1:
		l.problems.Add(item, "an action has one key; start the next action with its own dash")
		return nil, nil
	default:
		l.problems.Add(item, "want an action: %s", strings.Join(actionNames(), ", "))
		return nil, nil
	}
	if a := actionNamed(name); a != nil {
		return a, value
	}
	l.problems.Add(item, "unknown action %q%s", name, hint(name, actionNames()))
	return actionNamed(config.Nearest(name, actionNames())), value
}

func actionNamed(name string) *action {
	for _, a := range actions {
		if a.name == name {
			return a
		}
	}
	return nil
}

// text reads a text with expressions.
func (l *loader) text(n *config.Node, s *expr.Scope) *text {
	t := compileText(n, l.problems, s)
	if t == nil {
		return nil
	}
	if l.step != nil && slices.ContainsFunc(l.results, t.Uses) {
		l.step.needsResult = true
	}
	if fixed, ok := t.Fixed(); ok && strings.TrimSpace(fixed) == "" {
		if !n.Expanded {
			l.problems.Add(n, "is empty")
		}
		return nil
	}
	return t
}
