package limit

import (
	"context"
	"sync"
	"time"
)

// A Bucket is a token bucket: it holds up to size points, every event takes one
// and points flow back evenly. What the server says about its own bucket
// corrects it, see [Bucket.Correct].
type Bucket struct {
	queue *queue

	mu      sync.Mutex
	size    float64       // guarded by mu
	per     time.Duration // guarded by mu; an empty bucket is full again after per
	points  float64       // guarded by mu; at the time at
	at      time.Time     // guarded by mu
	blocked time.Time     // guarded by mu; nothing may be taken before
}

// NewBucket returns a full bucket of size points that refills within per. If
// either is not positive, the bucket limits nothing until it is corrected.
func NewBucket(size int, per time.Duration) *Bucket {
	return &Bucket{queue: newQueue(), size: float64(size), per: per, points: float64(size)}
}

// TryTake takes a point if there is one now. Otherwise it takes nothing and
// returns after how long there will be one.
func (b *Bucket) TryTake(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if d := b.due(now, 0); d > 0 {
		return d, false
	}
	b.points--
	return 0, true
}

// Wait takes a point as soon as there is one. It returns [ErrDeadline] at once
// when ctx would end earlier; then no point is used.
func (b *Bucket) Wait(ctx context.Context) error {
	due := func(now time.Time, ahead int) time.Duration {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.refill(now)
		return b.due(now, ahead)
	}
	return b.queue.wait(ctx, due, b.TryTake)
}

// Correct tells the bucket what the server says: its size (0: unknown) and how
// many points remain. The lower of both views holds, because the server does not
// count yet what is still on its way.
func (b *Bucket) Correct(now time.Time, size, remaining int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if size > 0 && float64(size) != b.size {
		b.points += float64(size) - b.size
		b.size = float64(size)
	}
	b.points = min(b.points, float64(remaining))
}

// Block empties the bucket and keeps it shut until the given time.
func (b *Bucket) Block(now, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	b.points = min(b.points, 0)
	if until.After(b.blocked) {
		b.blocked = until
	}
}

// Points returns how many points there are at the time now.
func (b *Bucket) Points(now time.Time) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	return b.points
}

// refill lets points flow back since the last call. The caller holds mu.
func (b *Bucket) refill(now time.Time) {
	if b.per > 0 && now.After(b.at) {
		if !b.at.IsZero() {
			b.points += b.size * float64(now.Sub(b.at)) / float64(b.per)
		}
		b.points = min(b.points, b.size)
	}
	if now.After(b.at) {
		b.at = now
	}
}

// due returns how long it takes until there is a point after others that are
// ahead took theirs. The caller holds mu and has called refill.
func (b *Bucket) due(now time.Time, ahead int) time.Duration {
	shut := max(0, b.blocked.Sub(now))
	if b.size <= 0 || b.per <= 0 {
		return shut
	}
	missing := float64(ahead+1) - b.points
	if missing <= 0 {
		return shut
	}
	// Rounded up, so that the point is there when the wait is over.
	return max(shut, time.Duration(missing*float64(b.per)/b.size)+1)
}

// Full reports whether the bucket holds nothing that a new one would not: it is
// full at the time now and not shut.
func (b *Bucket) Full(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	return b.points >= b.size && !b.blocked.After(now)
}
