package expr

import (
	"maps"
	"sync"

	"go.starlark.net/starlark"
)

// An Env holds the values of names for the expressions of one reaction. It may be
// used by several goroutines.
type Env struct {
	mu    sync.Mutex
	names starlark.StringDict // guarded by mu; copied on write
}

// NewEnv returns an environment with the given values; of a name that several maps have,
// the last value counts.
func NewEnv(values ...map[string]any) *Env {
	e := &Env{names: make(starlark.StringDict, len(guards)+16)}
	maps.Copy(e.names, guards)
	for _, some := range values {
		for name, v := range some {
			if f, ok := v.(Func); ok {
				e.names[name] = f.builtin(name)
				continue
			}
			e.names[name] = toValue(v, nil)
		}
	}
	return e
}

// Set gives names values.
func (e *Env) Set(values map[string]any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	names := maps.Clone(e.names)
	for name, v := range values {
		names[name] = toValue(v, nil)
	}
	e.names = names
}

func (e *Env) values() starlark.StringDict {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.names
}
