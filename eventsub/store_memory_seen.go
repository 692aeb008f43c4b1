package eventsub

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// A MemorySeenStore is a [SeenStore] for tests and small programs. It does not survive
// the end of the program.
type MemorySeenStore struct {
	mu   sync.Mutex
	keys recent // guarded by mu
}

// NewMemorySeenStore returns a store that keeps the last most keys, or a million if most
// is not positive. A notification has two.
func NewMemorySeenStore(most int) *MemorySeenStore {
	if most <= 0 {
		most = 1_000_000
	}
	return &MemorySeenStore{keys: recent{most: most}}
}

// Seen implements [SeenStore].
func (s *MemorySeenStore) Seen(_ context.Context, keys ...string) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]string{}
	for _, key := range keys {
		if value, ok := s.keys.values[key]; ok {
			found[key] = value
		}
	}
	return found, nil
}

// Add implements [SeenStore].
func (s *MemorySeenStore) Add(_ context.Context, keys map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		s.keys.add(key, keys[key])
	}
	return nil
}
