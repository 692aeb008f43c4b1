package skill

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// onCommand is on_command(pattern, function, users=[], roles=[], cooldown=0,
// user_cooldown=0): the function runs for a chat command. It is called with the
// call, and with the command's arguments by name where it has parameters for them.
func (s *scriptLoader) onCommand(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r, h := s.newRule()
	var pattern string
	opts := registerOptions{rule: r}
	if err := opts.unpack(b.Name(), args, kwargs, "pattern", &pattern, "function", &h.fn); err != nil {
		return nil, err
	}
	c, wrong := parseCommand(pattern)
	if len(wrong) > 0 {
		return nil, errors.New(wrong[0].text)
	}
	r.match = c
	return s.add(r, h, c)
}

// onMessage is on_message(regex, function, case_sensitive=True,
// condition="search", …): the function runs for a chat message that matches.
func (s *scriptLoader) onMessage(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r, h := s.newRule()
	pattern, sensitive, condition := "", true, "search"
	opts := registerOptions{rule: r}
	if err := opts.unpack(b.Name(), args, kwargs, "regex", &pattern, "function", &h.fn,
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
	r.match = m
	return s.add(r, h, m)
}

// onEvent is on_event(name, function, …): the function runs for an event, named
// as in on:.
func (s *scriptLoader) onEvent(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r, h := s.newRule()
	var name string
	opts := registerOptions{rule: r}
	if err := opts.unpack(b.Name(), args, kwargs, "event", &name, "function", &h.fn); err != nil {
		return nil, err
	}
	triggers, wrong := s.catalog.triggers(name)
	if wrong != "" {
		return nil, errors.New(wrong)
	}
	r.triggers = triggers
	for _, t := range triggers {
		for _, w := range r.allow {
			if wrong := t.cannotTell(w); wrong != "" {
				return nil, errors.New(wrong)
			}
		}
	}
	return s.add(r, h, nil)
}

// newRule begins a rule with what the skill's YAML says of all of them.
func (s *scriptLoader) newRule() (*rule, *handler) {
	r := *s.base
	h := &handler{}
	r.script = h
	return &r, h
}

// add files a rule after a look at the function's parameters.
func (s *scriptLoader) add(r *rule, h *handler, m matcher) (starlark.Value, error) {
	var known []string
	if m != nil {
		for name := range m.scope(&scope{}).names {
			if !isReserved(name) || name == "args" || name == "match" {
				known = append(known, name)
			}
		}
		slices.Sort(known)
	}
	n := h.fn.NumParams()
	if h.fn.HasVarargs() || h.fn.HasKwargs() {
		return nil, fmt.Errorf("%s cannot have * parameters", h.fn.Name())
	}
	if n == 0 {
		return nil, fmt.Errorf("%s needs a parameter for the call: def %s(call)", h.fn.Name(), h.fn.Name())
	}
	for i := 1; i < n; i++ {
		name, _ := h.fn.Param(i)
		switch {
		case contains(known, name):
			h.params = append(h.params, name)
		case h.fn.ParamDefault(i) == nil:
			return nil, fmt.Errorf("nothing gives a value for the parameter %q of %s%s", name, h.fn.Name(), config.DidYouMean(name, known))
		}
	}
	s.rules = append(s.rules, r)
	return starlark.None, nil
}

// registerOptions are the named arguments that all on_… functions know.
type registerOptions struct {
	rule *rule
}

// unpack reads the arguments; pairs are those of the function itself.
func (o registerOptions) unpack(name string, args starlark.Tuple, kwargs []starlark.Tuple, pairs ...any) error {
	var users, roles *starlark.List
	var all, perUser starlark.Value
	pairs = append(pairs, "users?", &users, "roles?", &roles, "cooldown?", &all, "user_cooldown?", &perUser)
	if err := starlark.UnpackArgs(name, args, kwargs, pairs...); err != nil {
		return err
	}
	if users != nil || roles != nil {
		w := &who{}
		for _, user := range texts(users) {
			w.addUser(user)
		}
		w.roles = texts(roles)
		for _, role := range w.roles {
			if !contains(allRoles, role) {
				return fmt.Errorf("unknown role %q%s", role, hint(role, allRoles))
			}
		}
		o.rule.allow = append(slices.Clone(o.rule.allow), w)
	}
	if all != nil || perUser != nil {
		c := &cooldown{users: map[string]time.Time{}}
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

func texts(l *starlark.List) []string {
	var out []string
	if l == nil {
		return nil
	}
	for v := range starlark.Elements(l) {
		out = append(out, display(v))
	}
	return out
}

// length reads a length of time: seconds, or text such as "10m". None is zero.
func length(v starlark.Value) (time.Duration, error) {
	switch v := v.(type) {
	case nil, starlark.NoneType:
		return 0, nil
	case starlark.String:
		if d, err := time.ParseDuration(string(v)); err == nil && d >= 0 {
			return d, nil
		}
	case starlark.Int:
		if n, ok := v.Int64(); ok && n >= 0 && n <= int64(maxTimeout/time.Second) {
			return time.Duration(n) * time.Second, nil
		}
	}
	return 0, fmt.Errorf("%s is no length of time; want seconds, or text such as \"10m\"", v)
}
