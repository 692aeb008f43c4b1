package gen

import (
	"fmt"
	"strings"
)

// paramsLiteral writes a []helix.Param.
func paramsLiteral(fields []SpecField) string {
	if len(fields) == 0 {
		return "nil"
	}
	var b strings.Builder
	b.WriteString("[]Param{\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "{%s},\n", paramLiteral(f))
	}
	return b.String() + "}"
}

func paramLiteral(f SpecField) string {
	e := f.element()
	parts := []string{fmt.Sprintf("Name: %q, Type: %s", f.Name, exported(e.Type))}
	add := func(ok bool, format string, args ...any) {
		if ok {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(f.Required, "Required: true")
	add(f.Repeated || f.Type == "array", "Repeated: true")
	add(f.MaxItems > 0, "MaxItems: %d", f.MaxItems)
	add(e.MinLength > 0, "MinLength: %d", e.MinLength)
	add(e.MaxLength > 0, "MaxLength: %d", e.MaxLength)
	if low, ok := bound(e.Min); ok {
		add(true, "Min: %v, HasMin: true", low)
	}
	if high, ok := bound(e.Max); ok {
		add(true, "Max: %v, HasMax: true", high)
	}
	enum := texts(e.Enum)
	if len(enum) == 0 {
		enum = texts(f.Enum)
	}
	add(len(enum) > 0 && !e.OpenEnum && !f.OpenEnum, "Enum: %s", quoted(enum))
	if fields, ok := f.object(); ok {
		add(len(fields) > 0, "Fields: %s", paramsLiteral(fields))
	}
	return strings.Join(parts, ", ")
}

// rulesLiteral writes a []helix.ParamRules.
func rulesLiteral(constraints []SpecConstraint) string {
	var rules []string
	for _, c := range constraints {
		var parts []string
		add := func(name string, list []string) {
			if len(list) > 0 {
				parts = append(parts, name+": "+quoted(list))
			}
		}
		add("ExactlyOneOf", c.ExactlyOneOf)
		add("AtLeastOneOf", c.AtLeastOneOf)
		add("AtMostOneOf", c.AtMostOneOf)
		add("AllOrNone", c.AllOrNone)
		if c.UnlessToken == "user" {
			parts = append(parts, "UnlessToken: UserToken")
		}
		if c.MaxTotal > 0 {
			parts = append(parts, fmt.Sprintf("MaxTotal: %d", c.MaxTotal))
		}
		add("Of", c.Of)
		if len(parts) > 0 {
			rules = append(rules, "{"+strings.Join(parts, ", ")+"},")
		}
		if len(c.Exclusive) == 2 { // two sets that exclude each other: every pair does
			for _, a := range c.Exclusive[0] {
				for _, b := range c.Exclusive[1] {
					rules = append(rules, "{AtMostOneOf: "+quoted([]string{a, b})+"},")
				}
			}
		}
	}
	if rules == nil {
		return "nil"
	}
	return "[]ParamRules{\n" + strings.Join(rules, "\n") + "\n}"
}
