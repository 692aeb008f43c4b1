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

	"github.com/google/go-cmp/cmp"
)

// slowInbox takes a second for each Put and fails when told to.
type slowInbox struct {
	*MemoryInbox
	mu   sync.Mutex
	puts []int // guarded by mu; notifications of each call
	err  error // guarded by mu
}

func newSlowInbox() *slowInbox { return &slowInbox{MemoryInbox: NewMemoryInbox(MemoryInboxOptions{})} }

func (b *slowInbox) Put(ctx context.Context, ns ...Notification) ([]int64, error) {
	b.mu.Lock()
	b.puts = append(b.puts, len(ns))
	err := b.err
	b.mu.Unlock()
	time.Sleep(time.Second)
	if err != nil {
		return nil, err
	}
	return b.MemoryInbox.Put(ctx, ns...)
}

func (b *slowInbox) waiting(t *testing.T) int {
	t.Helper()
	list, err := b.Waiting(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func accept(t *testing.T, m *Mux, ns ...Notification) {
	t.Helper()
	if err := m.Accept(t.Context(), ns...); err != nil {
		t.Fatalf("accept: got %v, want none", err)
	}
}

func TestConcurrentCallsOfAcceptShareOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		m := NewMux(MuxOptions{Inbox: inbox})
		start := time.Now()
		var calls sync.WaitGroup
		for i := range 100 {
			calls.Go(func() { accept(t, m, aNote(fmt.Sprint(i), "1", "")) })
		}
		calls.Wait()
		drain(t, m)
		// The first write begins with the calls that have arrived by then: some or all.
		if took := time.Since(start); took > 2*time.Second || len(inbox.puts) > 2 {
			t.Errorf("got %v writes in %v, want at most two", inbox.puts, took)
		}
		if s := m.Stats(); s.Stored != 100 || s.Dispatched != 100 {
			t.Errorf("got %+v, want 100 stored", s)
		}
	})
}

func TestAcceptStoresUntilTheHandlersHaveReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		m := NewMux(MuxOptions{Inbox: inbox})
		release := make(chan struct{})
		handled := 0
		On(m, func(context.Context, *note) error {
			<-release
			handled++
			return errors.New("an error is a result too")
		})
		accept(t, m, aNote("a", "1", ""))
		accept(t, m, aNote("a", "1", ""), aNote("b", "1", ""), aNote("b", "1", ""))
		if got := inbox.waiting(t); got != 2 {
			t.Errorf("while the handler runs: %d in the inbox, want 2", got)
		}
		close(release)
		drain(t, m)
		accept(t, m, aNote("b", "1", ""))
		drain(t, m)
		if got := inbox.waiting(t); got != 0 || handled != 2 {
			t.Errorf("at last: %d in the inbox, %d handled, want 0 and 2", got, handled)
		}
		if s := m.Stats(); s.Duplicates != 3 || s.Stored != 2 {
			t.Errorf("got %+v, want 3 duplicates", s)
		}
	})
}

func TestAcceptReturnsTheErrorOfTheInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		inbox.err = errors.New("no space left on device")
		m := NewMux(MuxOptions{Inbox: inbox})
		if err := m.Accept(t.Context(), aNote("a", "1", "")); !errors.Is(err, inbox.err) {
			t.Errorf("got %v, want %v", err, inbox.err)
		}
		if s := m.Stats(); s.StoreErrors != 1 || s.Dispatched != 0 {
			t.Errorf("got %+v, want an error and nothing dispatched", s)
		}
		if err := m.Accept(t.Context(), aNote("", "1", "")); err == nil {
			t.Error("without message id: got no error")
		}
		small := NewMux(MuxOptions{Inbox: NewMemoryInbox(MemoryInboxOptions{Most: 1})})
		if err := small.Accept(t.Context(), aNote("a", "1", ""), aNote("b", "1", "")); !errors.Is(err, ErrInboxFull) {
			t.Errorf("two for one place: got %v, want %v", err, ErrInboxFull)
		}
	})
}

// What does not fit does not keep out what was to share its write.
func TestFullInboxTakesWhatFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		inbox.MemoryInbox = NewMemoryInbox(MemoryInboxOptions{Most: 3})
		m := NewMux(MuxOptions{Inbox: inbox})
		On(m, func(context.Context, *note) error { time.Sleep(time.Hour); return nil })
		results := make(chan error, 3)
		call := func(ns ...Notification) {
			go func() { results <- m.Accept(t.Context(), ns...) }()
			synctest.Wait()
		}
		call(aNote("a", "1", ""))
		call(aNote("b", "1", ""), aNote("c", "1", ""), aNote("d", "1", "")) // with e
		call(aNote("e", "1", ""))
		if first, big, small := <-results, <-results, <-results; first != nil || !errors.Is(big, ErrInboxFull) || small != nil {
			t.Errorf("got %v, %v and %v, want only the second refused", first, big, small)
		}
		drain(t, m)
	})
}

func TestAcceptReturnsWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		m := NewMux(MuxOptions{Inbox: inbox})
		var got []string
		On(m, func(_ context.Context, e *note) error { got = append(got, e.Meta.MessageID); return nil })
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		results := make(chan error, 2)
		go func() { results <- m.Accept(ctx, aNote("being stored", "1", "")) }()
		synctest.Wait()
		go func() { results <- m.Accept(ctx, aNote("waiting", "1", "")) }()
		for range 2 {
			if err := <-results; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
			}
		}
		drain(t, m)
		if !slices.Equal(got, []string{"being stored"}) {
			t.Errorf("handled %v, want the one that was being stored", got)
		}
	})
}

// A handler that never returns holds up neither Accept nor other broadcasters, even if
// its broadcaster alone fills the queue.
func TestStuckBroadcasterStaysInTheInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Inbox: NewMemoryInbox(MemoryInboxOptions{}), Queue: 8, Workers: 2})
		release := make(chan struct{})
		var busy, others []string
		On(m, func(_ context.Context, e *note) error {
			if e.Text == "busy" {
				<-release
				busy = append(busy, e.Meta.MessageID)
				return nil
			}
			others = append(others, e.Meta.MessageID)
			return nil
		})
		var want []string
		for i := range 200 {
			id := fmt.Sprintf("busy %d", i)
			accept(t, m, aNote(id, "1", "busy"))
			want = append(want, id)
		}
		if s := m.Stats(); s.Behind != 192 {
			t.Errorf("got %d behind, want 192", s.Behind)
		}
		for i := range 50 {
			accept(t, m, aNote(fmt.Sprintf("other %d", i), "2", ""))
			synctest.Wait()
		}
		if len(others) != 50 {
			t.Errorf("others: got %d, want 50 handled", len(others))
		}
		offer(t, m, aNote("offered", "3", "")) // takes the place of a stored one
		synctest.Wait()
		if len(others) != 51 || m.Stats().Dropped != 0 {
			t.Errorf("offered: got %d handled, %d dropped, want 51 and none", len(others), m.Stats().Dropped)
		}
		close(release)
		drain(t, m)
		if diff := cmp.Diff(want, busy); diff != "" {
			t.Errorf("busy broadcaster (-want +got):\n%s", diff)
		}
	})
}

func TestNextRunHandlesWhatIsLeftFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newSlowInbox()
		killed := NewMux(MuxOptions{Inbox: inbox})
		On(killed, func(ctx context.Context, _ *note) error { <-ctx.Done(); return ctx.Err() })
		for i := range 3 {
			accept(t, killed, aNote(fmt.Sprint(i), "1", ""))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := killed.Drain(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("drain: got %v, want %v", err, context.Canceled)
		}
		if err := killed.Accept(t.Context(), aNote("late", "1", "")); !errors.Is(err, ErrClosed) {
			t.Errorf("after closing: got %v, want %v", err, ErrClosed)
		}

		m := NewMux(MuxOptions{Inbox: inbox})
		var got []string
		On(m, func(_ context.Context, e *note) error {
			got = append(got, fmt.Sprintf("%s %t", e.Meta.MessageID, e.Meta.Redelivered))
			return nil
		})
		accept(t, m, aNote("new", "1", ""), aNote("1", "1", ""))
		if err := m.Resume(t.Context()); err != nil {
			t.Errorf("resume: got %v, want none", err)
		}
		drain(t, m)
		if diff := cmp.Diff([]string{"0 true", "1 true", "2 true", "new false"}, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
		if s := m.Stats(); s.Redelivered != 3 || s.Stored != 1 || s.Duplicates != 1 || inbox.waiting(t) != 0 {
			t.Errorf("got %+v and %d in the inbox", s, inbox.waiting(t))
		}
	})
}

func TestAcceptWithoutInboxTakesAllOrNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 2, Queue: 4, Workers: 1})
		release := make(chan struct{})
		handled := 0
		On(m, func(context.Context, *note) error { <-release; handled++; return nil })
		one := func(lane string) Notification { return aNote("", lane, "") }
		accept(t, m, one("1"))
		synctest.Wait()
		if err := m.Accept(t.Context(), one("1"), one("1"), one("1")); !errors.Is(err, ErrQueueFull) {
			t.Errorf("three in a lane for two: got %v, want %v", err, ErrQueueFull)
		}
		accept(t, m, one("1"), one("1"))
		if err := m.Accept(t.Context(), one("2"), one("2")); !errors.Is(err, ErrQueueFull) {
			t.Errorf("two where one has room: got %v, want %v", err, ErrQueueFull)
		}
		accept(t, m, one("2"))
		accept(t, m)
		if err := m.Resume(t.Context()); err != nil {
			t.Errorf("resume: got %v, want none", err)
		}
		close(release)
		drain(t, m)
		if handled != 4 || m.Stats().Dispatched != 4 {
			t.Errorf("got %d handled, %+v, want 4", handled, m.Stats())
		}
	})
}
