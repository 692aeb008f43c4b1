package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A roughInbox is slow and fails now and then.
type roughInbox struct {
	*MemoryInbox
	rand  *rand.Rand
	calls sync.Mutex // guards rand
	fails float64
	puts  int // guarded by calls
}

var errRough = errors.New("the disk is away")

func (b *roughInbox) rough() error {
	b.calls.Lock()
	d, fail := time.Duration(b.rand.IntN(4))*time.Millisecond, b.rand.Float64() < b.fails
	b.calls.Unlock()
	time.Sleep(d)
	if fail {
		return errRough
	}
	return nil
}

func (b *roughInbox) Put(ctx context.Context, ns ...Notification) ([]int64, error) {
	b.calls.Lock()
	b.puts++
	b.calls.Unlock()
	if err := b.rough(); err != nil {
		return nil, err
	}
	return b.MemoryInbox.Put(ctx, ns...)
}

func (b *roughInbox) Done(ctx context.Context, numbers ...int64) error {
	if err := b.rough(); err != nil {
		return err
	}
	return b.MemoryInbox.Done(ctx, numbers...)
}

func (b *roughInbox) Waiting(ctx context.Context, after int64, limit int) ([]InboxEntry, error) {
	if err := b.rough(); err != nil {
		return nil, err
	}
	return b.MemoryInbox.Waiting(ctx, after, limit)
}

// An acceptRun is one random program: several senders, a tiny queue and restarts.
type acceptRun struct {
	t     *testing.T
	rand  *rand.Rand
	inbox *roughInbox

	mu          sync.Mutex
	run         int            // guarded by mu; number of the run of the program
	last        map[string]int // guarded by mu; by lane; the last one handled in this run
	handled     map[string]int // guarded by mu; by message id; how often handlers returned nil
	interrupted map[string]int // guarded by mu; by message id
	accepted    map[string]int // guarded by mu; by message id; the run in which it was accepted
}

func (r *acceptRun) roll(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rand.IntN(n)
}

func (r *acceptRun) handle(ctx context.Context, n Notification) error {
	if n.Type == GapType || n.Meta.MessageID[0] == 'o' {
		return nil
	}
	var lane string
	var number int
	if _, err := fmt.Sscanf(n.Meta.MessageID, "%1s-%d", &lane, &number); err != nil {
		return err
	}
	r.mu.Lock()
	if number <= r.last[lane] {
		r.t.Errorf("run %d, lane %s: %d came after %d", r.run, lane, number, r.last[lane])
	}
	r.last[lane] = number
	if in, ok := r.accepted[n.Meta.MessageID]; ok && n.Meta.Redelivered != (in < r.run) {
		r.t.Errorf("%s of run %d in run %d: redelivered %t", n.Meta.MessageID, in, r.run, n.Meta.Redelivered)
	}
	r.mu.Unlock()
	select {
	case <-time.After(time.Duration(r.roll(5)) * time.Millisecond):
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		r.interrupted[n.Meta.MessageID]++
		return context.Cause(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handled[n.Meta.MessageID]++
	return nil
}

// send accepts the notifications of one lane, as a sender that repeats what failed.
func (r *acceptRun) send(m *Mux, lane string, from, to int) {
	for i := from; i < to; {
		batch := []Notification{aNote(fmt.Sprintf("%s-%d", lane, i), lane, "")}
		if r.roll(4) == 0 && i+1 < to {
			batch = append(batch, aNote(fmt.Sprintf("%s-%d", lane, i+1), lane, ""))
		}
		if r.roll(4) == 0 && i > 1 { // Twitch repeats
			batch = append(batch, aNote(fmt.Sprintf("%s-%d", lane, i-1), lane, ""))
		}
		r.mu.Lock()
		for _, n := range batch {
			if _, ok := r.accepted[n.Meta.MessageID]; !ok {
				r.accepted[n.Meta.MessageID] = r.run
			}
		}
		r.mu.Unlock()
		if err := m.Accept(r.t.Context(), batch...); err != nil {
			if !errors.Is(err, errRough) && !errors.Is(err, ErrInboxFull) {
				r.t.Errorf("accept: got %v", err)
				return
			}
			time.Sleep(time.Millisecond)
			continue
		}
		i++
		if len(batch) > 1 && batch[1].Meta.MessageID == fmt.Sprintf("%s-%d", lane, i) {
			i++
		}
	}
}

// noise offers notifications that are not stored and may be dropped.
func (r *acceptRun) noise(m *Mux, count int) {
	for i := range count {
		lane := string(rune('a' + r.roll(6)))
		if err := m.Offer(r.t.Context(), aNote(fmt.Sprintf("o-%d", i), lane, "")); err != nil {
			r.t.Errorf("offer: got %v", err)
		}
		time.Sleep(time.Duration(r.roll(3)) * time.Millisecond)
	}
}

func testAcceptRun(t *testing.T, seed uint64) {
	source := rand.New(rand.NewPCG(seed, 1))
	r := &acceptRun{
		t: t, rand: source, last: map[string]int{}, handled: map[string]int{}, interrupted: map[string]int{}, accepted: map[string]int{},
		inbox: &roughInbox{
			MemoryInbox: NewMemoryInbox(MemoryInboxOptions{Most: 20 + source.IntN(200)}),
			rand:        rand.New(rand.NewPCG(seed, 2)), fails: []float64{0, 0.2}[source.IntN(2)],
		},
	}
	const lanes, perRun, runs = 6, 25, 3
	for run := range runs {
		r.mu.Lock()
		r.run, r.last = run, map[string]int{}
		r.mu.Unlock()
		m := NewMux(MuxOptions{
			Workers: 1 + r.roll(4), LaneQueue: 1 + r.roll(4), Queue: 1 + r.roll(10), DropNewest: r.roll(2) == 0,
			StuckAfter: 20 * time.Millisecond, Inbox: r.inbox, Logger: slog.New(slog.DiscardHandler),
		})
		m.OnAny(r.handle)
		var senders sync.WaitGroup
		for i := range lanes {
			senders.Go(func() { r.send(m, string(rune('a'+i)), 1+run*perRun, 1+(run+1)*perRun) })
		}
		senders.Go(func() { r.noise(m, 20) })
		senders.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.roll(100))*time.Millisecond)
		if run == runs-1 {
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), time.Hour)
		}
		if err := m.Drain(ctx); err != nil && run == runs-1 {
			t.Errorf("the last drain: got %v, want none", err)
		}
		cancel()
		synctest.Wait()
		if s := m.Stats(); s.Behind != 0 {
			t.Errorf("after draining: %d notifications wait in the inbox", s.Behind)
		}
	}
	if list, _ := r.inbox.MemoryInbox.Waiting(t.Context(), 0, 10); len(list) != 0 {
		t.Errorf("the inbox still has %d and more", list[0].Number)
	}
	for i := range lanes {
		for number := 1; number <= runs*perRun; number++ {
			id := fmt.Sprintf("%s-%d", string(rune('a'+i)), number)
			// An inbox that fails at the end of a run cannot be told what was handled.
			twice := r.handled[id] == 2 && (r.interrupted[id] > 0 || r.inbox.fails > 0)
			if r.handled[id] != 1 && !twice {
				t.Errorf("%s: handled %d times, interrupted %d times", id, r.handled[id], r.interrupted[id])
			}
		}
	}
}

// Whatever the queue, the inbox and the senders do: each accepted notification is
// handled once, in the order of its broadcaster, also by the next run of the program.
func TestAcceptedNotificationsAreHandledOnceAndInOrder(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) { testAcceptRun(t, seed) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
