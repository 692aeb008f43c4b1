package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// maxCached bounds how many answers of Twitch a cache keeps.
const maxCached = 50_000

// A cache keeps answers of Twitch for some time. Askers of the same key at the same time
// cause one request.
type cache[V any] struct {
	keep time.Duration

	mu      sync.Mutex
	answers map[string]*answer[V] // guarded by mu
}

type answer[V any] struct {
	done  chan struct{} // closed when the rest is set
	value V
	err   error
	until time.Time
}

// get returns the answer for a key, and asks if there is none. An error is not kept.
func (c *cache[V]) get(ctx context.Context, key string, ask func(ctx context.Context) (V, error)) (V, error) {
	c.mu.Lock()
	a := c.answers[key]
	if a != nil {
		select {
		case <-a.done:
			if time.Now().Before(a.until) {
				c.mu.Unlock()
				return a.value, nil
			}
			a = nil
		default:
		}
	}
	if a != nil { // another call asks
		c.mu.Unlock()
		select {
		case <-a.done:
			return a.value, a.err
		case <-ctx.Done():
			var none V
			return none, context.Cause(ctx)
		}
	}
	a = &answer[V]{done: make(chan struct{})}
	if len(c.answers) >= maxCached || c.answers == nil {
		c.answers = map[string]*answer[V]{}
	}
	c.answers[key] = a
	c.mu.Unlock()

	a.err = errNoAnswer // in case that ask panics
	defer c.settle(key, a)
	a.value, a.err = ask(ctx)
	return a.value, a.err
}

var errNoAnswer = errors.New("bot: the request for the answer panicked")

// settle makes an answer known to those who wait for it.
func (c *cache[V]) settle(key string, a *answer[V]) {
	a.until = time.Now().Add(c.keep)
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.err != nil && c.answers[key] == a {
		delete(c.answers, key)
	}
	close(a.done)
}
