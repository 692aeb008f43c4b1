package limit

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// A Bucket is a token bucket: it holds up to size points, every event takes one
// and points are refilled evenly. It mirrors a bucket of the server, which other
// programs may use as well; the server's responses correct it, see [Bucket.Correct]
// and [Bucket.Refused].
//
// Programs that share a bucket without coordination would each spend all refilled
// points. Therefore the last few points are not taken at once: the fewer there are,
// the longer the wait for one. All programs see the same level, so in the long run
// each gets the same share.
type Bucket struct {
	queue queue

	mu      sync.Mutex
	size    float64       // guarded by mu
	per     time.Duration // guarded by mu; an empty bucket is full again after per
	points  float64       // guarded by mu; at the time at
	at      time.Time     // guarded by mu; in the future after Refused
	last    time.Time     // guarded by mu; when the last point was taken
	refused time.Time     // guarded by mu; nothing may be taken before
	unsure  bool          // guarded by mu; the next correction may raise the points
	sent    uint64        // guarded by mu; number of the latest event
	newest  uint64        // guarded by mu; number of the latest event whose answer counted
	open    []uint64      // guarded by mu; numbers of events without an answer, ascending
}

// reserve is the part of a bucket that is taken slowly: 20 of 800 points. Two
// programs that share the bucket settle at half of the reserve, ten at a tenth, which
// is still more than the usual number of requests on their way to the server.
const reserve = 1.0 / 40

// NewBucket returns a full bucket of size points that refills within per. If
// either is not positive, the bucket limits nothing until it is corrected.
func NewBucket(size int, per time.Duration) *Bucket {
	return &Bucket{size: float64(size), per: per, points: float64(size)}
}

// TryTake takes a point if there is one now. Otherwise it takes nothing and
// returns after how long there will be one.
func (b *Bucket) TryTake(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.take(now)
}

// take is TryTake. The caller holds mu.
func (b *Bucket) take(now time.Time) (wait time.Duration, ok bool) {
	b.refill(now)
	if d := max(b.due(now, 0), b.spaced(now)); d > 0 {
		return d, false
	}
	b.points--
	b.last = now
	return 0, true
}

// Wait takes a point as soon as there is one. It returns [ErrDeadline] at once
// when ctx would end earlier; then no point is used. The number must be given to
// [Bucket.Answered] in the end.
func (b *Bucket) Wait(ctx context.Context, p Priority) (number uint64, err error) {
	due := func(now time.Time, ahead int) time.Duration {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.refill(now)
		return b.due(now, ahead)
	}
	try := func(now time.Time) (time.Duration, bool) {
		b.mu.Lock()
		defer b.mu.Unlock()
		wait, ok := b.take(now)
		if ok {
			b.sent++
			number = b.sent
			b.open = append(b.open, number)
		}
		return wait, ok
	}
	err = b.queue.wait(ctx, p, limiter{due, try})
	return number, err
}

// Answered records that an event has finished, with the size of the server's bucket and
// the points that remain in it, as the server reported them; 0 and 0 if it did not. The
// values are ignored if a later event has already been answered, or if the event is
// older than the last [Bucket.Refused].
func (b *Bucket) Answered(now time.Time, number uint64, size, remaining int) {
	b.mu.Lock()
	if i, found := slices.BinarySearch(b.open, number); found {
		b.open = slices.Delete(b.open, i, i+1)
	}
	stale := number < b.newest
	b.newest = max(b.newest, number)
	// The server's number may or may not include the requests under way. Subtract all
	// of them: an estimate that is too low is safer than one that is too high.
	underWay := len(b.open)
	b.mu.Unlock()
	if size > 0 && !stale {
		b.Correct(now, size, max(0, remaining-underWay))
	}
}

// Correct sets the size of the server's bucket (0: unknown) and the points that remain
// in it. The lower of both numbers of points is used, except after [Bucket.Refused].
func (b *Bucket) Correct(now time.Time, size, remaining int) {
	b.mu.Lock()
	b.refill(now)
	if size > 0 && float64(size) != b.size {
		b.points += float64(size) - b.size
		b.size = float64(size)
	}
	raised := b.unsure && float64(remaining) > b.points
	if raised {
		b.points = float64(remaining)
	}
	b.points = min(b.points, float64(remaining))
	b.unsure = false
	b.mu.Unlock()
	if raised {
		b.queue.changed()
	}
}

// Refused records that the server's bucket is empty: the bucket is shut until the given
// time. Then it has one point and is refilled, until the server reports the real number.
func (b *Bucket) Refused(now, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if until.Before(b.refused) {
		until = b.refused
	}
	b.refused, b.at = until, until
	b.points, b.unsure = 1, true
	b.newest = b.sent + 1
}

// A BucketState is the state of a bucket at some time.
type BucketState struct {
	Size    int
	Points  float64   // 0 while the bucket is shut
	Refused time.Time // the bucket is shut until then; zero if it is not
	Waiting int       // callers that wait for a point
}

// State returns the state of the bucket at the time now.
func (b *Bucket) State(now time.Time) BucketState {
	waiting := b.queue.len()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	if b.refused.After(now) {
		return BucketState{Size: int(b.size), Refused: b.refused, Waiting: waiting}
	}
	return BucketState{Size: int(b.size), Points: b.points, Waiting: waiting}
}

// Full reports whether the bucket is in the state of a new one: full at the time now
// and not shut.
func (b *Bucket) Full(now time.Time) bool {
	s := b.State(now)
	return s.Refused.IsZero() && s.Waiting == 0 && s.Points >= float64(s.Size)
}

// refill adds the points that were refilled since the last call. The caller holds mu.
func (b *Bucket) refill(now time.Time) {
	if !now.After(b.at) {
		return
	}
	if b.per > 0 {
		if !b.at.IsZero() {
			b.points += b.size * float64(now.Sub(b.at)) / float64(b.per)
		}
		b.points = min(b.points, b.size)
	}
	b.at = now
}

// due returns the shortest time until there is a point after the callers ahead took
// theirs. The caller holds mu and has called refill.
func (b *Bucket) due(now time.Time, ahead int) time.Duration {
	shut := max(0, b.refused.Sub(now))
	if b.size <= 0 || b.per <= 0 {
		return shut
	}
	missing := float64(ahead+1) - b.points
	if missing <= 0 {
		return shut
	}
	// Rounded up, so that the point is there when the wait is over.
	return max(shut, b.at.Sub(now)+time.Duration(missing*float64(b.per)/b.size)+1)
}

// spaced returns how long to wait after the last point when there are few. With
// the reserve full, the gap is the time in which a point is refilled. The caller
// holds mu and has called refill.
func (b *Bucket) spaced(now time.Time) time.Duration {
	slow := math.Floor(b.size * reserve)
	if b.points >= slow || b.points < 1 || b.per <= 0 {
		return 0
	}
	gap := time.Duration(float64(b.per) / b.size * slow / b.points)
	return max(0, b.last.Add(gap).Sub(now))
}
