package expr

import (
	"maps"

	"go.starlark.net/starlark"
)

// An Env holds the values of names for one run of expressions. It may be used by
// one goroutine at a time.
type Env struct {
	names starlark.StringDict
}

// NewEnv returns an environment with the given values.
func NewEnv(values map[string]any) *Env {
	e := &Env{names: make(starlark.StringDict, len(values)+len(guards)+4)}
	maps.Copy(e.names, guards)
	for name, v := range values {
		e.Set(name, v)
	}
	return e
}

// Set gives a name a value.
func (e *Env) Set(name string, v any) { e.names[name] = toValue(v, nil) }
