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
	return at.allRules("", e.Rules, p, token)
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
	switch n := v.Len(); {
	case want.MaxItems > 0 && n > want.MaxItems:
		return c.fail(path, "has %d values, at most %d are allowed", n, want.MaxItems)
	case n < want.MinItems:
		return c.fail(path, "has %d values, at least %d are needed", n, want.MinItems)
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
		p := params{plan, v}
		if err := c.fields(path+".", want.Fields, p, plan.body); err != nil {
			return err
		}
		return c.allRules(path+".", want.Rules, p, 0)
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
	case want.MaxBytes > 0 && len(s) > want.MaxBytes:
		return c.fail(path, "has %d bytes, at most %d are allowed", len(s), want.MaxBytes)
	case s != "" && len(want.Enum) > 0 && !slices.Contains(want.Enum, s):
		return c.fail(path, "is %q, must be one of %s", clean(s), strings.Join(want.Enum, ", "))
	case s != "" && want.Pattern != "" && !c.plans.matches(want.Pattern, s):
		return c.fail(path, "is %q, must match %s", clean(s), want.Pattern)
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
