package watch_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/watch"
)

func TestStreamsAreKeptWithoutAHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newTwitch()
		f.set("1", "s1", "Chess", 1)
		var log bytes.Buffer
		w := watch.New(f.client(), []string{"1"}, watch.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		running(t, w)
		synctest.Wait()
		if s, live := w.Stream("1"); !live || s.ID != "s1" {
			t.Errorf("got %+v, %v, want the stream", s, live)
		}
		if s, live := w.Stream("2"); live || s.ID != "" {
			t.Errorf("got %+v, %v of a broadcaster who is not watched, want none", s, live)
		}
		if log.Len() != 0 {
			t.Errorf("got the log %s, want none", &log)
		}
	})
}

func TestRemovedBroadcastersAreNeitherPolledNorReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, got := newTwitch(), &changes{}
		f.set("1", "s1", "Chess", 1)
		f.set("2", "s2", "Chess", 1)
		var w *watch.Watcher
		var log bytes.Buffer
		w = watch.New(f.client(), []string{"1", "2"}, watch.Options{
			Logger: slog.New(slog.NewTextHandler(&log, nil)),
			OnChange: func(ctx context.Context, c watch.Change) error {
				w.Remove("2") // in the middle of a poll that found it
				return got.add(ctx, c)
			},
		})
		running(t, w)
		got.want(t, "1 online initial >s1")
		w.Remove("1")
		polls := f.calls()
		time.Sleep(time.Hour)
		if now := f.calls(); now != polls {
			t.Errorf("got %d calls with no broadcaster left, want none", now-polls)
		}
		if log.Len() != 0 {
			t.Errorf("got the log %s, want none", &log)
		}
	})
}

// stuck answers nothing until the request is given up.
type stuck struct{ asked int }

func (s *stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked++
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestCancelDuringAPollIsNotLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stuck{}
		tw := helix.New("client", helix.StaticToken("", "token"), helix.Options{HTTPClient: &http.Client{Transport: s}})
		ids := make([]string, 250)
		for i := range ids {
			ids[i] = string(rune('a' + i))
		}
		var log bytes.Buffer
		w := watch.New(tw, ids, watch.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := w.Run(ctx); err != nil {
			t.Errorf("got %v, want nil when ctx ends", err)
		}
		if s.asked != 1 || log.Len() != 0 {
			t.Errorf("got %d calls and the log %q, want one and none", s.asked, &log)
		}
	})
}
