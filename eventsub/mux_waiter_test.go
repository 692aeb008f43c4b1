package eventsub

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Room was announced when a job ended, not when it left its lane. A waiting call missed
// it, and a later call for the same broadcaster was served first.
func TestDispatchServesWaitingCallsInOrderAndWakesThemWhenTheLaneHasRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1, Workers: 1, StuckAfter: time.Second})
		other, first := make(chan struct{}), make(chan struct{})
		var got []string
		On(m, func(_ context.Context, e *note) error {
			switch e.Text {
			case "other":
				<-other
			case "a":
				<-first
			}
			got = append(got, e.Text)
			return nil
		})
		accepted := make(chan string, 4)
		call := func(text string) {
			go func() {
				dispatch(t, m, aNote("", "1", text))
				accepted <- text
			}()
			synctest.Wait()
		}
		dispatch(t, m, aNote("", "2", "other"))
		synctest.Wait()
		call("a") // fills the lane: the only worker has the other broadcaster
		call("b")
		if len(accepted) != 1 {
			t.Errorf("a lane for one accepted %d", len(accepted))
		}
		time.Sleep(3 * time.Second) // another worker replaces the stuck one and takes a
		synctest.Wait()
		if len(accepted) != 2 {
			t.Error("the waiting call was not served when the lane had room")
		}
		call("c")
		call("d")
		close(first)
		synctest.Wait()
		close(other)
		drain(t, m)
		if diff := cmp.Diff([]string{"a", "b", "c", "d", "other"}, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
	})
}

// A call that gives up must not keep its place before the later ones.
func TestDispatchThatGivesUpLeavesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1, Workers: 1})
		release := make(chan struct{})
		var got []string
		On(m, func(_ context.Context, e *note) error { <-release; got = append(got, e.Text); return nil })
		dispatch(t, m, aNote("", "1", "a"))
		synctest.Wait()
		dispatch(t, m, aNote("", "1", "b"))
		ctx, cancel := context.WithCancelCause(t.Context())
		gaveUp := errors.New("gave up")
		results := make(chan error, 2)
		go func() { results <- m.Dispatch(ctx, aNote("", "1", "c")) }()
		synctest.Wait()
		go func() { results <- m.Dispatch(t.Context(), aNote("", "1", "d")) }()
		synctest.Wait()
		cancel(gaveUp)
		if err := <-results; !errors.Is(err, gaveUp) {
			t.Errorf("got %v, want the cause of the context", err)
		}
		close(release)
		if err := <-results; err != nil {
			t.Error(err)
		}
		drain(t, m)
		if diff := cmp.Diff([]string{"a", "b", "d"}, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
	})
}

// A Drain that ran out of time must not leave callers waiting.
func TestDrainThatRunsOutOfTimeEndsWaitingDispatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Queue: 1})
		On(m, func(ctx context.Context, _ *note) error { <-ctx.Done(); return nil })
		dispatch(t, m, aNote("", "1", ""))
		results := make(chan error, 3)
		for i := range 3 {
			go func() { results <- m.Dispatch(t.Context(), aNote("", fmt.Sprint(i), "")) }()
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drain: got %v, want deadline exceeded", err)
		}
		for range 3 {
			if err := <-results; !errors.Is(err, ErrClosed) {
				t.Errorf("dispatch: got %v, want %v", err, ErrClosed)
			}
		}
	})
}
