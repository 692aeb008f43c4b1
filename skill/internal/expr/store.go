package expr

import (
	"context"
	"fmt"

	"go.starlark.net/starlark"
)

// A Store is an object whose attributes are looked up when they are read. Any name is an
// attribute; one without a value is None.
type Store struct {
	name   string
	read   func(ctx context.Context, name string) (any, error)
	inside map[string]*Store
}

// NewStore returns a store that read looks attributes up in, except those of inside, which
// are stores themselves. The time that read takes does not count as computing.
func NewStore(name string, read func(ctx context.Context, name string) (any, error), inside map[string]*Store) *Store {
	return &Store{name, read, inside}
}

// attr returns the value of an attribute.
func (s *Store) attr(ctx context.Context, name string) (starlark.Value, error) {
	if inner := s.inside[name]; inner != nil {
		return inner, nil
	}
	defer PauseClock(ctx)()
	v, err := s.read(ctx, name)
	if err != nil {
		return nil, err
	}
	return toValue(v, nil), nil
}

// Attr implements [starlark.HasAttrs], for hasattr and dir: it looks nothing up.
func (s *Store) Attr(name string) (starlark.Value, error) {
	if inner := s.inside[name]; inner != nil {
		return inner, nil
	}
	return starlark.None, nil
}

// AttrNames implements [starlark.HasAttrs].
func (s *Store) AttrNames() []string { return nil }

func (s *Store) String() string { return s.name }

// Type implements [starlark.Value].
func (s *Store) Type() string { return s.name }

// Freeze implements [starlark.Value].
func (s *Store) Freeze() {}

// Truth implements [starlark.Value].
func (s *Store) Truth() starlark.Bool { return true }

// Hash implements [starlark.Value].
func (s *Store) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", s.name) }
