package skill

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Memory stores what skills remember. Its methods are called from several goroutines.
// package store of the program keeps it on disk; the default forgets it at exit.
type Memory interface {
	// Get returns what is remembered by a key, the zero value if nothing is.
	Get(ctx context.Context, key Key) (Memo, error)
	// Update atomically replaces what is remembered by a key by f of it. The zero Memo
	// means nothing, for f as for its result. An error of f is returned and leaves
	// everything unchanged.
	Update(ctx context.Context, key Key, f func(Memo) (Memo, error)) error
}

// A Key names something that a skill remembers.
type Key struct {
	Channel string // id of the channel; "" for a bot that lives in one
	Scope   string // "skill/NAME", "channel" or "user/ID"
	Name    string
}

// A Memo is a remembered value.
type Memo struct {
	Value   string    // JSON; "" for nothing
	Expires time.Time // when it is forgotten; zero: never
}

// current returns the memo, or nothing if it has expired.
func (m Memo) current(now time.Time) Memo {
	if !m.Expires.IsZero() && !now.Before(m.Expires) {
		return Memo{}
	}
	return m
}

// Limits of what skills can remember.
const (
	maxKeys  = 100_000
	maxValue = 64 << 10 // bytes
	maxName  = 500      // bytes of a key's name
)

var (
	errMemoryFull = errors.New("memory: too many keys")
	errLongKey    = errors.New("memory: the key is too long")
	errNoKey      = errors.New("memory: the key is empty")
)

// memory is the default [Memory]. When it is full, what has expired is forgotten; if
// nothing has, new keys are refused.
type memory struct {
	mu     sync.Mutex
	values map[Key]Memo // guarded by mu
}

func newMemory() *memory { return &memory{values: map[Key]Memo{}} }

func (m *memory) Get(_ context.Context, key Key) (Memo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key].current(time.Now()), nil
}

func (m *memory) Update(_ context.Context, key Key, f func(Memo) (Memo, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	memo, err := f(m.values[key].current(now))
	if err != nil {
		return err
	}
	if memo.Value == "" {
		delete(m.values, key)
		return nil
	}
	if _, known := m.values[key]; !known && len(m.values) >= maxKeys && !m.sweep(now) {
		return errMemoryFull
	}
	m.values[key] = memo
	return nil
}

// sweep forgets what has expired, and reports whether there is room now. The caller holds
// mu.
func (m *memory) sweep(now time.Time) bool {
	for key, memo := range m.values {
		if memo.current(now).Value == "" {
			delete(m.values, key)
		}
	}
	return len(m.values) < maxKeys
}
