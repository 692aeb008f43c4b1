package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A request that panicked left all later askers waiting.
func TestCacheSurvivesAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c cache[int]
		func() {
			defer func() { _ = recover() }()
			_, _ = c.get(t.Context(), "ada", func(context.Context) (int, error) { panic("no") })
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if v, err := c.get(ctx, "ada", func(context.Context) (int, error) { return 7, nil }); v != 7 || err != nil {
			t.Errorf("got %d, %v, want 7", v, err)
		}
	})
}

// A no is kept for a while: a viewer who is refused costs no request each time.
func TestCacheKeepsANo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, asked := cache[int]{keep: time.Minute}, 0
		ask := func(context.Context) (int, error) { asked++; return 0, ErrNotAllowed }
		for range 10 {
			if _, err := c.get(t.Context(), "grace", ask); !errors.Is(err, ErrNotAllowed) {
				t.Errorf("got %v", err)
			}
		}
		time.Sleep(keepNo)
		_, _ = c.get(t.Context(), "grace", ask)
		if asked != 2 {
			t.Errorf("got %d requests, want 2", asked)
		}
	})
}

// A caller that waits for another one's request does not fail because that one gave up.
func TestCacheWaiterOutlivesTheAsker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cache[int]{keep: time.Minute}
		first, cancel := context.WithCancel(t.Context())
		go func() {
			_, _ = c.get(first, "ada", func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
		}()
		synctest.Wait()
		got := make(chan int, 1)
		go func() {
			v, err := c.get(t.Context(), "ada", func(context.Context) (int, error) { return 7, nil })
			if err != nil {
				t.Error(err)
			}
			got <- v
		}()
		synctest.Wait()
		cancel()
		if v := <-got; v != 7 {
			t.Errorf("got %d, want 7", v)
		}
	})
}
