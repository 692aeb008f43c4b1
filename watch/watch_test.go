package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// twitch answers Get Streams without a network.
type twitch struct {
	mu      sync.Mutex
	live    map[string]helix.Stream // by broadcaster
	status  int                     // of all answers; 0: good ones
	batches []int                   // how many broadcasters each call asked for
}

func newTwitch() *twitch { return &twitch{live: map[string]helix.Stream{}} }

func (f *twitch) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	query := r.URL.Query()
	asked, first := query["user_id"], query.Get("first")
	f.batches = append(f.batches, len(asked))
	status, body := f.status, []byte("no")
	if status == 0 {
		status = http.StatusOK
		data := []helix.Stream{}
		for _, id := range asked {
			if s, ok := f.live[id]; ok && (first == "100" || len(data) < 20) {
				data = append(data, s)
			}
		}
		slices.Reverse(data)
		body, _ = json.Marshal(map[string]any{"data": data, "pagination": map[string]any{}})
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// set makes a stream, or ends it with "".
func (f *twitch) set(broadcasterID, streamID, title string, viewers int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.live, broadcasterID)
	if streamID != "" {
		f.live[broadcasterID] = helix.Stream{
			ID: streamID, UserID: broadcasterID, Title: title, ViewerCount: viewers, GameID: "1", Type: "live",
		}
	}
}

func (f *twitch) fail(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
}

func (f *twitch) client() *helix.Client {
	return helix.New("client", helix.StaticToken("", "token"), helix.Options{HTTPClient: &http.Client{Transport: f}})
}

// a log of changes.
type changes struct {
	mu  sync.Mutex
	all []string
}

func (c *changes) add(_ context.Context, change watch.Change) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	line := fmt.Sprintf("%s %s", change.BroadcasterID, change.Kind)
	if change.Initial {
		line += " initial"
	}
	if change.Fields != nil {
		line += " " + strings.Join(change.Fields, "+")
	}
	if change.Before.ID != "" || change.After.ID != "" {
		line += fmt.Sprintf(" %s>%s", change.Before.ID, change.After.ID)
	}
	c.all = append(c.all, line)
	return nil
}

// want compares what came since the last call.
func (c *changes) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if diff := cmp.Diff(want, c.all); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	c.all = nil
}

func running(t *testing.T, w *watch.Watcher) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("got %v, want nil when ctx ends", err)
		}
	})
}

func TestChangesOfStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, got := newTwitch(), &changes{}
		f.set("2", "s2", "Go", 5)
		w := watch.New(f.client(), []string{"1", "2", "2", ""}, watch.Options{Every: time.Minute, OnChange: got.add})
		if _, live := w.Stream("2"); live {
			t.Error("got a live stream before the first poll")
		}
		running(t, w)
		got.want(t, "1 offline initial", "2 online initial >s2")

		time.Sleep(time.Minute)
		got.want(t) // nothing happened, nothing is said

		f.set("1", "s1", "Chess", 1)
		f.set("2", "s2", "Go", 7)
		time.Sleep(time.Minute)
		got.want(t, "1 online >s1", "2 changed viewers s2>s2")
		if s, live := w.Stream("1"); !live || s.Title != "Chess" {
			t.Errorf("got %v, %v, want the stream", s, live)
		}

		f.set("2", "s2", "Go again", 8)
		f.set("1", "s3", "Chess", 1)
		time.Sleep(time.Minute)
		got.want(t, "1 offline s1>", "1 online >s3", "2 changed title+viewers s2>s2")

		f.set("1", "", "", 0)
		time.Sleep(time.Minute)
		got.want(t) // not believed yet
		if _, live := w.Stream("1"); !live {
			t.Error("got no stream after one miss, want it kept")
		}
		time.Sleep(time.Minute)
		got.want(t, "1 offline s3>")
		time.Sleep(time.Hour)
		got.want(t)

		for _, id := range []string{"", "s2", "", "s2"} { // misses that are not in a row
			f.set("2", id, "Go again", 8)
			time.Sleep(time.Minute)
			got.want(t)
		}
	})
}

func TestFailedPollsDoNotEndAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, got := newTwitch(), &changes{}
		f.set("1", "s1", "Chess", 1)
		var log bytes.Buffer
		running(t, watch.New(f.client(), []string{"1"}, watch.Options{
			OnChange: got.add, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		}))
		got.want(t, "1 online initial >s1")
		f.fail(503)
		time.Sleep(10 * time.Minute)
		got.want(t)
		f.fail(0)
		time.Sleep(time.Minute)
		got.want(t)
		if !strings.Contains(log.String(), "not polled") {
			t.Errorf("got log %q, want the failures in it", &log)
		}
	})
}

func TestManyBroadcastersInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, got := newTwitch(), &changes{}
		var ids, want []string
		for i := range 250 {
			id := fmt.Sprint(1000 + i)
			ids = append(ids, id)
			f.set(id, "s", "", 0)
			want = append(want, id+" online initial >s")
		}
		running(t, watch.New(f.client(), ids, watch.Options{OnChange: got.add}))
		got.want(t, want...)
		if diff := cmp.Diff([]int{100, 100, 50}, f.batches); diff != "" {
			t.Errorf("batches (-want +got):\n%s", diff)
		}
	})
}

func TestAddAndRemove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, got := newTwitch(), &changes{}
		w := watch.New(f.client(), nil, watch.Options{OnChange: got.add})
		running(t, w)
		time.Sleep(time.Hour)
		if len(f.batches) != 0 {
			t.Errorf("got %d calls without broadcasters, want none", len(f.batches))
		}
		f.set("1", "s1", "Chess", 1)
		w.Add("1")
		got.want(t, "1 online initial >s1") // without waiting for the next poll
		w.Remove("1")
		f.set("1", "s1", "Go", 1)
		time.Sleep(time.Minute)
		got.want(t)
		w.Add("1")
		got.want(t, "1 online initial >s1")
	})
}

func TestErrorsAndPanicsOfHandlersDoNotEndRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newTwitch()
		f.set("1", "s1", "Chess", 1)
		f.set("2", "s2", "Chess", 1)
		f.set("3", "s3", "Chess", 1)
		var log bytes.Buffer
		var seen []string
		running(t, watch.New(f.client(), []string{"1", "2", "3"}, watch.Options{
			Logger: slog.New(slog.NewTextHandler(&log, nil)),
			OnChange: func(_ context.Context, c watch.Change) error {
				seen = append(seen, c.BroadcasterID)
				switch c.BroadcasterID {
				case "1":
					return errors.New("handler's error")
				case "2":
					panic("handler's panic")
				}
				return nil
			},
		}))
		synctest.Wait()
		if len(seen) != 3 || !strings.Contains(log.String(), "handler's error") || !strings.Contains(log.String(), "handler's panic") {
			t.Errorf("got %v and log %s, want three and both failures", seen, &log)
		}
	})
}

func Example() {
	f := newTwitch() // stands for Twitch
	f.set("123", "s1", "Chess until I lose", 42)
	ctx, cancel := context.WithCancel(context.Background())

	w := watch.New(f.client(), []string{"123"}, watch.Options{
		OnChange: func(_ context.Context, c watch.Change) error {
			fmt.Printf("%s: %q, %d viewers\n", c.Kind, c.After.Title, c.After.ViewerCount)
			cancel()
			return nil
		},
	})
	if err := w.Run(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// online: "Chess until I lose", 42 viewers
}
