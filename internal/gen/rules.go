package gen

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// SpecWhen is a condition: parameters and the values that fulfil it. The spec
// writes {"status": ["A", "B"]}, {"flag": true} or, where any value will do, ["id"].
type SpecWhen map[string][]string

// UnmarshalJSON reads any of the three forms.
func (w *SpecWhen) UnmarshalJSON(data []byte) error {
	*w = SpecWhen{}
	var names []string
	if json.Unmarshal(data, &names) == nil {
		for _, name := range names {
			(*w)[name] = nil
		}
		return nil
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	for name, value := range values {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		(*w)[name] = texts(list)
	}
	return nil
}

// rulesLiteral writes the []helix.ParamRules of an endpoint.
func rulesLiteral(e SpecEndpoint) string {
	constraints := slices.Concat(e.QueryConstraints, e.BodyConstraints)
	var rules []string
	for _, c := range constraints {
		rules = append(rules, constraintRules(c)...)
	}
	fields := e.Query
	if e.Body != nil {
		body, _ := bodyFields(e)
		fields = slices.Concat(fields, body)
	}
	return rulesSource(append(rules, fieldRules(fields, constraints)...))
}

func rulesSource(rules []string) string {
	if len(rules) == 0 {
		return "nil"
	}
	return "[]ParamRules{\n" + strings.Join(rules, "\n") + "\n}"
}

// constraintRules writes the spec's rules about several parameters.
func constraintRules(c SpecConstraint) []string {
	var parts, rules []string
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
		rules = append(rules, rule(parts...))
	}
	if len(c.Exclusive) == 2 { // two sets that exclude each other: every pair does
		for _, a := range c.Exclusive[0] {
			for _, b := range c.Exclusive[1] {
				rules = append(rules, rule("AtMostOneOf: "+quoted([]string{a, b})))
			}
		}
	}
	return rules
}

func rule(parts ...string) string { return "{" + strings.Join(parts, ", ") + "}," }

// fieldRules writes the spec's rules that make a single parameter depend on others,
// unless a constraint already contains them.
func fieldRules(fields []SpecField, constraints []SpecConstraint) []string {
	var rules []string
	for _, f := range fields {
		required, forbidden := "Required: "+quoted([]string{f.Name}), "Forbidden: "+quoted([]string{f.Name})
		for _, other := range f.Requires {
			if !covered(constraints, f.Name, other) {
				rules = append(rules, rule("Required: "+quoted([]string{other}), "When: &When{Params: "+quoted([]string{f.Name})+"}"))
			}
		}
		for _, other := range f.ForbiddenWith {
			rules = append(rules, rule("AtMostOneOf: "+quoted([]string{f.Name, other})))
		}
		if len(f.OnlyWith) > 0 {
			rules = append(rules, rule(forbidden, when(f.OnlyWith, nil, true)))
		}
		rules = append(rules, whenRules(required, f.RequiredWhen, false)...)
		rules = append(rules, whenRules(forbidden, f.ForbiddenWhen, false)...)
		if names := slices.Collect(maps.Keys(f.RequiredUnless)); len(names) == 0 || !covered(constraints, f.Name, names[0]) {
			rules = append(rules, whenRules(required, f.RequiredUnless, true)...)
		}
		if f.TokenOnly == "app" || f.InvalidWithToken == "user" {
			rules = append(rules, rule(forbidden, "UnlessToken: AppToken"))
		}
		if f.RequiredWithToken == "app" {
			rules = append(rules, rule(required, "UnlessToken: UserToken"))
		}
	}
	return rules
}

// covered reports whether a constraint already covers two parameters.
func covered(constraints []SpecConstraint, a, b string) bool {
	return slices.ContainsFunc(constraints, func(c SpecConstraint) bool {
		return slices.ContainsFunc([][]string{c.AllOrNone, c.AtLeastOneOf, c.ExactlyOneOf}, func(names []string) bool {
			return slices.Contains(names, a) && slices.Contains(names, b)
		})
	})
}

func whenRules(what string, w SpecWhen, not bool) []string {
	var rules []string
	for _, name := range slices.Sorted(maps.Keys(w)) {
		rules = append(rules, rule(what, when([]string{name}, w[name], not)))
	}
	return rules
}

// when writes a *helix.When.
func when(params, values []string, not bool) string {
	source := "When: &When{Params: " + quoted(params)
	if len(values) > 0 {
		source += ", Values: " + quoted(values)
	}
	if not {
		source += ", Not: true"
	}
	return source + "}"
}
