package gen

import (
	"errors"
	"fmt"
	"strings"
)

// A resolver turns fields of the spec into Go types. It keeps the types of a package
// together, because a package has one namespace.
type resolver struct {
	overlay *Overlay
	section string // "helix" or "events"
	types   Types

	time, openTime, number, id string // Go types for lenient or empty values

	structs map[string]*Struct
	enums   map[string]*Enum
	decls   *[]Decl // where new types go
	sending bool    // the types are for parameters: optional fields may be left out
	errs    []error
}

func newResolver(o *Overlay, section string, types Types, qualifier string) *resolver {
	return &resolver{
		overlay: o, section: section, types: types,
		time: "time.Time", openTime: qualifier + "Time", number: qualifier + "Int", id: qualifier + "ID",
		structs: make(map[string]*Struct), enums: make(map[string]*Enum),
	}
}

func (r *resolver) fail(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}

func (r *resolver) err() error { return errors.Join(r.errs...) }

// goType returns the Go type of a field of an answer or event at a place. owner
// is the struct that has the field: nested types are named after both.
func (r *resolver) goType(f SpecField, at, owner string) string {
	if f.Type == "array" {
		return "[]" + r.goType(f.element(), at, owner+"/")
	}
	switch f.Type {
	case "object":
		s := r.object(f, at, owner)
		if f.Nullable || f.Optional {
			return "*" + s
		}
		return s
	case "map":
		values := *f.Values
		values.Name = f.Name
		return "map[string]" + r.goType(values, at, owner)
	case "integer":
		if f.lenient("integer", "string") {
			return r.number
		}
		return "int"
	case "number":
		return "float64"
	case "boolean":
		return "bool"
	}
	switch {
	case f.Format == "date-time" && (f.Nullable || f.Emptyable || f.Optional || f.AcceptTypes != nil):
		return r.openTime
	case f.Format == "date-time":
		return r.time
	case f.lenient("integer", "string"):
		return r.id
	case f.enum() != nil:
		return r.enum(f, at, owner)
	}
	return "string"
}

// nested returns the name of a type inside another: the owner's name and the field's.
func nested(owner, field string) string {
	w := words(field)
	if name, isElement := strings.CutSuffix(owner, "/"); isElement {
		owner = name
		w[len(w)-1] = singular(w[len(w)-1])
	}
	return owner + join(w)
}

// named returns the name of the type at a place: the overlay's, or the default.
func (r *resolver) named(kind string, list []Shared, at, byRule string) (name, origin string) {
	for _, s := range list {
		for _, pattern := range s.At {
			if r.overlay.match(r.section+" "+kind, pattern, at) {
				return s.Name, "overlay"
			}
		}
	}
	return byRule, byRule
}

// object returns the name of the struct for an object, declaring it if it is new
// and adding missing fields if it is not.
func (r *resolver) object(f SpecField, at, owner string) string {
	byRule := nested(owner, f.Name)
	name, origin := r.named("types", r.types.Structs, at, byRule)
	s := r.structs[name]
	if s == nil {
		s = &Struct{Name: name, origin: origin, Doc: []string{fmt.Sprintf("%s is part of [%s].", name, strings.TrimSuffix(owner, "/"))}}
		r.declare(s)
	} else if s.origin != origin {
		r.fail("%s: the name %s is taken; give one of the two a name in the overlay", at, name)
	}
	r.fill(s, f.Fields, at)
	return name
}

func (r *resolver) declare(s *Struct) {
	if r.enums[s.Name] != nil || r.structs[s.Name] != nil {
		r.fail("two types are called %s", s.Name)
	}
	r.structs[s.Name] = s
	*r.decls = append(*r.decls, Decl{Struct: s})
}

// fill adds the fields of an object of a response to s.
func (r *resolver) fill(s *Struct, fields []SpecField, at string) {
	for _, f := range fields {
		place := at + "/" + f.Name
		rule := r.rule(place)
		if rule.Type == "drop" {
			continue
		}
		tag := `json:"` + f.Name + `"`
		if f.Optional || r.sending && !f.Required {
			tag = `json:"` + f.Name + `,omitzero"`
		}
		r.add(s, place, rule, &Field{
			Name: exported(f.Name), JSON: f.Name, Type: r.goType(f, place, s.Name), Tag: tag, Comment: r.comment(f),
		})
	}
}

func (r *resolver) comment(f SpecField) string {
	if r.sending {
		return requestComment(f, "")
	}
	return answerComment(f)
}

// add applies the overlay's rule to a field and puts it into s, or compares it
// with the one that s has already.
func (r *resolver) add(s *Struct, place string, rule FieldRule, f *Field) {
	if rule.Name != "" {
		f.Name = rule.Name
	}
	if rule.Type == "pointer" {
		f.Type = "*" + strings.TrimPrefix(f.Type, "*")
	} else if rule.Type != "" {
		f.Type = rule.Type
	}
	if rule.Comment != "" {
		f.Comment = rule.Comment
	}
	for _, old := range s.Fields {
		if old.Name != f.Name {
			continue
		}
		if old.JSON != f.JSON {
			r.fail("%s: %s has two fields %s", place, s.Name, f.Name)
		}
		old.Type = r.unite(place, s.Name, old.Type, f.Type)
		if strings.Contains(f.Tag, "omitzero") {
			old.Tag = f.Tag
		}
		return
	}
	s.Fields = append(s.Fields, f)
}

// unite returns the Go type that holds the values of both types.
func (r *resolver) unite(place, owner, a, b string) string {
	switch {
	case a == b:
		return a
	case a == r.time && b == r.openTime, a == r.openTime && b == r.time:
		return r.openTime
	case a == r.id && b == "string", a == "string" && b == r.id:
		return r.id
	case a == "*"+b:
		return a
	case b == "*"+a:
		return b
	}
	r.fail("%s: %s has a field that is %s here and %s elsewhere", place, owner, b, a)
	return a
}

func (r *resolver) rule(at string) FieldRule {
	var rule FieldRule
	for _, f := range r.types.Fields {
		if r.overlay.match(r.section+" fields", f.At, at) {
			rule = FieldRule{Name: first(f.Name, rule.Name), Type: first(f.Type, rule.Type), Comment: first(f.Comment, rule.Comment)}
		}
	}
	return rule
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
