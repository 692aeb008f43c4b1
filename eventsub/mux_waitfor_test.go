package eventsub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A handler that waits for the next event of its own broadcaster gets it although the
// handlers of that event have to wait for the handler, and even if the queue is full.
func TestHandlerWaitsForTheNextEventOfItsBroadcaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1, Workers: 1})
		var got []string
		On(m, func(ctx context.Context, e *note) error {
			got = append(got, "begin "+e.Text)
			if e.Text == "question" {
				answer, err := WaitFor(ctx, m, func(e *note) bool { return e.Text == "answer" })
				if err != nil {
					return err
				}
				got = append(got, "waited for "+answer.Meta.MessageID)
			}
			return nil
		})
		dispatch(t, m, aNote("1", "ada", "question"))
		synctest.Wait()
		dispatch(t, m, aNote("2", "ada", "noise"))  // fills the lane
		dispatch(t, m, aNote("3", "ada", "answer")) // waits for room, but is seen
		drain(t, m)
		want := []string{"begin question", "waited for 3", "begin noise", "begin answer"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if m.taps.byType.Load() != nil {
			t.Error("a tap is left")
		}
	})
}

func TestWaitForReturnsWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() {
			for i := range 3 {
				dispatch(t, m, aNote(fmt.Sprint(i), "1", "another"))
			}
		}()
		e, err := WaitFor(ctx, m, func(e *note) bool { return e.Text == "awaited" })
		if e != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v and %v, want %v", e, err, context.DeadlineExceeded)
		}
		cancel()
		if _, err := WaitFor[note](ctx, m, nil); err == nil {
			t.Error("with an ended context: got no error")
		}
		drain(t, m)
	})
}

func TestDuplicateWakesOneWaiterOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		woken := make(chan string, 3)
		handled := 0
		On(m, func(ctx context.Context, e *note) error {
			handled++
			if e.Meta.MessageID != "1" || handled > 1 {
				return nil
			}
			for range 2 { // the event that is being handled does not count either
				next, err := WaitFor[note](ctx, m, nil)
				if err != nil {
					return err
				}
				woken <- next.Meta.MessageID
			}
			return nil
		})
		for _, id := range []string{"1", "1", "2", "2", "1", "2", "3"} {
			offer(t, m, aNote(id, "ada", ""))
			synctest.Wait()
		}
		drain(t, m)
		if a, b := <-woken, <-woken; a != "2" || b != "3" {
			t.Errorf("woken by %s and %s, want 2 and 3", a, b)
		}
		if handled != 7 {
			t.Errorf("handled %d, want all 7: middleware drops duplicates", handled)
		}
	})
}

func TestWaitForSeesWhatEachEntranceLetsIn(t *testing.T) {
	stored := NewMux(MuxOptions{Inbox: NewMemoryInbox(MemoryInboxOptions{})})
	plain := NewMux()
	for name, enter := range map[string]struct {
		m    *Mux
		call func(ctx context.Context, n Notification) error
	}{
		"Dispatch":             {plain, plain.Dispatch},
		"Offer":                {plain, plain.Offer},
		"Handle":               {plain, plain.Handle},
		"Accept":               {plain, func(ctx context.Context, n Notification) error { return plain.Accept(ctx, n) }},
		"Accept with an inbox": {stored, func(ctx context.Context, n Notification) error { return stored.Accept(ctx, n) }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan *note, 1)
				go func() {
					e, _ := WaitFor[note](t.Context(), enter.m, nil)
					got <- e
				}()
				synctest.Wait()
				if err := enter.call(t.Context(), aNote(name, "1", "hello")); err != nil {
					t.Fatal(err)
				}
				if e := <-got; e == nil || e.Text != "hello" || e.Meta.MessageID != name {
					t.Errorf("got %+v, want the note", e)
				}
				drain(t, enter.m)
			})
		})
	}
}

// A waiter that never looks at its events holds up neither them nor other waiters.
func TestSlowWaiterDelaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		handled := 0
		m.OnAny(func(context.Context, Notification) error { handled++; return nil })
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		go func() {
			_, _ = WaitFor(ctx, m, func(*note) bool { <-release; return false })
		}()
		events := Chan[note](ctx, m, 2)
		synctest.Wait()
		for i := range 2000 {
			dispatch(t, m, aNote(fmt.Sprint(i), "1", ""))
			if i == 0 {
				synctest.Wait() // both hold it
			}
		}
		drain(t, m)
		// The waiter holds one and 1,024 wait for it; the channel has one and two.
		if s := m.Stats(); handled != 2000 || s.Missed != (2000-1025)+(2000-3) {
			t.Errorf("got %d handled, %+v, want 2000 and what is too much missed", handled, s)
		}
		var got []string
		for range 3 {
			e := <-events
			got = append(got, e.Meta.MessageID)
		}
		if !slices.Equal(got, []string{"0", "1", "2"}) {
			t.Errorf("got %v, want the first three", got)
		}
		close(release)
		cancel()
		synctest.Wait()
		if _, open := <-events; open {
			t.Error("the channel is open after its context ended")
		}
		if m.taps.byType.Load() != nil {
			t.Error("a tap is left")
		}
	})
}

// Handlers and waiters come and go while events arrive; for the race detector.
func TestListenersComeAndGoAnywhere(t *testing.T) {
	m := NewMux()
	ctx, cancel := context.WithCancel(t.Context())
	var senders, others sync.WaitGroup
	On(m, func(context.Context, *note) error {
		off := On(m, func(context.Context, *note) error { return nil })
		offAny := m.OnAny(func(context.Context, Notification) error { return nil })
		others.Go(func() {
			_, _ = WaitFor(ctx, m, func(e *note) bool { return e.Text == "last" })
		})
		off()
		offAny()
		off()
		return nil
	})
	for i := range 4 {
		senders.Go(func() {
			for j := range 50 {
				off := On(m, func(context.Context, *note) error { return nil })
				dispatch(t, m, aNote(fmt.Sprint(i, j), fmt.Sprint(i), ""))
				off()
			}
		})
		others.Go(func() {
			for e := range Chan[note](ctx, m, 4) {
				_ = e.Text
			}
		})
	}
	senders.Wait()
	drain(t, m)
	dispatch(t, m, aNote("last", "1", "last"))
	drain(t, m)
	cancel()
	others.Wait()
	if s := m.Stats(); s.Errors != 0 || len(m.routes[noteType]) != 1 {
		t.Errorf("got %+v and %d handlers, want no error and one handler", s, len(m.routes[noteType]))
	}
}
