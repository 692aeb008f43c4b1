package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// brokenStore fails while err is set.
type brokenStore struct {
	*MemorySeenStore
	err error
}

func (s *brokenStore) Seen(ctx context.Context, keys ...string) (map[string]string, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.MemorySeenStore.Seen(ctx, keys...)
}

func (s *brokenStore) Add(ctx context.Context, keys map[string]string) error {
	if s.err != nil {
		return s.err
	}
	return s.MemorySeenStore.Add(ctx, keys)
}

// A killed program repeats what was being handled, and nothing that was handled.
func TestNextRunRepeatsOnlyWhatWasBeingHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, inbox := NewMemorySeenStore(0), NewMemoryInbox(MemoryInboxOptions{})
		start := func(handle func(ctx context.Context, e *note) error) *Mux {
			m := NewMux(MuxOptions{Inbox: inbox})
			m.Use(DedupStore(store, time.Hour))
			On(m, handle)
			return m
		}
		killed := start(func(ctx context.Context, e *note) error {
			if e.Text == "slow" {
				<-ctx.Done()
				return ctx.Err()
			}
			return errors.New("an error is a result too")
		})
		accept(t, killed, aNote("1", "ada", ""), aNote("2", "ada", "slow"), aNote("3", "ada", ""))
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = killed.Drain(ctx)

		var got []string
		m := start(func(_ context.Context, e *note) error {
			got = append(got, fmt.Sprintf("%s %t", e.Meta.MessageID, e.Meta.Redelivered))
			return nil
		})
		if err := m.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		drain(t, m)
		dispatch(t, m, aNote("1", "ada", ""), aNote("2", "ada", ""), aNote("3", "ada", "")) // by another transport
		drain(t, m)
		if diff := cmp.Diff([]string{"2 true", "3 true"}, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
	})
}

// The same with one middleware value for both, as in a test.
func TestRedeliveredIsNoDuplicateOfItself(t *testing.T) {
	for name, middleware := range map[string]Middleware{
		"Dedup":      Dedup(time.Hour),
		"DedupStore": DedupStore(NewMemorySeenStore(0), time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMux()
				m.Use(middleware)
				handled := 0
				On(m, func(ctx context.Context, _ *note) error {
					if handled++; handled == 1 {
						<-ctx.Done()
					}
					return ctx.Err()
				})
				n := aNote("1", "ada", "")
				n.Event = []byte(`{"key":"fact"}`)
				dispatch(t, m, n)
				synctest.Wait()
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				_ = m.Drain(ctx)
				next := NewMux()
				next.Use(middleware)
				On(next, func(context.Context, *note) error { handled++; return nil })
				n.Meta.Redelivered = true
				dispatch(t, next, n)
				drain(t, next)
				if handled != 2 {
					t.Errorf("handled %d times, want twice", handled)
				}
			})
		})
	}
}

func TestEventsAreHandledWhileTheStoreFails(t *testing.T) {
	store := &brokenStore{MemorySeenStore: NewMemorySeenStore(0), err: errors.New("the disk is away")}
	var log strings.Builder
	m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	m.Use(DedupStore(store, time.Hour))
	handled := 0
	On(m, func(context.Context, *note) error { handled++; return nil })
	dispatch(t, m, aNote("1", "ada", ""), aNote("2", "ada", ""), aNote("1", "ada", ""))
	drain(t, m)
	if s := m.Stats(); handled != 2 || s.StoreErrors != 4 || s.Duplicates != 1 {
		t.Errorf("got %d handled, %+v, want 2, with 4 errors and a duplicate found in memory", handled, s)
	}
	store.err = nil
	dispatch(t, m, aNote("3", "ada", ""))
	drain(t, m)
	if handled != 3 || strings.Count(log.String(), "the disk is away") != 1 || !strings.Contains(log.String(), "works again") {
		t.Errorf("got %d handled and the log\n%s\nwant 3, one error and one recovery", handled, log.String())
	}
}

func TestHandlerThatEndsItsGoroutineIsRemembered(t *testing.T) {
	store := NewMemorySeenStore(0)
	m := NewMux()
	m.Use(DedupStore(store, time.Hour))
	On(m, func(context.Context, *note) error { runtime.Goexit(); return nil })
	dispatch(t, m, aNote("1", "ada", ""))
	drain(t, m)
	if seen, _ := store.Seen(t.Context(), "id 1"); len(seen) != 1 {
		t.Errorf("got %v, want the id", seen)
	}
}

func TestEmittedEventsHaveSemanticKeys(t *testing.T) {
	m := NewMux()
	m.Use(DedupStore(NewMemorySeenStore(0), time.Hour))
	handled := 0
	On(m, func(context.Context, *keyed) error { handled++; return nil })
	for _, key := range []string{"a", "b", "a", "", ""} {
		if err := m.Emit(t.Context(), keyed{key}); err != nil {
			t.Fatal(err)
		}
	}
	drain(t, m)
	if handled != 4 {
		t.Errorf("handled %d, want 4", handled)
	}
}

type keyed struct{ key string }

func (keyed) Type() Type            { return Type{Name: "mybot.keyed", Version: "1"} }
func (k keyed) SemanticKey() string { return k.key }

func TestMemorySeenStoreIsBounded(t *testing.T) {
	s := NewMemorySeenStore(10)
	for i := range 100 {
		_ = s.Add(t.Context(), map[string]string{fmt.Sprint(i): "v", "0": "again"})
	}
	seen, _ := s.Seen(t.Context(), "90", "91", "99", "100")
	if _, newest := seen["99"]; len(s.keys.values) != 10 || len(s.keys.order) != 10 || !newest {
		t.Errorf("got %d keys and %v, want the last ten", len(s.keys.values), seen)
	}
}

// A store is a file that others may have written.
func FuzzParseSighting(f *testing.F) {
	now := time.Now()
	f.Add(sighting{at: now, sent: now, subscription: "s", missed: &missedTime{since: now}}.String())
	f.Add(sighting{at: now, subscription: "a\" b"}.String())
	f.Add("1 2")
	f.Add("")
	f.Fuzz(func(t *testing.T, value string) {
		s, ok := parseSighting(value)
		if !ok {
			return
		}
		again, ok := parseSighting(s.String())
		if !ok || s.String() != again.String() {
			t.Errorf("%q became %q and then %q", value, s.String(), again.String())
		}
	})
}
