package helix

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// check holds the params against what e says of them, so that a mistake costs no
// request and is named better than Twitch does. Parameters that the struct does
// not have are not checked.
func (p params) check(c *plans, e *Endpoint, token TokenKind) error {
	at := checker{endpoint: e, plans: c}
	if err := at.fields("", e.Query, p, p.plan.query); err != nil {
		return err
	}
	if err := at.fields("", e.Body, p, p.plan.body); err != nil {
		return err
	}
	for i := range e.Rules {
		if err := at.rules(&e.Rules[i], p, token); err != nil {
			return err
		}
	}
	return nil
}

type checker struct {
	endpoint *Endpoint
	plans    *plans
}

func (c checker) fail(param, format string, args ...any) error {
	return &ParamError{Endpoint: c.endpoint, Param: param, Rule: fmt.Sprintf(format, args...)}
}

// fields checks the values of one struct. Path leads to it: "choices[0].".
func (c checker) fields(path string, want []Param, p params, have []field) error {
	for i := range want {
		w := &want[i]
		v, known, given := p.get(have, w.Name)
		switch {
		case !known:
		case !given && w.Required:
			return c.fail(path+w.Name, "is required")
		case !given:
		default:
			if err := c.param(path+w.Name, w, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// param checks a parameter that is given.
func (c checker) param(path string, want *Param, v reflect.Value) error {
	if !want.Repeated || v.Kind() != reflect.Slice {
		return c.value(path, want, v)
	}
	if n := v.Len(); want.MaxItems > 0 && n > want.MaxItems {
		return c.fail(path, "has %d values, at most %d are allowed", n, want.MaxItems)
	}
	for i := range v.Len() {
		if c.value(path, want, v.Index(i)) != nil { // again, with a path that is costly to build
			return c.value(fmt.Sprintf("%s[%d]", path, i), want, v.Index(i))
		}
	}
	return nil
}

// value checks one value.
func (c checker) value(path string, want *Param, v reflect.Value) error {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.String:
		return c.text(path, want, v.String())
	case v.CanInt():
		return c.number(path, want, float64(v.Int()))
	case v.CanUint():
		return c.number(path, want, float64(v.Uint()))
	case v.CanFloat():
		return c.number(path, want, v.Float())
	case v.Kind() == reflect.Struct && len(want.Fields) > 0 && v.Type() != reflect.TypeFor[time.Time]():
		plan := c.plans.of(v.Type())
		return c.fields(path+".", want.Fields, params{plan, v}, plan.body)
	default:
		return nil
	}
}

func (c checker) text(path string, want *Param, s string) error {
	n := utf8.RuneCountInString(s)
	switch {
	case want.MaxLength > 0 && n > want.MaxLength:
		return c.fail(path, "has %d characters, at most %d are allowed", n, want.MaxLength)
	case want.MinLength > 0 && n < want.MinLength:
		return c.fail(path, "has %d characters, at least %d are needed", n, want.MinLength)
	case s != "" && len(want.Enum) > 0 && !slices.Contains(want.Enum, s):
		return c.fail(path, "is %q, must be one of %s", clean(s), strings.Join(want.Enum, ", "))
	default:
		return nil
	}
}

func (c checker) number(path string, want *Param, n float64) error {
	switch {
	case want.HasMin && n < want.Min:
		return c.fail(path, "is %v, must be at least %v", n, want.Min)
	case want.HasMax && n > want.Max:
		return c.fail(path, "is %v, must be at most %v", n, want.Max)
	default:
		return nil
	}
}

// rules checks what several parameters must be together.
func (c checker) rules(r *ParamRules, p params, token TokenKind) error {
	if r.UnlessToken != 0 && r.UnlessToken&token != 0 {
		return nil
	}
	count := func(names []string) (given int) {
		for _, name := range names {
			if _, ok := p.lookup(name); ok {
				given++
			}
		}
		return given
	}
	if n := count(r.ExactlyOneOf); len(r.ExactlyOneOf) > 0 && n != 1 {
		return c.fail(strings.Join(r.ExactlyOneOf, ", "), "exclude each other, exactly one is needed, %d are set", n)
	}
	if len(r.AtLeastOneOf) > 0 && count(r.AtLeastOneOf) == 0 {
		return c.fail(strings.Join(r.AtLeastOneOf, ", "), "are all empty, at least one is needed")
	}
	if n := count(r.AtMostOneOf); n > 1 {
		return c.fail(strings.Join(r.AtMostOneOf, ", "), "exclude each other, at most one is allowed, %d are set", n)
	}
	if n := count(r.AllOrNone); n > 0 && n < len(r.AllOrNone) {
		return c.fail(strings.Join(r.AllOrNone, ", "), "belong together, %d of %d are set", n, len(r.AllOrNone))
	}
	if r.MaxTotal > 0 {
		total := 0
		for _, name := range r.Of {
			v, given := p.lookup(name)
			switch {
			case !given:
			case v.Kind() == reflect.Slice:
				total += v.Len()
			default:
				total++
			}
		}
		if total > r.MaxTotal {
			return c.fail(strings.Join(r.Of, ", "), "have %d values together, at most %d are allowed", total, r.MaxTotal)
		}
	}
	return nil
}
