package expr

import (
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// A Scope is the names that an expression may use, with their shapes. It is immutable:
// With, WithEvents, WithGroups and Unchecked return new scopes.
type Scope struct {
	names  map[string]*Shape
	events []*Shape // possible shapes of event; all are checked
	groups int      // of the regular expression, to check match[n]
	loose  bool     // the names are unknown; unknown names are not reported
}

// NewScope returns a scope of the given names.
func NewScope(names map[string]*Shape) *Scope { return &Scope{names: maps.Clone(names)} }

// With returns the scope with one more name.
func (s *Scope) With(name string, sh *Shape) *Scope {
	out := *s
	out.names = maps.Clone(s.names)
	if out.names == nil {
		out.names = map[string]*Shape{}
	}
	out.names[name] = sh
	return &out
}

// WithEvents returns the scope with the name event, which may have any of the shapes.
// An expression must be valid for all of them.
func (s *Scope) WithEvents(shapes ...*Shape) *Scope {
	out := *s
	out.events = shapes
	return &out
}

// WithGroups returns the scope with the number of groups of the regular expression, not
// counting the whole match.
func (s *Scope) WithGroups(n int) *Scope {
	out := *s
	out.groups = n
	return &out
}

// Unchecked returns a scope that accepts all names, for use after a mistake that left the
// names unknown.
func (s *Scope) Unchecked() *Scope {
	out := *s
	out.loose = true
	return &out
}

// Names returns the names of the scope, sorted, without event.
func (s *Scope) Names() []string { return slices.Sorted(maps.Keys(s.names)) }

// Shape returns the shape of a name, Any if it is unknown.
func (s *Scope) Shape(name string) *Shape {
	if sh := s.names[name]; sh != nil {
		return sh
	}
	return Any
}

func (s *Scope) has(name string) bool {
	_, ok := s.names[name]
	return ok || s.loose || name == "event" && len(s.events) > 0
}

// known lists the names of the scope and Starlark's own, for suggestions.
func (s *Scope) known() []string {
	names := slices.Collect(maps.Keys(s.names))
	if len(s.events) > 0 {
		names = append(names, "event")
	}
	return append(names, slices.Collect(maps.Keys(starlark.Universe))...)
}

// A Mistake is something wrong in an expression, Offset bytes after its start.
type Mistake struct {
	Offset int
	Text   string
}
