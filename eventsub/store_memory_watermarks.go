package eventsub

import (
	"context"
	"maps"
	"sync"
)

// A MemoryWatermarkStore is a [WatermarkStore] for tests, and for programs that replace
// a transport while they run. It does not survive the end of the program.
type MemoryWatermarkStore struct {
	mu    sync.Mutex
	marks map[string]Watermark // guarded by mu
}

// NewMemoryWatermarkStore returns an empty store.
func NewMemoryWatermarkStore() *MemoryWatermarkStore {
	return &MemoryWatermarkStore{marks: map[string]Watermark{}}
}

// Watermarks implements [WatermarkStore].
func (s *MemoryWatermarkStore) Watermarks(context.Context) (map[string]Watermark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]Watermark, len(s.marks))
	maps.Copy(all, s.marks)
	return all, nil
}

// SetWatermarks implements [WatermarkStore].
func (s *MemoryWatermarkStore) SetWatermarks(_ context.Context, marks map[string]Watermark) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, w := range marks {
		if w.At.IsZero() {
			delete(s.marks, key)
		} else {
			s.marks[key] = w
		}
	}
	return nil
}
