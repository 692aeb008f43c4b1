// Package retry computes how long to wait before the next attempt.
//
// Start with
//
//	b := retry.Backoff{Min: time.Second, Max: 2 * time.Minute, Healthy: time.Minute}
//	for ctx.Err() == nil {
//		connect(ctx, func() { b.Up(time.Now()) })
//		b.Down(time.Now())
//		_ = retry.Sleep(ctx, b.Next())
//	}
//
// A [Backoff] never reads a clock and starts no goroutine. It is not safe for
// concurrent use: it belongs to the one loop that retries.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

// Defaults of a [Backoff].
const (
	defaultMin    = 500 * time.Millisecond
	defaultMax    = time.Minute
	defaultFactor = 2
)

// A Backoff yields growing, jittered waits. The zero value is usable.
type Backoff struct {
	Min     time.Duration  // ceiling of the first wait; default 500 ms
	Max     time.Duration  // ceiling of every wait; default 1 min
	Factor  float64        // growth of the ceiling from one wait to the next; default 2
	Healthy time.Duration  // how long a peer must work before earlier failures are forgotten
	Floor   time.Duration  // minimum of every wait, for peers that limit attempts
	Rand    func() float64 // in [0, 1); default math/rand/v2

	failures int
	up       time.Time // zero while down
}

// Next returns the next wait: evenly spread between Floor and a ceiling that
// grows by Factor each time up to Max ("full jitter", so that many clients that
// failed together do not come back together).
func (b *Backoff) Next() time.Duration {
	ceiling := b.Ceiling()
	b.failures++
	random := b.Rand
	if random == nil {
		random = rand.Float64
	}
	floor := min(b.Floor, ceiling)
	return floor + time.Duration(random()*float64(ceiling-floor))
}

// Ceiling returns the longest wait that Next may return now.
func (b *Backoff) Ceiling() time.Duration {
	ceiling, top, factor := b.Min, b.Max, b.Factor
	if ceiling <= 0 {
		ceiling = defaultMin
	}
	if top <= 0 {
		top = defaultMax
	}
	if factor < 1 {
		factor = defaultFactor
	}
	for range b.failures {
		// In floating point: the product may be larger than any duration.
		grown := float64(ceiling) * factor
		if grown >= float64(top) {
			return top
		}
		ceiling = time.Duration(grown)
	}
	return min(ceiling, top)
}

// Up records that the peer works since now. Earlier failures are not forgotten yet: a
// peer that accepts connections and drops them at once is not healthy.
func (b *Backoff) Up(now time.Time) { b.up = now }

// Down records a failure at now. If the peer had worked for at least Healthy, earlier
// failures are forgotten.
func (b *Backoff) Down(now time.Time) {
	if !b.up.IsZero() && now.Sub(b.up) >= b.Healthy {
		b.failures = 0
	}
	b.up = time.Time{}
}

// Reset forgets earlier failures.
func (b *Backoff) Reset() { b.failures, b.up = 0, time.Time{} }

// Failures returns how often Next was called since the last reset.
func (b *Backoff) Failures() int { return b.failures }

// Sleep waits for d and returns nil. If ctx ends first, it returns ctx's cause.
func Sleep(ctx context.Context, d time.Duration) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
