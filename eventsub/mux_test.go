package eventsub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A note is an event of these tests; Twitch has no such event.
type note struct {
	Meta Meta `json:"-"`

	Key  string `json:"key"`
	Text string `json:"text"`
}

var noteType = Type{Name: "test.note", Version: "1"}

func (note) Type() Type            { return noteType }
func (n note) SemanticKey() string { return n.Key }

type noteCondition struct {
	BroadcasterUserID string `json:"broadcaster_user_id"`
}

func (noteCondition) Type() Type { return noteType }

func (c noteCondition) Fields() map[string]string {
	return map[string]string{"broadcaster_user_id": c.BroadcasterUserID, "empty": ""}
}

func aNote(id, broadcaster, text string) Notification {
	event, err := json.Marshal(note{Text: text})
	if err != nil {
		panic(err)
	}
	return Notification{
		Meta: Meta{MessageID: id, Subscription: Subscription{Condition: map[string]string{"broadcaster_user_id": broadcaster}}},
		Type: noteType, Event: event,
	}
}

func dispatch(t *testing.T, m *Mux, ns ...Notification) {
	t.Helper()
	for _, n := range ns {
		if err := m.Dispatch(t.Context(), n); err != nil {
			t.Fatalf("dispatch: got %v, want none", err)
		}
	}
}

func drain(t *testing.T, m *Mux) {
	t.Helper()
	if err := m.Drain(t.Context()); err != nil {
		t.Fatalf("drain: got %v, want none", err)
	}
}

func TestHandlersRunInRegistrationOrderAndSeeMeta(t *testing.T) {
	m := NewMux()
	var got []string
	On(m, func(_ context.Context, e *note) error {
		got = append(got, "first "+e.Text+" "+e.Meta.MessageID)
		return nil
	})
	m.OnAny(func(_ context.Context, n Notification) error {
		got = append(got, "any "+n.Type.String())
		return nil
	})
	off := On(m, func(_ context.Context, e *note) error {
		got = append(got, "second "+e.Meta.MessageID)
		return nil
	})
	dispatch(t, m, aNote("m1", "1", "hello"))
	drain(t, m)
	off()
	dispatch(t, m, aNote("m2", "1", "again"))
	drain(t, m)
	dispatch(t, m, Notification{Type: Type{Name: "unheard.of", Version: "7"}, Event: []byte("{}")})
	drain(t, m)

	want := []string{
		"first hello m1", "second m1", "any test.note v1",
		"first again m2", "any test.note v1", "any unheard.of v7",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestBroadcastersAreOrderedWithinAndParallelBetween(t *testing.T) {
	m := NewMux(MuxOptions{Workers: 4, Queue: 4096})
	var mu sync.Mutex
	got := map[string][]string{}
	On(m, func(_ context.Context, e *note) error {
		id := e.Meta.Subscription.Condition["broadcaster_user_id"]
		mu.Lock()
		defer mu.Unlock()
		got[id] = append(got[id], e.Text)
		return nil
	})
	want := map[string][]string{}
	for i := range 2000 {
		id, text := fmt.Sprint(i%7), fmt.Sprint(i)
		want[id] = append(want[id], text)
		dispatch(t, m, aNote("", id, text))
	}
	drain(t, m)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestSlowBroadcasterDoesNotDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 2})
		release := make(chan struct{})
		var quick int
		On(m, func(_ context.Context, e *note) error {
			if e.Text == "slow" {
				<-release
			} else {
				quick++
			}
			return nil
		})
		dispatch(t, m, aNote("", "1", "slow"), aNote("", "1", "slow"), aNote("", "2", "quick"), aNote("", "3", "quick"))
		synctest.Wait()
		if quick != 2 {
			t.Errorf("handled beside a slow broadcaster: got %d, want 2", quick)
		}
		close(release)
		drain(t, m)
	})
}

func TestDispatchBlocksWhenFullUntilContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 1, Queue: 2})
		release := make(chan struct{})
		handled := 0
		On(m, func(context.Context, *note) error { <-release; handled++; return nil })
		dispatch(t, m, aNote("", "1", ""), aNote("", "1", ""))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Dispatch(ctx, aNote("", "1", "")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dispatch on a full queue: got %v, want deadline exceeded", err)
		}
		close(release)
		dispatch(t, m, aNote("", "1", ""))
		drain(t, m)
		if handled != 3 {
			t.Errorf("handled: got %d, want 3", handled)
		}
	})
}

func TestErrorsAndPanicsAreReportedAndDoNotStopOtherHandlers(t *testing.T) {
	var log strings.Builder
	m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	calls := 0
	On(m, func(context.Context, *note) error { calls++; return errors.New("no luck") })
	On(m, func(context.Context, *note) error { calls++; panic("at the disco") })
	On(m, func(context.Context, *note) error { calls++; return nil })
	dispatch(t, m, aNote("m1", "1", ""), aNote("m2", "1", ""))
	drain(t, m)
	if calls != 6 {
		t.Errorf("calls: got %d, want 6", calls)
	}
	if got, want := m.Stats(), (MuxStats{Dispatched: 2, Errors: 4, Panics: 2}); got != want {
		t.Errorf("stats: got %+v, want %+v", got, want)
	}
	for _, want := range []string{"no luck", "at the disco", "message_id=m1", "broadcaster_id=1", "level=ERROR"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log lacks %q:\n%s", want, log.String())
		}
	}
}

func TestPanicKeepsStackForTheLog(t *testing.T) {
	err := guard(func() error { panic("oops") })
	p, ok := errors.AsType[*PanicError](err)
	if !ok || !strings.Contains(p.LogValue().String(), "TestPanicKeepsStackForTheLog") {
		t.Errorf("got %v, want a stack that names this test", err)
	}
}

func TestHandlersMayRegisterAndRemoveHandlers(t *testing.T) {
	m := NewMux()
	inner := 0
	var off func()
	off = On(m, func(context.Context, *note) error {
		off()
		On(m, func(context.Context, *note) error { inner++; return nil })
		return nil
	})
	dispatch(t, m, aNote("", "1", ""), aNote("", "1", ""))
	drain(t, m)
	if inner != 1 {
		t.Errorf("calls of the inner handler: got %d, want 1", inner)
	}
}

func TestBadEventIsCountedAndRawHandlersStillRun(t *testing.T) {
	m := NewMux()
	typed, raw := 0, 0
	On(m, func(context.Context, *note) error { typed++; return nil })
	m.OnAny(func(context.Context, Notification) error { raw++; return nil })
	n := aNote("", "1", "")
	n.Event = json.RawMessage(`{"text": `)
	dispatch(t, m, n)
	drain(t, m)
	if typed != 0 || raw != 1 || m.Stats().Errors != 1 {
		t.Errorf("typed, raw, errors: got %d, %d, %d, want 0, 1, 1", typed, raw, m.Stats().Errors)
	}
}

func TestDrainThatRunsOutOfTimeEndsHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Workers: 1})
		ended := 0
		On(m, func(ctx context.Context, _ *note) error { <-ctx.Done(); ended++; return ctx.Err() })
		dispatch(t, m, aNote("", "1", ""), aNote("", "1", ""), aNote("", "2", ""))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := m.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drain: got %v, want deadline exceeded", err)
		}
		if ended != 1 {
			t.Errorf("handlers ended: got %d, want 1", ended)
		}
		if err := m.Dispatch(t.Context(), aNote("", "1", "")); !errors.Is(err, ErrClosed) {
			t.Errorf("dispatch after that: got %v, want %v", err, ErrClosed)
		}
	})
}

func TestMiddlewareOrder(t *testing.T) {
	m := NewMux()
	var got []string
	mark := func(name string) Middleware {
		return func(next Handler) Handler {
			return func(ctx context.Context, n Notification) error {
				got = append(got, name)
				defer func() { got = append(got, "/"+name) }()
				return next(ctx, n)
			}
		}
	}
	m.Use(mark("a"), mark("b"))
	m.Use(mark("c"))
	On(m, func(context.Context, *note) error { got = append(got, "handler"); return nil })
	dispatch(t, m, aNote("", "1", ""))
	drain(t, m)
	if diff := cmp.Diff([]string{"a", "b", "c", "handler", "/c", "/b", "/a"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestMissing(t *testing.T) {
	online := StreamOnlineCondition{BroadcasterUserID: "1"}
	newer := Type{Name: "channel.newer", Version: "1"}
	m := NewMux()
	On(m, func(context.Context, *StreamOnline) error { return nil })
	On(m, func(context.Context, *note) error { return nil })
	On(m, func(context.Context, *Gap) error { return nil })
	m.add(newer, &route{})
	if unsubscribed, unhandled := m.Missing(); !slices.Equal(unsubscribed, []Type{newer, online.Type()}) || len(unhandled) != 0 {
		t.Errorf("with a handler only: got %v, %v, want Twitch's types unsubscribed", unsubscribed, unhandled)
	}
	if unsubscribed, unhandled := m.Missing(online); !slices.Equal(unsubscribed, []Type{newer}) || len(unhandled) != 0 {
		t.Errorf("with both: got %v, %v, want only the newer type unsubscribed", unsubscribed, unhandled)
	}
	if unsubscribed, unhandled := NewMux().Missing(noteCondition{}, noteCondition{}); len(unsubscribed) != 0 || !slices.Equal(unhandled, []Type{noteType}) {
		t.Errorf("with a condition only: got %v, %v, want the note unhandled", unsubscribed, unhandled)
	}
}

func TestBusyBroadcasterTakesTurns(t *testing.T) {
	m := NewMux(MuxOptions{Workers: 1})
	release := make(chan struct{})
	var got []string
	On(m, func(_ context.Context, e *note) error {
		<-release
		got = append(got, e.Text)
		return nil
	})
	dispatch(t, m, aNote("", "1", "busy"), aNote("", "1", "busy"), aNote("", "1", "busy"), aNote("", "2", "quiet"))
	close(release)
	drain(t, m)
	if diff := cmp.Diff([]string{"busy", "quiet", "busy", "busy"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func BenchmarkDispatch(b *testing.B) {
	m := NewMux()
	On(m, func(context.Context, *note) error { return nil })
	n := aNote("m1", "1", "hello")
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Dispatch(b.Context(), n); err != nil {
			b.Fatal(err)
		}
	}
	if err := m.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// A handler that calls t.Fatal ends the goroutine that the mux runs it on.
func TestHandlerThatEndsItsGoroutineDoesNotStopOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		m := NewMux(MuxOptions{Workers: 1, Queue: 1, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		var got []string
		On(m, func(_ context.Context, e *note) error {
			if e.Text == "goodbye" {
				runtime.Goexit()
			}
			got = append(got, e.Text)
			return nil
		})
		dispatch(t, m, aNote("1", "ada", "hello"), aNote("2", "ada", "goodbye"), aNote("3", "ada", "again"))
		drain(t, m)
		if diff := cmp.Diff([]string{"hello", "again"}, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
		if !strings.Contains(log.String(), "ended its goroutine") || m.Stats().Errors != 1 {
			t.Errorf("got %+v and the log %q, want one error", m.Stats(), log.String())
		}
	})
}

func TestStackOfAPanicIsInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var muxLog, ownLog strings.Builder
		m := NewMux(MuxOptions{Logger: slog.New(slog.NewTextHandler(&muxLog, nil))})
		m.Use(Log(slog.New(slog.NewTextHandler(&ownLog, nil))))
		On(m, func(context.Context, *note) error { panic("at the disco") })
		dispatch(t, m, aNote("1", "ada", "hello"))
		drain(t, m)
		for _, log := range []string{muxLog.String(), ownLog.String()} {
			if !strings.Contains(log, "panic: at the disco") || !strings.Contains(log, "TestStackOfAPanicIsInTheLog") {
				t.Errorf("got the log %q, want the panic and its stack", log)
			}
		}
	})
}
