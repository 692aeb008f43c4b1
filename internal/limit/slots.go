package limit

import (
	"context"
	"sync"
	"time"
)

// Slots bound the number of operations that run at the same time.
type Slots struct {
	queue queue
	size  int

	mu   sync.Mutex
	used int // guarded by mu
}

// NewSlots returns n free slots.
func NewSlots(n int) *Slots { return &Slots{size: n} }

// Acquire takes a slot as soon as one is free. If it returns nil, the caller must call
// [Slots.Release] once.
func (s *Slots) Acquire(ctx context.Context, p Priority) error {
	return s.queue.wait(ctx, p, limiter{
		due: func(time.Time, int) time.Duration { return 0 },
		try: func(time.Time) (time.Duration, bool) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.used >= s.size {
				return 0, false
			}
			s.used++
			return 0, true
		},
	})
}

// Release gives a slot back.
func (s *Slots) Release() {
	s.mu.Lock()
	s.used--
	s.mu.Unlock()
	s.queue.changed()
}

// Used returns how many slots are taken, and how many wait for one.
func (s *Slots) Used() (used, waiting int) {
	s.mu.Lock()
	used = s.used
	s.mu.Unlock()
	return used, s.queue.len()
}
