package skill

import (
	"context"
	"errors"
	"sync"
)

// Memory stores the values that scripts keep. Keys begin with the name of the skill;
// values are JSON. Its methods are called from several goroutines.
type Memory interface {
	// Get returns the value of key, or "" if there is none.
	Get(ctx context.Context, key string) (value string, err error)
	// Update atomically replaces the value of key by f(value). "" means no value, for
	// f as for its result. An error of f is returned and leaves the value unchanged.
	Update(ctx context.Context, key string, f func(value string) (string, error)) error
}

// Limits of what scripts can store.
const (
	maxKeys  = 100_000
	maxValue = 64 << 10
)

var errMemoryFull = errors.New("memory: too many keys")

// memory is the default [Memory].
type memory struct {
	mu     sync.Mutex
	values map[string]string // guarded by mu
}

func newMemory() *memory { return &memory{values: map[string]string{}} }

func (m *memory) Get(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

func (m *memory) Update(_ context.Context, key string, f func(string) (string, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, err := f(m.values[key])
	if err != nil {
		return err
	}
	if value == "" {
		delete(m.values, key)
		return nil
	}
	if _, known := m.values[key]; !known && len(m.values) >= maxKeys {
		return errMemoryFull
	}
	m.values[key] = value
	return nil
}
