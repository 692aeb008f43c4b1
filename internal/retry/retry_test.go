package retry_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

func ExampleBackoff() {
	b := retry.Backoff{Min: time.Second, Max: 10 * time.Second, Rand: func() float64 { return 0.5 }}
	for range 6 {
		fmt.Println(b.Next())
	}
	// Output:
	// 500ms
	// 1s
	// 2s
	// 4s
	// 5s
	// 5s
}

func TestZeroValueIsUsable(t *testing.T) {
	var b retry.Backoff
	if got, want := b.Ceiling(), 500*time.Millisecond; got != want {
		t.Errorf("first ceiling: got %v, want %v", got, want)
	}
	for range 100 {
		if got := b.Next(); got < 0 || got > time.Minute {
			t.Fatalf("wait: got %v, want 0 to 1m", got)
		}
	}
	if got, want := b.Ceiling(), time.Minute; got != want {
		t.Errorf("last ceiling: got %v, want %v", got, want)
	}
}

func TestResetsOnlyAfterAHealthyPeriod(t *testing.T) {
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		up   time.Duration
		want int
	}{
		"dropped at once":       {0, 3},
		"dropped before":        {59 * time.Second, 3},
		"healthy long enough":   {time.Minute, 0},
		"healthy for very long": {time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := retry.Backoff{Healthy: time.Minute}
			for range 3 {
				b.Next()
			}
			b.Up(start)
			b.Down(start.Add(tc.up))
			if got := b.Failures(); got != tc.want {
				t.Errorf("failures: got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestDownWithoutUpForgetsNothing(t *testing.T) {
	var b retry.Backoff
	b.Next()
	b.Down(time.Now())
	if got := b.Failures(); got != 1 {
		t.Errorf("failures: got %d, want 1", got)
	}
	b.Reset()
	if got := b.Failures(); got != 0 {
		t.Errorf("failures after Reset: got %d, want 0", got)
	}
}

func TestWaitsStayBetweenFloorAndCeiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := retry.Backoff{
			Min:    time.Duration(rapid.Int64Range(-5, math.MaxInt64).Draw(t, "min")),
			Max:    time.Duration(rapid.Int64Range(-5, math.MaxInt64).Draw(t, "max")),
			Factor: rapid.Float64Range(-1, 100).Draw(t, "factor"),
			Floor:  time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "floor")),
		}
		last := time.Duration(0)
		for range 50 {
			ceiling := b.Ceiling()
			if ceiling < last {
				t.Fatalf("ceiling fell from %v to %v", last, ceiling)
			}
			last = ceiling
			if got := b.Next(); got < min(b.Floor, ceiling) || got > ceiling {
				t.Fatalf("wait: got %v, want %v to %v", got, b.Floor, ceiling)
			}
		}
	})
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := retry.Sleep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != time.Hour {
			t.Errorf("slept: got %v, want 1h", got)
		}
		why := errors.New("stop requested")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		if err := retry.Sleep(ctx, time.Hour); !errors.Is(err, why) {
			t.Errorf("error: got %v, want %v", err, why)
		}
		if err := retry.Sleep(ctx, 0); !errors.Is(err, why) {
			t.Errorf("error when ended before: got %v, want %v", err, why)
		}
	})
}
