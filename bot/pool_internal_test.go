package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Random calls of three keys, some of which leave their worker for a while and some of
// which end its goroutine: each runs once, those of a key in order, and no more than the
// workers at the same time.
func TestRandomCallsOfAPool(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { randomCalls(t, seed) }) })
	}
}

func randomCalls(t *testing.T, seed uint64) {
	const workers = 2
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	random := func(n int) int { mu.Lock(); defer mu.Unlock(); return r.IntN(n) }
	atWork, last, ran, added := 0, map[callKey]string{}, 0, 0
	work := func(change int) {
		mu.Lock()
		defer mu.Unlock()
		if atWork += change; atWork > workers {
			t.Errorf("%d calls run at the same time", atWork)
		}
	}
	var p *pool
	p = newPool(workers, 1000, func(c *Call) {
		work(1)
		defer work(-1)
		time.Sleep(time.Duration(random(5)) * time.Millisecond)
		if random(3) == 0 {
			work(-1)
			p.leave(func() { time.Sleep(time.Duration(random(20)) * time.Millisecond) })
			work(1)
		}
		mu.Lock()
		if c.Args <= last[c.key] {
			t.Errorf("key %v: %s ran after %s", c.key, c.Args, last[c.key])
		}
		last[c.key] = c.Args
		ran++
		mu.Unlock()
		if random(5) == 0 {
			runtime.Goexit()
		}
	})
	for i := range 200 {
		if p.add(&Call{key: callKey{serial: uint64(random(3))}, Args: fmt.Sprintf("%03d", i)}) { //nolint:gosec // small
			added++
		}
		if random(4) == 0 {
			time.Sleep(time.Duration(random(10)) * time.Millisecond)
		}
	}
	if err := p.drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ran != added || p.busy != 0 || p.waiting != 0 || len(p.queues) != 0 || len(p.ready) != 0 {
		t.Errorf("%d of %d calls ran, and the pool is %+v", ran, added, p.queues)
	}
}

// Draining a pool that goes on getting calls ended the program: a WaitGroup must not be used
// again before its Wait has returned.
func TestDrainWhileCallsArrive(t *testing.T) {
	p := newPool(4, 100, func(*Call) {})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var busy sync.WaitGroup
	for i := range uint64(4) {
		busy.Go(func() {
			for ctx.Err() == nil {
				p.add(&Call{key: callKey{serial: i}})
				if i > 1 {
					_ = p.drain(ctx)
				}
			}
		})
	}
	busy.Wait()
	if err := p.drain(t.Context()); err != nil {
		t.Error(err)
	}
}
