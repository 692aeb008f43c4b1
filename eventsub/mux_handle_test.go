package eventsub

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
)

func TestHandleReturnsWhenAllHandlersHaveReturned(t *testing.T) {
	m := NewMux()
	first, second := errors.New("first"), errors.New("second")
	done := 0
	On(m, func(context.Context, *note) error { done++; return first })
	On(m, func(context.Context, *note) error { done++; return nil })
	m.OnAny(func(context.Context, Notification) error { done++; return second }, Named("any"))
	err := m.Handle(t.Context(), aNote("a", "1", ""))
	if done != 3 || !errors.Is(err, first) || !errors.Is(err, second) {
		t.Errorf("got %v after %d handlers, want both errors after 3", err, done)
	}
	if h, ok := errors.AsType[*HandlerError](err); !ok || h.Handler == "" {
		t.Errorf("got %#v, want a HandlerError with a name", err)
	}
	off := NewMux()
	if err := off.Handle(t.Context(), aNote("a", "1", "")); err != nil {
		t.Errorf("without handlers: got %v, want none", err)
	}
}

func TestHandleWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		release := make(chan struct{})
		var got []string
		On(m, func(_ context.Context, e *note) error {
			<-release
			got = append(got, e.Text)
			return nil
		})
		dispatch(t, m, aNote("a", "1", "a"))
		returned := false
		go func() {
			if err := m.Handle(t.Context(), aNote("b", "1", "b")); err != nil {
				t.Errorf("got %v, want none", err)
			}
			returned = true
		}()
		synctest.Wait()
		if returned {
			t.Error("Handle returned before the handlers")
		}
		close(release)
		synctest.Wait()
		if !returned || len(got) != 2 || got[1] != "b" {
			t.Errorf("got %v, returned %t, want b after a", got, returned)
		}
	})
}

func TestHandleReturnsWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1, Workers: 1})
		release := make(chan struct{})
		var got []string
		On(m, func(_ context.Context, e *note) error {
			<-release
			got = append(got, e.Text)
			return nil
		})
		dispatch(t, m, aNote("a", "1", "running"))
		synctest.Wait()
		stop := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		results := make(chan error, 2)
		for _, text := range []string{"queued", "without room"} {
			go func() { results <- m.Handle(ctx, aNote(text, "1", text)) }()
			synctest.Wait()
		}
		cancel(stop)
		for range 2 {
			if err := <-results; !errors.Is(err, stop) {
				t.Errorf("got %v, want %v", err, stop)
			}
		}
		close(release)
		drain(t, m)
		if len(got) != 2 || got[1] != "queued" {
			t.Errorf("handled %v, want the running and the queued one", got)
		}
	})
}

func TestHandleReportsWhatWasNotHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1, Workers: 1})
		On(m, func(ctx context.Context, e *note) error {
			switch e.Text {
			case "exit":
				runtime.Goexit()
			case "wait":
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		})
		if err := m.Handle(t.Context(), aNote("x", "1", "exit")); !errors.Is(err, errEnded) {
			t.Errorf("ended goroutine: got %v, want %v", err, errEnded)
		}
		results := make(chan error, 2)
		call := func(id, text string) {
			go func() { results <- m.Handle(t.Context(), aNote(id, "1", text)) }()
			synctest.Wait()
		}
		call("a", "wait")
		call("b", "")
		offer(t, m, aNote("c", "1", ""))
		if err := <-results; !errors.Is(err, ErrQueueFull) {
			t.Errorf("dropped: got %v, want %v", err, ErrQueueFull)
		}
		call("e", "")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := m.Drain(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("drain: got %v, want %v", err, context.Canceled)
		}
		for range 2 {
			if err := <-results; !errors.Is(err, ErrClosed) && !errors.Is(err, context.Canceled) {
				t.Errorf("closed: got %v, want %v or the handler's error", err, ErrClosed)
			}
		}
		if err := m.Handle(t.Context(), aNote("f", "1", "")); !errors.Is(err, ErrClosed) {
			t.Errorf("after closing: got %v, want %v", err, ErrClosed)
		}
	})
}
