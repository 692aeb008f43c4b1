package gen

import (
	"fmt"
	"slices"
	"strings"
)

// plainText is the name in the overlay that keeps a set of values a string.
const plainText = "string"

// enum returns the name of the string type for a set of values, declaring it if it
// is new and adding values if it is not.
func (r *resolver) enum(f SpecField, at, owner string) string {
	byRule := nested(owner, f.Name)
	name, origin := r.named("enums", r.types.Enums, at, byRule)
	if name == plainText || len(f.enum()) == 1 && origin == byRule { // one value is not an enum
		return plainText
	}
	e := r.enums[name]
	if e == nil {
		e = &Enum{Name: name, origin: origin}
		e.Doc = wrap(fmt.Sprintf("%s is a value of the field %s of [%s]. Twitch may add values at any time.", name, f.Name, strings.TrimSuffix(owner, "/")))
		if r.structs[name] != nil {
			r.fail("two types are called %s", name)
		}
		r.enums[name] = e
		*r.decls = append(*r.decls, Decl{Enum: e})
	} else if e.origin != origin {
		r.fail("%s: the name %s is taken; give one of the two a name in the overlay", at, name)
	}
	for _, v := range f.enum() {
		if !slices.ContainsFunc(e.Values, func(old Value) bool { return old.Value == v }) {
			e.Values = append(e.Values, Value{Name: name + r.constant(name, v), Value: v})
		}
	}
	return name
}

// constant returns the end of a constant's name.
func (r *resolver) constant(enum, value string) string {
	for _, s := range r.types.Enums {
		if s.Name != enum {
			continue
		}
		if suffix, ok := s.Values[value]; ok {
			r.overlay.used[fmt.Sprintf("%s value of %s %s", r.section, enum, value)] = true
			return suffix
		}
	}
	if value == "" {
		return "None"
	}
	if strings.ToUpper(value) == value {
		value = strings.ToLower(value)
	}
	return exported(value)
}
