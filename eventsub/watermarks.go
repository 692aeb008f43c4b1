package eventsub

import (
	"context"
	"maps"
	"sync"
)

// MemoryWatermarks is a [WatermarkStore] that keeps watermarks in memory, for tests, and
// for several Sessions of one program after another. It must not be copied. The zero
// value is empty.
type MemoryWatermarks struct {
	mu    sync.Mutex
	marks map[string]Watermark // guarded by mu
}

// Watermarks returns all watermarks.
func (s *MemoryWatermarks) Watermarks(context.Context) (map[string]Watermark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]Watermark, len(s.marks))
	maps.Copy(all, s.marks)
	return all, nil
}

// SetWatermarks stores marks.
func (s *MemoryWatermarks) SetWatermarks(_ context.Context, marks map[string]Watermark) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks == nil {
		s.marks = map[string]Watermark{}
	}
	for key, w := range marks {
		if w.At.IsZero() {
			delete(s.marks, key)
		} else {
			s.marks[key] = w
		}
	}
	return nil
}
