package bot

import (
	"context"
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
