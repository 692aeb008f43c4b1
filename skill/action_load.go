package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// stepKeys may stand beside the name of an action.
var stepKeys = []string{"if", "as", "on-error"}

// loadSteps reads do:.
func (l *loader) loadSteps(n *config.Node, s *expr.Scope) []loadedStep {
	if n == nil {
		return nil
	}
	if n.Kind != config.List {
		l.problems.Add(n, "want a list of actions, each with a dash; see larkspur config actions")
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
		var steps []loadedStep
		if steps, s = l.loadStep(a, item, value, s); steps != nil {
			out = append(out, steps...)
		}
	}
	urgeDeletes(out)
	return out
}

// loadStep reads one action. It returns the scope of the actions after it, and two steps for
// an action that says its outcome.
func (l *loader) loadStep(a *action.Action, item, value *config.Node, s *expr.Scope) ([]loadedStep, *expr.Scope) {
	l.needs.addAction(a)
	l.step = &loadedStep{action: a, class: a.Class, as: a.Result}
	before := len(*l.problems)
	l.stepOptions(a, item, s)
	said := l.loadFields(a, value, s)
	step := l.step
	if a.Class == ClassInner && a.Name != "log" && a.Name != "stop" {
		l.results = append(l.results, "memory") // what later actions read must be from after this one
	}
	if step.as != "" {
		s = s.With(step.as, outcomeShape(a))
		l.results = append(l.results, step.as)
	}
	steps := []loadedStep{*step}
	if said != nil {
		if next := l.sayOutcome(a, said, step, s); next != nil {
			steps = append(steps, *next)
		}
	}
	if len(*l.problems) > before {
		return nil, s
	}
	return steps, s
}

// stepOptions reads what stands beside the name of the action.
func (l *loader) stepOptions(a *action.Action, item *config.Node, s *expr.Scope) {
	if n := item.Field("if"); n != nil {
		if l.step.when = compileCondition(n, l.problems, s); l.step.when != nil {
			l.step.needsResult = slices.ContainsFunc(l.results, l.step.when.Uses)
		}
	}
	if n := item.Field("as"); n != nil {
		name, ok := n.Text(l.problems)
		switch {
		case !ok:
		case a.Result == "":
			l.problems.Add(n, "%s has no outcome to name", a.Name)
		case !isName(name) || name == "event" || name == "channel":
			l.problems.Add(n, "%q is not a name; use letters, digits and _", name)
		default:
			l.step.as = name
		}
	}
	if n := item.Field("on-error"); n != nil {
		switch what, ok := n.Text(l.problems); {
		case !ok:
		case what == "continue":
			l.step.goOn = true
		case what != "stop":
			l.problems.Add(n, "unknown reaction %s; want continue or stop", n.Quote())
		}
	}
}

// sayOutcome returns the step that says what an action resulted in.
func (l *loader) sayOutcome(a *action.Action, said *config.Node, after *loadedStep, s *expr.Scope) *loadedStep {
	sayAction := action.Named("say")
	step := &loadedStep{action: sayAction, class: sayAction.Class, when: after.when, needsResult: true}
	l.step = step
	if said.Kind == config.Null {
		t := mustText(a.Say, s)
		step.fields = []loadedField{{"text", fieldOf(&sayAction.Fields[0], t)}}
		return step
	}
	t := l.text(said, s)
	if t == nil {
		return nil
	}
	step.fields = []loadedField{{"text", fieldOf(&sayAction.Fields[0], t)}}
	return step
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

// loadAction returns the action and the value of an item of do:. An action without a
// value may be written as its name alone. A mistyped name is reported, and its value is
// checked as that of the action that was meant.
func (l *loader) loadAction(item *config.Node) (*action.Action, *config.Node) {
	var name string
	var value *config.Node
	switch item.Kind {
	case config.String:
		name = item.Value.(string) //nolint:forcetypeassert // the kind says so
		value = &config.Node{Path: item.Path, File: item.File, Line: item.Line, Column: item.Column}
	case config.Map:
		for _, f := range item.Fields {
			switch {
			case slices.Contains(stepKeys, f.Key):
			case value != nil:
				l.problems.Add(item, "an action has one key; start the next action with its own dash")
				return nil, nil
			default:
				name, value = f.Key, f.Value
			}
		}
	case config.Null, config.Bool, config.Int, config.Float, config.List:
	}
	if value == nil {
		l.problems.Add(item, "want an action, such as {say: hello}")
		return nil, nil
	}
	if a := action.Named(name); a != nil {
		return a, value
	}
	l.problems.Add(item, "unknown action %q%s", name, actionHint(name))
	return action.Named(config.Nearest(name, action.Names())), value
}

// actionHint suggests the action that was meant, or says where all are listed.
func actionHint(name string) string {
	if meant := config.DidYouMean(name, action.Names()); meant != "" {
		return meant
	}
	return "; larkspur config actions lists them"
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
	if t.Uses("viewer") {
		l.needs.Endpoints = addOnce(l.needs.Endpoints, "get-channel-followers")
	}
	if fixed, ok := t.Fixed(); ok && strings.TrimSpace(fixed) == "" {
		if !n.Expanded {
			l.problems.Add(n, "is empty")
		}
		return nil
	}
	return t
}
