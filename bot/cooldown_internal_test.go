package bot

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Unix(1_800_000_000, 0)

// fill uses keys from first to before last.
func (c *counts) fill(t *testing.T, first, last int, now time.Time) {
	t.Helper()
	for i := first; i < last; i++ {
		if key := strconv.Itoa(i); c.room(key, now) == 0 {
			c.use(key, now)
		} else {
			t.Fatalf("key %d has to wait", i)
		}
	}
}

func TestKeysThatCooledDownAreForgotten(t *testing.T) {
	c := newCounts(1, 10*time.Second, false)
	c.fill(t, 0, 100, noon)
	c.fill(t, 100, 200, noon.Add(5*time.Second))
	c.fill(t, 0, 50, noon.Add(10*time.Second))
	if c.room("150", noon.Add(10*time.Second)) == 0 {
		t.Error("a key that cools down was forgotten with the others")
	}
	c.fill(t, 300, 301, noon.Add(20*time.Second))
	c.fill(t, 301, 302, noon.Add(30*time.Second))
	if got := c.size(); got != 2 {
		t.Errorf("got %d keys, want 2", got)
	}
	c.fill(t, 400, 401, noon.Add(time.Hour))
	if got := c.size(); got != 1 {
		t.Errorf("got %d keys after a long pause, want 1", got)
	}
}

func TestNumberOfKeysIsBounded(t *testing.T) {
	c := newCounts(1, time.Hour, false)
	c.max = 100
	c.fill(t, 0, 350, noon)
	if got := c.size(); got > 200 || c.early != 200 {
		t.Errorf("got %d keys and %d dropped early, want at most 200 and 200", got, c.early)
	}
	if c.room("349", noon) == 0 {
		t.Error("the newest key was forgotten")
	}
}

// The counting is compared with a plain list of all uses.
func TestCountsEqualAPlainList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, per := rapid.IntRange(1, 4).Draw(t, "n"), 10*time.Second
		smooth := rapid.Bool().Draw(t, "smooth")
		c := newCounts(n, per, smooth)
		uses, now := map[string][]time.Time{}, noon
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 4000).Draw(t, "ms")) * time.Millisecond)
			key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key")
			got, want := c.room(key, now), plainRoom(uses[key], n, per, smooth, now)
			if got != want {
				t.Fatalf("key %s has to wait %v, want %v", key, got, want)
			}
			if got > 0 {
				continue
			}
			c.use(key, now)
			if rapid.IntRange(0, 4).Draw(t, "back") == 0 {
				c.giveBack(key, now)
				continue
			}
			uses[key] = append(uses[key], now)
		}
	})
}

func plainRoom(uses []time.Time, n int, per time.Duration, smooth bool, now time.Time) time.Duration {
	if smooth {
		each := per / time.Duration(n)
		var full time.Time // when all uses are back
		for _, at := range uses {
			if at.After(full) {
				full = at
			}
			full = full.Add(each)
		}
		return max(full.Add(each-per).Sub(now), 0)
	}
	if len(uses) < n {
		return 0
	}
	return max(uses[len(uses)-n].Add(per).Sub(now), 0)
}

func TestAMillionKeysAreSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	used := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc) //nolint:gosec // far below
	}
	before := used()
	c := newCounts(1, time.Hour, false)
	for i := range 1_000_000 {
		c.use("12345678 "+strconv.Itoa(i), noon)
	}
	if got := used() - before; got > 100_000_000 {
		t.Errorf("a million keys take %d bytes, want 100 MB at most", got)
	} else {
		t.Logf("a million keys take %d bytes", got)
	}
	c.use("a", noon.Add(3*time.Hour))
	if got := used() - before; got > 1_000_000 {
		t.Errorf("%d bytes are left afterwards", got)
	}
	runtime.KeepAlive(c)
}
