package helix

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func limited(status, size, remaining int, reset time.Time) reply {
	return reply{status: status, body: things(), header: map[string]string{
		"Ratelimit-Limit": strconv.Itoa(size), "Ratelimit-Remaining": strconv.Itoa(remaining),
		"Ratelimit-Reset": strconv.FormatInt(reset.Unix(), 10),
	}}
}

func TestWaitsUntilTheBucketIsReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tw, a := replying(StaticToken("", "t"), Options{},
			limited(429, 800, 0, start.Add(30*time.Second)), limited(200, 800, 799, start.Add(30*time.Second)))
		if err := none(t.Context(), tw, getThings, nil); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got < 30*time.Second || got > 31*time.Second {
			t.Errorf("waited %v, want 30s to 31s", got)
		}
		if len(a.requests) != 2 {
			t.Errorf("got %d requests, want 2", len(a.requests))
		}
	})
}

// Our clock may be wrong; Twitch's comes with the answer.
func TestResetGoesByTwitchsClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		theirs := start.Add(5 * time.Hour)
		r := limited(429, 800, 0, theirs.Add(10*time.Second))
		r.header["Date"] = theirs.UTC().Format(http.TimeFormat)
		tw, _ := replying(StaticToken("", "t"), Options{}, r, reply{status: 200})
		if err := none(t.Context(), tw, getThings, nil); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got < 10*time.Second || got > 11*time.Second {
			t.Errorf("waited %v, want 10s to 11s", got)
		}
	})
}

func TestDoesNotWaitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		reset := start.Add(30 * time.Second)
		tw, a := replying(StaticToken("", "t"), Options{}, limited(429, 800, 0, reset))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := none(ctx, tw, getThings, nil)
		if e, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrRateLimited) || !e.ResetAt.Equal(reset) {
			t.Errorf("got %v, want a 429 that says when it ends", err)
		}
		// The next call knows without asking.
		err = none(ctx, tw, getThings, nil)
		if !errors.Is(err, ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, ErrRateLimited)
		}
		if got := time.Since(start); got != 0 || len(a.requests) != 1 {
			t.Errorf("got %d requests and waited %v, want one and no wait", len(a.requests), got)
		}
	})
}

func TestCancelWhileWaitingForTheReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		why := errors.New("told to stop")
		tw, _ := replying(StaticToken("", "t"), Options{}, limited(429, 800, 0, start.Add(30*time.Second)))
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		if err := none(ctx, tw, getThings, nil); !errors.Is(err, ErrRateLimited) || !errors.Is(err, why) {
			t.Errorf("after a 429: got %v, want %v and %v", err, ErrRateLimited, why)
		}
		if err := none(ctx, tw, getThings, nil); errors.Is(err, ErrRateLimited) || !errors.Is(err, why) {
			t.Errorf("ended before: got %v, want %v", err, why)
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("waited %v, want 1s", got)
		}
	})
}

// A 429 although points are left is a limit of the endpoint's own.
func TestEndpointsOwnLimit(t *testing.T) {
	announce := &Endpoint{
		ID: "announce", Name: "Announce", Method: "POST", Path: "/a", Tokens: AppToken,
		Limits: []RateLimit{{Max: 100, WindowSeconds: 3600}, {Max: 1, WindowSeconds: 2}},
	}
	shoutout := &Endpoint{
		ID: "shoutout", Name: "Shoutout", Method: "POST", Path: "/s", Tokens: AppToken,
		Limits: []RateLimit{{Max: 1, WindowSeconds: 120}},
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tw, a := replying(StaticToken("", "t"), Options{},
			limited(429, 800, 700, start), limited(200, 800, 699, start))
		if err := none(t.Context(), tw, announce, nil); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 2*time.Second+windowMargin || len(a.requests) != 2 {
			t.Errorf("short limit: got %d requests and waited %v, want 2 and 2.1s", len(a.requests), got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tw, a = replying(StaticToken("", "t"), Options{}, limited(429, 800, 700, start))
		if err := none(ctx, tw, announce, nil); !errors.Is(err, ErrRateLimited) || ctx.Err() != nil || len(a.requests) != 1 {
			t.Errorf("deadline before the limit ends: got %v after %d requests, want %v at once", err, len(a.requests), ErrRateLimited)
		}
		for what, e := range map[string]*Endpoint{"long limit": shoutout, "no known limit": getThings} {
			start := time.Now()
			tw, a := replying(StaticToken("", "t"), Options{}, limited(429, 800, 700, start))
			if err := none(t.Context(), tw, e, nil); !errors.Is(err, ErrRateLimited) {
				t.Errorf("%s: got %v, want %v", what, err, ErrRateLimited)
			}
			if got := time.Since(start); got != 0 || len(a.requests) != 1 {
				t.Errorf("%s: got %d requests and waited %v, want 1 and no wait", what, len(a.requests), got)
			}
		}
	})
}

func TestStaysBelowTheLimitByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tw, a := replying(StaticToken("", "t"), Options{}, limited(200, 60, 60, start))
		for range 120 {
			if err := none(t.Context(), tw, getThings, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := time.Since(start); got < 59*time.Second || got > 62*time.Second {
			t.Errorf("120 calls with 60 a minute took %v, want one minute", got)
		}
		if len(a.requests) != 120 {
			t.Errorf("got %d requests, want 120", len(a.requests))
		}
	})
}

// Each user has a bucket, and the application one of its own.
func TestBucketsAreSeparate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wallet{tokens: map[string]string{"": "app", "7": "seven", "8": "eight"}}
		tw, _ := replying(w, Options{}, limited(429, 800, 0, start.Add(time.Minute)), limited(200, 800, 700, start))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := none(ctx, tw.As("7"), getThings, nil); !errors.Is(err, ErrRateLimited) {
			t.Errorf("got %v, want %v", err, ErrRateLimited)
		}
		if err := none(ctx, tw.As("8"), getThings, nil); err != nil {
			t.Errorf("another user: got %v", err)
		}
		if err := none(ctx, tw, getThings, nil); err != nil {
			t.Errorf("the application: got %v", err)
		}
		if err := none(ctx, tw.As("7"), getThings, nil); !errors.Is(err, ErrRateLimited) {
			t.Errorf("the first user again: got %v, want %v", err, ErrRateLimited)
		}
	})
}

func TestFullBucketsAreForgotten(t *testing.T) {
	var all buckets
	busy := all.of("busy")
	busy.Refused(time.Now(), time.Now().Add(time.Hour))
	for i := range 3 * maxBuckets {
		all.of(strconv.Itoa(i))
	}
	if got := len(all.byUser); got > maxBuckets+1 {
		t.Errorf("got %d buckets, want at most %d", got, maxBuckets+1)
	}
	if all.of("busy") != busy {
		t.Error("a bucket in use was forgotten")
	}
}

func TestRateLimitHeaders(t *testing.T) {
	for name, tc := range map[string]struct {
		limit, remaining, reset string
		want                    RateLimitInfo
	}{
		"good":         {"800", "799", "1762000000", RateLimitInfo{800, 799, time.Unix(1762000000, 0)}},
		"none":         {"", "", "", RateLimitInfo{}},
		"nonsense":     {"many", "few", "soon", RateLimitInfo{}},
		"half":         {"800", "", "", RateLimitInfo{}},
		"no reset":     {"800", "10", "", RateLimitInfo{Limit: 800, Remaining: 10}},
		"negative":     {"800", "-5", "-1", RateLimitInfo{Limit: 800}},
		"no bucket":    {"0", "0", "0", RateLimitInfo{}},
		"out of range": {"99999999999999999999", "1", "1", RateLimitInfo{}},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			h.Set("Ratelimit-Limit", tc.limit)
			h.Set("Ratelimit-Remaining", tc.remaining)
			h.Set("Ratelimit-Reset", tc.reset)
			if got := rateLimitInfo(h); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
