package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/storetest"
)

// reopening returns a function that closes the events it returned before and opens them
// again.
func reopening(t *testing.T, o EventOptions) func() *Events {
	t.Helper()
	path := filepath.Join(t.TempDir(), "larkspur.db")
	var s *Store
	closeStore := func() {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Errorf("close: got %v, want none", err)
			}
		}
	}
	t.Cleanup(closeStore)
	return func() *Events {
		closeStore()
		var err error
		if s, err = Open(t.Context(), path); err != nil {
			t.Fatalf("open: got %v, want none", err)
		}
		e, err := s.Events(t.Context(), o)
		if err != nil {
			t.Fatalf("events: got %v, want none", err)
		}
		return e
	}
}

func TestEvents(t *testing.T) {
	t.Run("inbox", func(t *testing.T) {
		open := reopening(t, EventOptions{})
		storetest.TestInbox(t, func() eventsub.Inbox { return open() })
	})
	t.Run("full inbox", func(t *testing.T) { storetest.TestFullInbox(t, reopening(t, EventOptions{MostWaiting: 10})(), 10) })
	t.Run("seen", func(t *testing.T) {
		open := reopening(t, EventOptions{})
		storetest.TestSeenStore(t, func() eventsub.SeenStore { return open() })
	})
	t.Run("watermarks", func(t *testing.T) {
		open := reopening(t, EventOptions{})
		storetest.TestWatermarkStore(t, func() eventsub.WatermarkStore { return open() })
	})
}

func anEvent(id string, size int) eventsub.Notification {
	return eventsub.Notification{
		Type: eventsub.Type{Name: "channel.follow", Version: "2"}, Event: make([]byte, size),
		Meta: eventsub.Meta{MessageID: id, Timestamp: time.Now(), Subscription: eventsub.Subscription{ID: "s1", Condition: map[string]string{"broadcaster_user_id": "1001"}}},
	}
}

func TestInboxIsLimitedInBytes(t *testing.T) {
	open := reopening(t, EventOptions{MostBytes: 10_000})
	e := open()
	first, err := e.Put(t.Context(), anEvent("a", 9000))
	if err != nil {
		t.Fatal(err)
	}
	e = open() // counts what is there
	if _, err := e.Put(t.Context(), anEvent("b", 1000)); !errors.Is(err, eventsub.ErrInboxFull) {
		t.Errorf("got %v, want %v", err, eventsub.ErrInboxFull)
	}
	if err := e.Done(t.Context(), first...); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Put(t.Context(), anEvent("b", 1000)); err != nil {
		t.Errorf("with room again: got %v, want none", err)
	}
}

func count(t *testing.T, e *Events, table string) (n int) {
	t.Helper()
	if err := e.s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func addKeys(t *testing.T, e *Events, from, to int) {
	t.Helper()
	for i := from; i < to; i += 200 {
		keys := map[string]string{}
		for j := range 200 {
			keys[fmt.Sprint(i+j)] = ""
		}
		if err := e.Add(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOldKeysAreRemoved(t *testing.T) {
	for _, tt := range []struct {
		name        string
		keep        int64
		age         time.Duration // of the first 3000
		least, most int           // of 6000
	}{
		{"young", 2000, 23 * time.Hour, 6000, 6000},
		{"old", 2000, 25 * time.Hour, 3000, 3000},
		{"old, but few", 9000, 25 * time.Hour, 6000, 6000},
		{"young, but far too many", 500, 0, 2000, 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := reopening(t, EventOptions{KeepKeys: tt.keep})()
			addKeys(t, e, 0, 3000)
			if _, err := e.s.db.ExecContext(t.Context(), `UPDATE event_keys SET at = at - ?`, int64(tt.age.Seconds())); err != nil {
				t.Fatal(err)
			}
			addKeys(t, e, 3000, 6000)
			if err := e.s.Close(); err != nil { // after the last pruning
				t.Fatal(err)
			}
			s := open(t, e.s.path)
			e, err := s.Events(t.Context(), EventOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if n := count(t, e, "event_keys"); n < tt.least || n > tt.most {
				t.Errorf("got %d keys, want %d to %d", n, tt.least, tt.most)
			}
			if seen, err := e.Seen(t.Context(), "5999"); err != nil || len(seen) != 1 {
				t.Errorf("the newest key: got %v and %v, want it kept", seen, err)
			}
		})
	}
}

func TestClosedEventsReturnAnError(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "larkspur.db"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Events(t.Context(), EventOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Events(t.Context(), EventOptions{}); err != nil || again != e {
		t.Errorf("a second call: got %p and %v, want %p", again, err, e)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Add(ended, map[string]string{"a": ""}); !errors.Is(err, context.Canceled) && err != nil {
		t.Errorf("with an ended context: got %v, want %v or none", err, context.Canceled)
	}
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			for j := range 1000 {
				if _, err := e.Put(t.Context(), anEvent(fmt.Sprint(i, j), 10)); err != nil {
					if !errors.Is(err, errClosed) {
						t.Errorf("got %v, want %v", err, errClosed)
					}
					return
				}
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: got %v, want none", err)
	}
	callers.Wait()
	if _, err := e.Put(t.Context(), anEvent("z", 10)); !errors.Is(err, errClosed) {
		t.Errorf("got %v, want %v", err, errClosed)
	}
}
