package skill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// onCommand is on_command(pattern, function, users=[], roles=[], cooldown=0,
// user_cooldown=0): the function runs for a chat command. It is called with the
// call, and with those arguments of the command for which it has parameters.
func (s *scriptLoader) onCommand(_ context.Context, args *expr.Args) (any, error) {
	r, h := s.newRule()
	var pattern string
	opts := registerOptions{rule: r}
	if err := opts.unpack(args, "pattern", &pattern, "function", &h.fn); err != nil {
		return nil, err
	}
	c, wrong := parseCommand(pattern)
	if len(wrong) > 0 {
		return nil, errors.New(wrong[0].Text)
	}
	r.matches = []matcher{c}
	return s.add(r, h, c)
}

// onMessage is on_message(regex, function, case_sensitive=True,
// condition="search", …): the function runs for a chat message that matches.
func (s *scriptLoader) onMessage(_ context.Context, args *expr.Args) (any, error) {
	r, h := s.newRule()
	pattern, sensitive, condition := "", true, "search"
	opts := registerOptions{rule: r}
	if err := opts.unpack(args, "regex", &pattern, "function", &h.fn,
		"case_sensitive?", &sensitive, "condition?", &condition); err != nil {
		return nil, err
	}
	if !contains(conditions, condition) {
		return nil, fmt.Errorf("unknown condition %q%s", condition, hint(condition, conditions))
	}
	m, wrong := compileRegex(pattern, sensitive, condition)
	if wrong != "" {
		return nil, errors.New(wrong)
	}
	r.matches = []matcher{m}
	return s.add(r, h, m)
}

// onEvent is on_event(name, function, …): the function runs for an event, named
// as in on:.
func (s *scriptLoader) onEvent(_ context.Context, args *expr.Args) (any, error) {
	r, h := s.newRule()
	var name string
	opts := registerOptions{rule: r}
	if err := opts.unpack(args, "event", &name, "function", &h.fn); err != nil {
		return nil, err
	}
	triggers, wrong := s.catalog.triggers(name)
	if wrong != "" {
		return nil, errors.New(wrong)
	}
	r.setTriggers(triggers)
	for _, t := range triggers {
		for _, w := range r.allow {
			if wrong := t.lacksFor(w); wrong != "" {
				return nil, errors.New(wrong)
			}
		}
	}
	return s.add(r, h, nil)
}

// onEvery is every(interval, function, …): the function runs each time the interval has
// passed.
func (s *scriptLoader) onEvery(_ context.Context, args *expr.Args) (any, error) {
	r, h := s.newRule()
	var interval expr.Value
	opts := registerOptions{rule: r}
	if err := opts.unpack(args, "interval", &interval, "function", &h.fn); err != nil {
		return nil, err
	}
	d, err := length(interval)
	if err != nil {
		return nil, err
	}
	if d < minEvery {
		return nil, errors.New("a timer needs an interval of at least 1s")
	}
	r.addTimer(&timer{name: "every " + d.String(), every: d})
	return s.add(r, h, nil)
}

// onCron is cron(expression, function, zone="", …): the function runs by the clock.
func (s *scriptLoader) onCron(_ context.Context, args *expr.Args) (any, error) {
	r, h := s.newRule()
	var src, zone string
	opts := registerOptions{rule: r}
	if err := opts.unpack(args, "expression", &src, "function", &h.fn, "zone?", &zone); err != nil {
		return nil, err
	}
	t, err := newCron(src, zone)
	if err != nil {
		return nil, err
	}
	r.addTimer(t)
	return s.add(r, h, nil)
}

// newRule returns a rule with the settings in the skill's YAML.
func (s *scriptLoader) newRule() (*rule, *handler) {
	r := *s.base
	h := &handler{}
	r.script = h
	return &r, h
}

// add adds a rule after checking the parameters of its function.
func (s *scriptLoader) add(r *rule, h *handler, m matcher) (any, error) {
	var known []string
	if m != nil {
		for _, name := range m.scope(expr.NewScope(nil)).Names() {
			if !isReserved(name) || name == "args" || name == "match" {
				known = append(known, name)
			}
		}
	}
	params, ok := h.fn.Params()
	if !ok {
		return nil, fmt.Errorf("%s cannot have * parameters", h.fn.Name())
	}
	if len(params) == 0 {
		return nil, fmt.Errorf("%s needs a parameter for the call: def %s(call)", h.fn.Name(), h.fn.Name())
	}
	for _, p := range params[1:] {
		switch {
		case contains(known, p.Name):
			h.params = append(h.params, p.Name)
		case !p.Optional:
			return nil, fmt.Errorf("no value for the parameter %q of %s%s", p.Name, h.fn.Name(), config.DidYouMean(p.Name, known))
		}
	}
	s.rules = append(s.rules, r)
	s.use(r, h)
	return nil, nil //nolint:nilnil // None
}

// use records how the function of a rule is called.
func (s *scriptLoader) use(r *rule, h *handler) {
	events := []*expr.Shape{messageShape}
	named := map[string]*expr.Shape{}
	if len(r.matches) > 0 {
		known := r.matches[0].scope(expr.NewScope(nil))
		for _, name := range h.params {
			named[name] = known.Shape(name)
		}
	} else {
		events = nil
		for _, t := range r.triggers {
			events = append(events, t.shape)
		}
		if len(r.timers) > 0 {
			events = append(events, timerShape)
		}
	}
	for _, event := range events {
		s.uses = append(s.uses, expr.Use{Function: h.fn, Arg: callShape(event, len(r.matches) > 0), Named: named})
	}
}

// registerOptions are the named arguments that all on_… functions have.
type registerOptions struct {
	rule *rule
}

// unpack reads the arguments. pairs are the function's own parameters.
func (o registerOptions) unpack(args *expr.Args, pairs ...any) error {
	var users, roles expr.Texts
	var all, perUser expr.Value
	pairs = append(pairs, "users?", &users, "roles?", &roles, "cooldown?", &all, "user_cooldown?", &perUser)
	if err := args.Unpack(pairs...); err != nil {
		return err
	}
	if users.Given || roles.Given {
		w := &userSet{}
		for _, user := range users.List {
			w.addUser(user)
		}
		w.roles = roles.List
		for _, role := range w.roles {
			if !contains(allRoles, role) {
				return fmt.Errorf("unknown role %q%s", role, hint(role, allRoles))
			}
		}
		o.rule.allow = append(slices.Clone(o.rule.allow), w)
	}
	if !all.IsNone() || !perUser.IsNone() {
		c := &cooldownConfig{}
		var err error
		if c.global, err = length(all); err == nil {
			c.perUser, err = length(perUser)
		}
		if err != nil {
			return err
		}
		o.rule.cooldown = c
	}
	return nil
}

// length converts a duration: seconds, or text such as "10m". None is zero.
func length(v expr.Value) (time.Duration, error) {
	if v.IsNone() {
		return 0, nil
	}
	if text, ok := v.AsString(); ok {
		if d, err := time.ParseDuration(text); err == nil && d >= 0 {
			return d, nil
		}
	}
	if n, ok := v.AsInt(); ok && n >= 0 && n <= int64(maxDuration/time.Second) {
		return time.Duration(n) * time.Second, nil
	}
	return 0, fmt.Errorf("%#v is not a duration; want seconds, or text such as \"10m\"", v)
}
