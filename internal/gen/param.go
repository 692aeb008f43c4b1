package gen

import (
	"fmt"
	"maps"
	"slices"
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
	add(f.MinItems > 0, "MinItems: %d", f.MinItems)
	add(f.MaxItems > 0, "MaxItems: %d", f.MaxItems)
	add(f.Split, "Split: true")
	add(e.MinLength > 0, "MinLength: %d", e.MinLength)
	add(e.MaxLength > 0, "MaxLength: %d", e.MaxLength)
	add(e.MaxBytes > 0, "MaxBytes: %d", e.MaxBytes)
	add(e.Pattern != "", "Pattern: %q", e.Pattern)
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
		rules := fieldRules(fields, nil)
		add(len(rules) > 0, "Rules: %s", rulesSource(rules))
	}
	for _, name := range slices.Sorted(maps.Keys(f.UsedWhen)) {
		add(true, "Used%s", when([]string{name}, f.UsedWhen[name], false))
	}
	scopes := slices.Concat(f.ScopeWhenSet, f.ExtraScopeWhenTrue)
	add(len(scopes) > 0, "Scopes: Scopes{%s}", strings.TrimPrefix(quoted(scopes), "[]string"))
	return strings.Join(parts, ", ")
}
