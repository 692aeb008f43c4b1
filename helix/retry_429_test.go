package helix

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// One point left is enough to know that a 429 is about the endpoint: others need not
// wait for it. With none left, the bucket is empty and all wait until it is reset.
func TestWhatARefusalLimitsGoesByThePointsLeft(t *testing.T) {
	for remaining, wait := range map[int]time.Duration{0: 30 * time.Second, 1: 0, 2: 0} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			tw, _ := replying(StaticToken("7", "t"), Options{MaxAttempts: 1},
				limited(429, 800, remaining, start.Add(30*time.Second)), reply{status: 200, body: things("1")})
			if err := none(t.Context(), tw, getThings, nil); !errors.Is(err, ErrRateLimited) {
				t.Errorf("%d left: got %v, want %v", remaining, err, ErrRateLimited)
			}
			// Another endpoint, in the same bucket.
			if err := none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"}); err != nil {
				t.Errorf("%d left: got %v, want no error", remaining, err)
			}
			if got := time.Since(start); got < wait || got > wait+5*time.Second {
				t.Errorf("%d left: another endpoint waited %v, want about %v", remaining, got, wait)
			}
		})
	}
}

// A 429 that does not say when the bucket is reset is waited for at least a second; the
// time of a reset that has passed means the same.
func TestRefusalWithoutAResetTimeWaitsASecond(t *testing.T) {
	for name, first := range map[string]func(now time.Time) reply{
		"no headers":  func(time.Time) reply { return reply{status: 429} },
		"reset now":   func(now time.Time) reply { return limited(429, 800, 0, now) },
		"reset past":  func(now time.Time) reply { return limited(429, 800, 0, now.Add(-time.Hour)) },
		"reset never": func(time.Time) reply { return limited(429, 800, 0, time.Unix(0, 0)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				tw, a := replying(StaticToken("", "t"), Options{}, first(start), reply{status: 200, body: things()})
				if err := none(t.Context(), tw, getThings, nil); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got < time.Second || got > 2*time.Second || len(a.requests) != 2 {
					t.Errorf("got %d requests and waited %v, want 2 and one to two seconds", len(a.requests), got)
				}
			})
		})
	}
}

// A reset in the far future, by a clock that is wrong, is not believed.
func TestResetTimeIsBounded(t *testing.T) {
	now := time.Now()
	for name, tc := range map[string]struct{ reset, want time.Duration }{
		"past":   {-time.Second, 0},
		"now":    {0, 0},
		"future": {20 * time.Second, 20 * time.Second},
		"absurd": {1000 * time.Hour, maxReset},
	} {
		if got := untilReset(http.Header{}, now.Add(tc.reset), now); got != tc.want {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
	if got := untilReset(http.Header{}, time.Time{}, now); got != 0 {
		t.Errorf("no reset: got %v, want 0", got)
	}
}

// A pause that would end after the deadline is not waited for; a shorter one is.
func TestBackoffGoesByTheDeadline(t *testing.T) {
	for timeout, requests := range map[time.Duration]int{time.Nanosecond: 1, time.Minute: 3} {
		synctest.Test(t, func(t *testing.T) {
			tw, a := replying(StaticToken("", "t"), Options{}, reply{status: 503})
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			start := time.Now()
			err := none(ctx, tw, getThings, nil)
			if e, ok := errors.AsType[*Error](err); !ok || e.Status != 503 || len(a.requests) != requests {
				t.Errorf("%v: got %v after %d requests, want 503 after %d", timeout, err, len(a.requests), requests)
			}
			if timeout == time.Nanosecond && time.Since(start) != 0 {
				t.Errorf("waited %v, want no wait for a pause that ends too late", time.Since(start))
			}
		})
	}
}

// An answer without the headers of the bucket does not hide what the one before said.
func TestRateLimitIsThatOfTheLastAnswerThatToldIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, _ := replying(StaticToken("", "t"), Options{}, limited(500, 800, 700, time.Now()), reply{status: 200, body: things()})
		call := &Call{Endpoint: getThings}
		if err := tw.Do(t.Context(), call); err != nil || call.RateLimit.Remaining != 700 {
			t.Errorf("got %+v, %v, want 700 points left", call.RateLimit, err)
		}
	})
}
