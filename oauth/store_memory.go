package oauth

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// MemoryStore is a [Store] that lasts as long as the process. Its zero value is
// empty and ready.
type MemoryStore struct {
	mu     sync.Mutex
	tokens map[string]*Token // guarded by mu; pointers, so that %+v shows addresses
	locks  keyLocks
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore { return &MemoryStore{} }

// Load returns the token under key, or [ErrNoToken].
func (s *MemoryStore) Load(_ context.Context, key string) (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[key]
	if !ok {
		return Token{}, fmt.Errorf("%w for %s", ErrNoToken, key)
	}
	return *t, nil
}

// Save keeps t under key.
func (s *MemoryStore) Save(_ context.Context, key string, t Token) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		s.tokens = map[string]*Token{}
	}
	s.tokens[key] = &t
	return nil
}

// Delete forgets key.
func (s *MemoryStore) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, key)
	return nil
}

// List returns all keys, sorted.
func (s *MemoryStore) List(context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.tokens)), nil
}

// Lock waits until no other goroutine holds key.
func (s *MemoryStore) Lock(ctx context.Context, key string) (func(), error) {
	return s.locks.lock(ctx, key)
}

// keyLocks is one lock per key within a process; waiting for it ends with ctx.
type keyLocks struct {
	mu    sync.Mutex
	locks map[string]chan struct{} // guarded by mu; a channel that is full is held
}

func (l *keyLocks) lock(ctx context.Context, key string) (func(), error) {
	l.mu.Lock()
	if l.locks == nil {
		l.locks = map[string]chan struct{}{}
	}
	c, ok := l.locks[key]
	if !ok {
		c = make(chan struct{}, 1)
		l.locks[key] = c
	}
	l.mu.Unlock()
	select {
	case c <- struct{}{}:
		return func() { <-c }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Format writes only what s is: fmt would walk to the tokens.
func (s *MemoryStore) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "oauth.MemoryStore") // fmt's buffer does not fail
}
