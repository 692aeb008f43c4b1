package helix

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func announce(ctx context.Context, tw *Client, channel string) error {
	return tw.Chat.SendAnnouncement(ctx, SendChatAnnouncementParams{BroadcasterID: channel, ModeratorID: "7", Message: "hi"})
}

func shoutout(ctx context.Context, tw *Client, from, to string) error {
	return tw.Chat.SendShoutout(ctx, SendAShoutoutParams{FromBroadcasterID: from, ToBroadcasterID: to, ModeratorID: "7"})
}

func TestEndpointLimitsAreKeptAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, a := replying(StaticToken("7", "t"), Options{}, reply{status: 204})
		start := time.Now()
		for i, tc := range []struct {
			do   func() error
			took time.Duration // since the start, when it is done
			wait time.Duration // that it was refused for
		}{
			{func() error { return announce(t.Context(), tw, "1") }, 0, 0},
			{func() error { return announce(t.Context(), tw, "2") }, 0, 0}, // another channel
			{func() error { return announce(t.Context(), tw, "1") }, 2100 * time.Millisecond, 0},
			{func() error { return shoutout(t.Context(), tw, "1", "5") }, 2100 * time.Millisecond, 0},
			{func() error { return shoutout(t.Context(), tw, "1", "6") }, 2100 * time.Millisecond, 2*time.Minute + windowMargin},
			{func() error { return shoutout(t.Context(), tw, "1", "5") }, 2100 * time.Millisecond, time.Hour + windowMargin},
			{func() error { return shoutout(t.Context(), tw, "2", "5") }, 2100 * time.Millisecond, 0},
			{func() error {
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // ready to wait that long
				defer cancel()
				return shoutout(ctx, tw, "1", "6")
			}, 2100*time.Millisecond + 2*time.Minute + windowMargin, 0},
		} {
			err := tc.do()
			e, refused := errors.AsType[*LimitError](err)
			if refused != (tc.wait > 0) || !refused && err != nil {
				t.Errorf("%d: got %v", i, err)
			}
			if refused && (e.Wait != tc.wait || !errors.Is(err, ErrRateLimited) || errors.Is(err, context.DeadlineExceeded) || e.Limit == nil) {
				t.Errorf("%d: got %v, %v, want to be told to wait %v", i, err, e.Wait, tc.wait)
			}
			if got := time.Since(start); got != tc.took {
				t.Errorf("%d: done after %v, want %v", i, got, tc.took)
			}
		}
		if got := len(a.requests); got != 6 {
			t.Errorf("got %d requests, want 6", got)
		}
		err := shoutout(t.Context(), tw, "1", "8")
		want := "helix: Send a Shoutout: rate limited: at most 1 in 2m0s per from_broadcaster_id: not sent, because it would have to wait for 2m0.1s"
		if err == nil || err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	})
}

// A whisper counts against the recipients of the day only if it is the first to its recipient.
func TestDistinctRecipients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, _ := replying(StaticToken("7", "t"), Options{}, reply{status: 204})
		whisper := func(to int) error {
			return tw.Whispers.Send(t.Context(), SendWhisperParams{FromUserID: "7", ToUserID: strconv.Itoa(to), Message: "psst"})
		}
		for to := range 40 {
			for range 2 {
				if err := whisper(to); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
		}
		if err := whisper(40); !errors.Is(err, ErrRateLimited) {
			t.Errorf("the 41st recipient: got %v, want %v", err, ErrRateLimited)
		}
		if err := whisper(3); err != nil {
			t.Errorf("a known recipient: got %v", err)
		}
		time.Sleep(24 * time.Hour)
		if err := whisper(40); err != nil {
			t.Errorf("the next day: got %v", err)
		}
	})
}

// A 429 although points are left shuts the endpoint for that broadcaster only.
func TestRefusalShutsOneEndpointOfOneBroadcaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		full := limited(429, 800, 700, start)
		tw, a := replying(StaticToken("7", "t"), Options{}, full, limited(204, 800, 699, start))
		snooze := func(channel string) error {
			_, err := tw.Ads.SnoozeNextAd(t.Context(), SnoozeNextAdParams{BroadcasterID: channel})
			return err
		}
		if err := snooze("1"); !errors.Is(err, ErrRateLimited) || len(a.requests) != 1 {
			t.Errorf("no known limit: got %v after %d requests, want %v after 1", err, len(a.requests), ErrRateLimited)
		}
		var wg sync.WaitGroup
		wg.Go(func() { _ = snooze("1") })
		synctest.Wait()
		if l := tw.Limits(); len(l.Endpoints) != 1 || l.Endpoints[0].Waiting != 1 || l.Endpoints[0].Wait != time.Second {
			t.Errorf("got %+v, want one that waits a second", l.Endpoints)
		}
		_ = snooze("2")
		if err := announce(t.Context(), tw, "1"); err != nil || time.Since(start) != 0 {
			t.Errorf("others: got %v after %v, want no wait", err, time.Since(start))
		}
		wg.Wait()
		if got := time.Since(start); got != time.Second {
			t.Errorf("the same: went on after %v, want 1s", got)
		}
	})
}

func TestIdleGatesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, _ := replying(StaticToken("7", "t"), Options{}, reply{status: 204})
		for i := range 3 * maxBuckets {
			if err := announce(t.Context(), tw, strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if got := len(tw.core.own.gates); got > maxBuckets || len(tw.core.own.windows) != got {
			t.Errorf("got %d gates and %d windows, want at most %d", got, len(tw.core.own.windows), maxBuckets)
		}
	})
}

func TestPriorities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tw, a := replying(StaticToken("7", "t"), Options{}, limited(429, 60, 0, start.Add(10*time.Second)), reply{status: 200, body: things("1")})
		if err := none(t.Context(), tw.As("7"), putThing, putThingParams{"0"}); err != nil { // refused once, then sent
			t.Fatal(err)
		}
		tw.core.buckets.of("7").Correct(time.Now(), 60, 0)
		ban := &Endpoint{Name: "Ban", Group: "Moderation", Method: "POST", Path: "/ban", Tokens: UserToken}
		var wg sync.WaitGroup
		for _, call := range []struct {
			e   *Endpoint
			ctx context.Context
		}{
			{getThings, t.Context()},
			{&Endpoint{Name: "Say", Method: "POST", Path: "/say", Tokens: UserToken}, t.Context()},
			{ban, t.Context()},
			{&Endpoint{Name: "Urgent", Method: "GET", Path: "/urgent", Tokens: UserToken}, WithPriority(t.Context(), PriorityModeration+1)},
		} {
			wg.Go(func() {
				if err := none(call.ctx, tw, call.e, nil); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		if l := tw.Limits(); l.Buckets[0].Waiting != 4 || l.Buckets[0].UserID != "7" {
			t.Errorf("got %+v, want 4 who wait", l.Buckets)
		}
		wg.Wait()
		var order []string
		for _, r := range a.requests[2:] {
			order = append(order, r.URL.Path)
		}
		if want := []string{"/helix/urgent", "/helix/ban", "/helix/say", "/helix/things"}; !slices.Equal(order, want) {
			t.Errorf("got %v, want %v", order, want)
		}
	})
}

// Middleware sees what a call waited for, and may decide who goes first.
func TestMiddlewareSeesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var got []Wait
		watch := func(next Handler) Handler {
			return func(ctx context.Context, c *Call) error {
				err := next(ctx, c)
				got = append(got, c.Waits...)
				return err
			}
		}
		tw, _ := replying(StaticToken("7", "t"), Options{Middleware: []Middleware{watch}},
			reply{status: 204}, reply{status: 500}, limited(429, 800, 0, start.Add(30*time.Second)), reply{status: 204})
		for range 2 {
			if err := tw.Moderation.AddModerator(t.Context(), AddChannelModeratorParams{BroadcasterID: "7", UserID: "8"}); err != nil {
				t.Fatal(err)
			}
		}
		var reasons []WaitReason
		for _, w := range got {
			reasons = append(reasons, w.For)
		}
		if want := []WaitReason{WaitRetry, WaitBucket}; !slices.Equal(reasons, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if len(got) == 2 && (got[1].Duration < 29*time.Second || got[1].Duration > 31*time.Second) {
			t.Errorf("waited %v for the bucket, want 30s", got[1].Duration)
		}
	})
}

func TestAtMostFiftyInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowly{}
		tw := New("client", StaticToken("", "t"), Options{HTTPClient: httpClient(slow)})
		var wg sync.WaitGroup
		for range 170 {
			wg.Go(func() {
				if err := none(t.Context(), tw, getThings, nil); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if l := tw.Limits(); l.InFlight != 50 || l.MaxInFlight != 50 || l.Waiting != 120 {
			t.Errorf("got %d of %d and %d waiting, want 50 of 50 and 120", l.InFlight, l.MaxInFlight, l.Waiting)
		}
		wg.Wait()
		if slow.most != 50 {
			t.Errorf("got %d at the same time, want 50", slow.most)
		}
	})
}

func ExampleLimitError() {
	err := error(&LimitError{Endpoint: sendAShoutout, UserID: "7", Limit: &sendAShoutout.Limits[0], Wait: 90 * time.Second})
	if e, ok := errors.AsType[*LimitError](err); ok {
		fmt.Println("try again in", e.Wait)
	}
	fmt.Println(errors.Is(err, ErrRateLimited))
	// Output:
	// try again in 1m30s
	// true
}
