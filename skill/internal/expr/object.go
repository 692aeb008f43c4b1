package expr

import (
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// An Object is a value with attributes made in Go, such as the call that a script
// gets, or a module of functions.
type Object struct {
	name  string
	attrs map[string]any
}

// NewObject returns an object. The name is its type and its text form. A function is
// named after its attribute.
func NewObject(name string, attrs map[string]any) *Object { return &Object{name, attrs} }

// shape returns the shape of the object.
func (o *Object) shape() *Shape {
	s := NewShape(o.name, nil)
	s.fields = map[string]*Shape{}
	for name := range o.attrs {
		s.fields[name] = Any
	}
	return s
}

// Attr implements [starlark.HasAttrs].
func (o *Object) Attr(name string) (starlark.Value, error) {
	v, ok := o.attrs[name]
	if !ok {
		return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
	}
	if f, isFunc := v.(Func); isFunc {
		return f.builtin(name), nil
	}
	return toValue(v, nil), nil
}

// AttrNames implements [starlark.HasAttrs].
func (o *Object) AttrNames() []string { return slices.Sorted(maps.Keys(o.attrs)) }

func (o *Object) String() string { return o.name }

// Type implements [starlark.Value].
func (o *Object) Type() string { return o.name }

// Freeze implements [starlark.Value]; an Object never changes.
func (o *Object) Freeze() {}

// Truth implements [starlark.Value].
func (o *Object) Truth() starlark.Bool { return true }

// Hash implements [starlark.Value].
func (o *Object) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", o.name) }
