package bot

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

// maxCounted bounds how many keys of one cooldown a generation remembers.
const maxCounted = 1 << 20

// counts remember the uses of many keys, in about 50 bytes for each. A key is forgotten
// when its uses do not count any more: it is written into the generation of the time, and
// the one before the last is dropped.
type counts struct {
	n      int // uses …
	per    time.Duration
	smooth bool // spread evenly: a use comes back each per/n
	max    int  // keys of a generation; more make the generation before be dropped early
	seed   maphash.Seed

	mu     sync.Mutex
	now    generation // guarded by mu
	before generation // guarded by mu
	turned time.Time  // guarded by mu; when now began
	early  uint64     // guarded by mu; keys that were dropped early
}

// A generation has a slot for each key: the times of its newest n uses, the oldest
// first, or the one time that smooth counting needs.
type generation struct {
	slots map[uint64]int32
	times []int64 // nanoseconds since 1970; 0: no use
}

func newCounts(n int, per time.Duration, smooth bool) *counts {
	return &counts{n: n, per: per, smooth: smooth, max: maxCounted, seed: maphash.MakeSeed()}
}

func (c *counts) width() int {
	if c.smooth {
		return 1
	}
	return c.n
}

// slot returns the times of a key, nil if it has no uses. c.mu is held.
func (c *counts) slot(key uint64) []int64 {
	for _, g := range [...]*generation{&c.now, &c.before} {
		if i, ok := g.slots[key]; ok {
			return g.times[int(i)*c.width():][:c.width()]
		}
	}
	return nil
}

// turn begins a new generation if it is time. c.mu is held.
func (c *counts) turn(now time.Time) {
	age := now.Sub(c.turned)
	full := len(c.now.slots) >= c.max
	if age < c.per && !full {
		return
	}
	if age < c.per {
		c.early += uint64(len(c.before.slots))
	}
	c.before, c.now, c.turned = c.now, generation{}, now
	if age >= 2*c.per {
		c.before = generation{}
	}
}

// room returns how long it takes until a key has room for a use.
func (c *counts) room(key string, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	times := c.slot(maphash.String(c.seed, key))
	if times == nil || times[0] == 0 {
		return 0
	}
	free := time.Duration(times[0]) + c.per
	if c.smooth {
		free = time.Duration(times[0]) - c.per + c.per/time.Duration(c.n)
	}
	return max(free-time.Duration(now.UnixNano()), 0)
}

// use adds a use of a key, for which there is room.
func (c *counts) use(key string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(now)
	hash := maphash.String(c.seed, key)
	old := c.slot(hash)
	if c.now.slots == nil {
		c.now.slots = make(map[uint64]int32)
	}
	i, ok := c.now.slots[hash]
	if !ok {
		i = int32(len(c.now.slots)) //nolint:gosec // at most c.max
		c.now.slots[hash] = i
		c.now.times = append(c.now.times, make([]int64, c.width())...)
		copy(c.now.times[int(i)*c.width():], old)
	}
	times := c.now.times[int(i)*c.width():][:c.width()]
	if c.smooth {
		times[0] = max(times[0], now.UnixNano()) + int64(c.per)/int64(c.n)
		return
	}
	copy(times, times[1:])
	times[len(times)-1] = now.UnixNano()
}

// giveBack takes back a use that was made at a time.
func (c *counts) giveBack(key string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	times := c.slot(maphash.String(c.seed, key))
	if c.smooth && times != nil {
		times[0] -= int64(c.per) / int64(c.n)
		return
	}
	for i, t := range slices.Backward(times) {
		if t == at.UnixNano() {
			copy(times[1:i+1], times[:i])
			times[0] = 0
			return
		}
	}
}

// size returns how many keys are remembered.
func (c *counts) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.now.slots) + len(c.before.slots)
}
