package expr

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// A Record is an object with named fields, read as record.name or record["name"].
// A field that Twitch left out is None.
type Record struct {
	shape  *Shape
	fields map[string]any
}

// NewRecord returns an object with the given fields, in the form of decoded JSON. A nil
// shape means that nothing is known about them.
func NewRecord(fields map[string]any, s *Shape) *Record {
	if s == nil {
		s = Any
	}
	return &Record{shape: s, fields: fields}
}

// Shape returns the shape of the record.
func (r *Record) Shape() *Shape { return r.shape }

// Attr implements [starlark.HasAttrs].
func (r *Record) Attr(name string) (starlark.Value, error) {
	v, ok := r.fields[name]
	if !ok {
		if _, known := r.shape.fields[name]; !known {
			return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
		}
	}
	return toValue(v, r.shape.attr(name)), nil
}

// AttrNames implements [starlark.HasAttrs].
func (r *Record) AttrNames() []string { return slices.Sorted(maps.Keys(r.fields)) }

// Get implements [starlark.Mapping].
func (r *Record) Get(key starlark.Value) (starlark.Value, bool, error) {
	name, ok := starlark.AsString(key)
	if !ok {
		return nil, false, fmt.Errorf("%s has text keys, not %s", r.Type(), key.Type())
	}
	v, ok := r.fields[name]
	return toValue(v, r.shape.attr(name)), ok, nil
}

// String returns the record as JSON.
func (r *Record) String() string {
	raw, err := json.Marshal(r.fields)
	if err != nil {
		return "{…}"
	}
	return string(raw)
}

// Type implements [starlark.Value].
func (r *Record) Type() string { return "object" }

// Freeze implements [starlark.Value]; a Record never changes for scripts.
func (r *Record) Freeze() {}

// Truth implements [starlark.Value].
func (r *Record) Truth() starlark.Bool { return true }

// Hash implements [starlark.Value].
func (r *Record) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", r.Type()) }

// A Lazy value is an object that is fetched when an expression first reads an
// attribute.
type Lazy struct {
	shape *Shape
	load  func(ctx context.Context) (*Record, error)
}

// NewLazy returns an object of a shape that load fetches. load is called for
// every attribute that is read, so it should remember its result; the time it takes
// does not count as computing.
func NewLazy(s *Shape, load func(ctx context.Context) (*Record, error)) *Lazy { return &Lazy{s, load} }

// attr fetches the object and returns an attribute of it, nil if there is none.
func (l *Lazy) attr(ctx context.Context, name string) (starlark.Value, error) {
	if _, ok := l.shape.fields[name]; !ok {
		return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
	}
	defer PauseClock(ctx)()
	r, err := l.load(ctx)
	if err != nil {
		return nil, err
	}
	return r.Attr(name)
}

// Attr implements [starlark.HasAttrs], for hasattr and dir: it fetches nothing.
func (l *Lazy) Attr(name string) (starlark.Value, error) {
	if _, ok := l.shape.fields[name]; !ok {
		return nil, nil //nolint:nilnil // as above
	}
	return starlark.None, nil
}

// AttrNames implements [starlark.HasAttrs].
func (l *Lazy) AttrNames() []string { return slices.Sorted(maps.Keys(l.shape.fields)) }
func (l *Lazy) String() string      { return l.shape.name }

// Type implements [starlark.Value].
func (l *Lazy) Type() string { return l.shape.name }

// Freeze implements [starlark.Value].
func (l *Lazy) Freeze() {}

// Truth implements [starlark.Value].
func (l *Lazy) Truth() starlark.Bool { return true }

// Hash implements [starlark.Value].
func (l *Lazy) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", l.Type()) }
