package helix

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// allRules checks what parameters must be in view of others. Path leads to the
// struct that p is.
func (c checker) allRules(path string, rules []ParamRules, p params, token TokenKind) error {
	for i := range rules {
		r := &rules[i]
		if r.UnlessToken != 0 && r.UnlessToken&token != 0 {
			continue
		}
		if err := c.counts(path, r, p); err != nil {
			return err
		}
		if err := c.conditions(path, r, p); err != nil {
			return err
		}
	}
	return nil
}

// counts checks how many of several parameters are set.
func (c checker) counts(path string, r *ParamRules, p params) error {
	all := func(names []string) string { return path + strings.Join(names, ", "+path) }
	if n := p.count(r.ExactlyOneOf); len(r.ExactlyOneOf) > 0 && n != 1 {
		return c.fail(all(r.ExactlyOneOf), "exclude each other, exactly one is needed, %d are set", n)
	}
	if len(r.AtLeastOneOf) > 0 && p.count(r.AtLeastOneOf) == 0 {
		return c.fail(all(r.AtLeastOneOf), "are all empty, at least one is needed")
	}
	if n := p.count(r.AtMostOneOf); n > 1 {
		return c.fail(all(r.AtMostOneOf), "exclude each other, at most one is allowed, %d are set", n)
	}
	if n := p.count(r.AllOrNone); n > 0 && n < len(r.AllOrNone) {
		return c.fail(all(r.AllOrNone), "belong together, %d of %d are set", n, len(r.AllOrNone))
	}
	if total := p.total(r.Of); r.MaxTotal > 0 && total > r.MaxTotal {
		return c.fail(all(r.Of), "have %d values together, at most %d are allowed", total, r.MaxTotal)
	}
	return nil
}

// conditions checks what must or must not be set because of other parameters or
// the token.
func (c checker) conditions(path string, r *ParamRules, p params) error {
	for _, name := range r.Required {
		if p.has(name) && p.count([]string{name}) == 0 && r.When.holds(p, false) {
			return c.fail(path+name, "is required%s", r.why(path))
		}
	}
	for _, name := range r.Forbidden {
		if p.count([]string{name}) > 0 && r.When.holds(p, true) {
			return c.fail(path+name, "is not allowed%s", r.why(path))
		}
	}
	return nil
}

// why says in words when a rule's Required and Forbidden hold.
func (r *ParamRules) why(path string) string {
	if r.When == nil {
		switch {
		case r.UnlessToken.Has(AppToken):
			return " without an app token"
		case r.UnlessToken.Has(UserToken):
			return " without a user's token"
		default:
			return ""
		}
	}
	word := " when "
	if r.When.Not {
		word = " unless "
	}
	is := "given"
	if len(r.When.Values) > 0 {
		is = strings.Join(r.When.Values, " or ")
	}
	return word + path + strings.Join(r.When.Params, " or "+path) + " is " + is
}

// holds reports whether the condition is fulfilled; no condition always is. Of a
// parameter with several values, one suffices, or all must be among Values.
func (w *When) holds(p params, all bool) bool {
	return w == nil || slices.ContainsFunc(w.Params, func(name string) bool { return w.met(p, name, all) }) != w.Not
}

func (w *When) met(p params, name string, all bool) bool {
	v, given := p.lookup(name)
	if !given || v.Kind() == reflect.Bool && !v.Bool() && len(w.Values) == 0 {
		return false
	}
	if len(w.Values) == 0 {
		return true
	}
	if v.Kind() != reflect.Slice {
		return slices.Contains(w.Values, fmt.Sprint(v))
	}
	among := 0
	for i := range v.Len() {
		if slices.Contains(w.Values, fmt.Sprint(v.Index(i))) {
			among++
		}
	}
	return among > 0 && (!all || among == v.Len())
}

// has reports whether the params struct has a parameter, set or not.
func (p params) has(name string) bool {
	named := func(f field) bool { return f.name == name }
	return slices.ContainsFunc(p.plan.query, named) || slices.ContainsFunc(p.plan.body, named)
}

// count returns how many of the named parameters are set.
func (p params) count(names []string) (given int) {
	for _, name := range names {
		if _, ok := p.lookup(name); ok {
			given++
		}
	}
	return given
}

// total returns how many values the named parameters have together.
func (p params) total(names []string) (values int) {
	for _, name := range names {
		switch v, given := p.lookup(name); {
		case !given:
		case v.Kind() == reflect.Slice:
			values += v.Len()
		default:
			values++
		}
	}
	return values
}
