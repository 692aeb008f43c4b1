package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
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

// keepNo is how long a no is kept, so that a viewer who is refused costs no request each time.
const keepNo = 15 * time.Second

// isNo reports whether an error is an answer of Twitch, which will be the same for a while.
func isNo(err error) bool { return errors.Is(err, ErrNotAllowed) || errors.Is(err, helix.ErrNotFound) }

// get returns the answer for a key, and asks if there is none. An error is not kept, unless
// it is a no.
func (c *cache[V]) get(ctx context.Context, key string, ask func(ctx context.Context) (V, error)) (V, error) {
	for {
		c.mu.Lock()
		a := c.answers[key]
		if a == nil || a.isOver(time.Now()) {
			return c.fetch(ctx, key, ask)
		}
		c.mu.Unlock()
		select {
		case <-a.done:
		case <-ctx.Done():
			var none V
			return none, context.Cause(ctx)
		}
		if ctx.Err() == nil && (errors.Is(a.err, context.Canceled) || errors.Is(a.err, context.DeadlineExceeded)) {
			continue // the call that asked was cancelled, this one is not
		}
		return a.value, a.err
	}
}

// isOver reports whether an answer is too old. One that is awaited is not.
func (a *answer[V]) isOver(now time.Time) bool {
	select {
	case <-a.done:
		return !now.Before(a.until)
	default:
		return false
	}
}

// fetch asks. The caller holds mu, which fetch unlocks.
func (c *cache[V]) fetch(ctx context.Context, key string, ask func(ctx context.Context) (V, error)) (V, error) {
	a := &answer[V]{done: make(chan struct{})}
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
	if isNo(a.err) {
		a.until = time.Now().Add(min(c.keep, keepNo))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.err != nil && !isNo(a.err) && c.answers[key] == a {
		delete(c.answers, key)
	}
	close(a.done)
}
