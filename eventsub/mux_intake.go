package eventsub

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// An intake stores notifications in the inbox, queues them, and tells the inbox when
// their handlers have returned. Its goroutines exist while they have work. A nil intake
// has none.
type intake struct {
	mux    *Mux
	inbox  Inbox
	closed chan struct{} // closed when Drain ran out of time

	resumed atomic.Int64 // notifications up to this number are from an earlier run
	queued  int64        // the last number that was queued; used by store only
	unsure  bool         // the inbox may have more than was queued, after an error; used by store only

	mu        sync.Mutex
	arrivals  []*arrival    // guarded by mu; they wait to be stored
	size      int           // guarded by mu; bytes of arrivals
	storing   bool          // guarded by mu; a goroutine runs store
	whole     bool          // guarded by mu; everything from an earlier run is queued
	done      []int64       // guarded by mu; numbers that are to be removed from the inbox
	finishing bool          // guarded by mu; a goroutine runs remove
	active    int           // guarded by mu; running goroutines
	idle      chan struct{} // guarded by mu; closed when the last of them ends; nil if no caller waits
}

// An arrival is a call of Accept that waits until its notifications are stored.
type arrival struct {
	ctx    context.Context // has the values of Accept's context, but does not end with it
	ns     []Notification
	size   int
	result chan error // gets the result; has room for it
}

const (
	// storeTimeout bounds one call of an inbox.
	storeTimeout = 30 * time.Second
	// putMost and putBytes bound the notifications that are stored at once.
	putMost, putBytes = 1024, 4 << 20
	// resumeMost is the number of notifications of an earlier run that are read at once.
	resumeMost = 256
)

func storeBackoff() retry.Backoff {
	return retry.Backoff{Min: 100 * time.Millisecond, Max: 10 * time.Second, Floor: 10 * time.Millisecond}
}

func newIntake(m *Mux, inbox Inbox) *intake {
	in := &intake{mux: m, inbox: inbox, closed: make(chan struct{})}
	m.queue.feeder = in
	return in
}

// startFeed starts a goroutine that fills lanes from the inbox. The caller holds the
// queue's mu.
func (in *intake) startFeed() {
	in.begin()
	go in.feed()
}

// accept stores and queues notifications; without any, it queues those of an earlier run.
func (in *intake) accept(ctx context.Context, ns []Notification) error {
	a := &arrival{ctx: context.WithoutCancel(ctx), ns: ns, result: make(chan error, 1)}
	for _, n := range ns {
		if n.Meta.MessageID == "" {
			return errors.New("eventsub: accept: the notification has no message id")
		}
		a.size += jobSize + len(n.Event)
	}
	if err := in.submit(a); err != nil { //nolint:contextcheck // what is stored outlives ctx
		return err
	}
	select {
	case err := <-a.result:
		return err
	case <-ctx.Done():
		in.withdraw(a)
		return context.Cause(ctx)
	}
}

// submit adds an arrival, which gets a result later.
func (in *intake) submit(a *arrival) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	select {
	case <-in.closed:
		return ErrClosed
	default:
	}
	if len(in.arrivals) > 0 && in.size+a.size > queueBytes {
		return ErrQueueFull
	}
	in.arrivals = append(in.arrivals, a)
	in.size += a.size
	if !in.storing {
		in.storing = true
		in.active++
		go in.store()
	}
	return nil
}

// withdraw removes an arrival that is not being stored yet.
func (in *intake) withdraw(a *arrival) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if i := slices.Index(in.arrivals, a); i >= 0 {
		in.arrivals = slices.Delete(in.arrivals, i, i+1)
		in.size -= a.size
	}
}

// store stores all arrivals: those that came during one call of the inbox share the
// next. There is one store at a time, so that the order of numbers is the order in which
// notifications are queued.
func (in *intake) store() {
	for {
		in.gather()
		batch := in.take()
		if batch == nil {
			return
		}
		err := in.resume(batch[0].ctx)
		if err == nil {
			err = in.put(batch)
		}
		alone := len(batch) > 1 && errors.Is(err, ErrInboxFull) // some may fit
		for i, a := range batch {
			if alone {
				err = in.put(batch[i : i+1])
			}
			a.result <- err
		}
	}
}

// gather lets callers of Accept that are about to submit do so first, so that they share
// a write. It takes no time if no goroutine is ready to run.
func (in *intake) gather() {
	for last := -1; ; runtime.Gosched() {
		in.mu.Lock()
		count := len(in.arrivals)
		in.mu.Unlock()
		if count <= last || count >= putMost {
			return
		}
		last = count
	}
}

// take returns the next arrivals, or nil if there are none and store has to end.
func (in *intake) take() []*arrival {
	in.mu.Lock()
	defer in.mu.Unlock()
	count, size, i := 0, 0, 0
	for ; i < len(in.arrivals); i++ {
		a := in.arrivals[i]
		if i > 0 && (count+len(a.ns) > putMost || size+a.size > putBytes) {
			break
		}
		count += len(a.ns)
		size += a.size
	}
	if i == 0 {
		in.storing = false
		in.endLocked()
		return nil
	}
	batch := in.arrivals[:i:i]
	if in.arrivals = in.arrivals[i:]; len(in.arrivals) == 0 {
		in.arrivals = nil
	}
	in.size -= size
	return batch
}

// put stores and queues the notifications of arrivals.
func (in *intake) put(batch []*arrival) error {
	all := batch[0].ns
	if len(batch) > 1 {
		all = nil
		for _, a := range batch {
			all = append(all, a.ns...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(batch[0].ctx, storeTimeout)
	defer cancel()
	numbers, err := in.inbox.Put(ctx, all...)
	if err == nil && len(numbers) != len(all) {
		err = errors.New("eventsub: the inbox returned a wrong number of numbers")
	}
	if err != nil {
		in.unsure = in.unsure || !errors.Is(err, ErrInboxFull)
		in.failed("store events", err)
		return err
	}
	if in.unsure {
		if err := in.find(batch[0].ctx, numbers); err != nil {
			return err
		}
	}
	for _, a := range batch {
		for _, n := range a.ns {
			number := numbers[0]
			numbers = numbers[1:]
			if n.handled != nil { // what is stored will be handled
				defer n.handled()
				n.handled = nil
			}
			if number == 0 {
				in.mux.stats.duplicates.Add(1)
				continue
			}
			in.mux.stats.stored.Add(1)
			in.queued = number
			in.queue(a.ctx, InboxEntry{Number: number, Notification: n})
		}
	}
	return nil
}

// find queues what the inbox stored although Put returned an error, as after a timeout:
// when it is sent again, the inbox knows it, so nothing else would queue it before a
// restart. Fresh are the numbers of the last Put.
func (in *intake) find(ctx context.Context, fresh []int64) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	var found []InboxEntry
	for after := in.queued; ; {
		entries, err := in.inbox.Waiting(ctx, after, resumeMost)
		if err != nil {
			in.failed("find events that were stored", err)
			return err // what was just stored is found by the next call
		}
		if len(entries) == 0 {
			break
		}
		after = entries[len(entries)-1].Number
		for _, e := range entries {
			if !slices.Contains(fresh, e.Number) {
				found = append(found, e)
			}
		}
	}
	in.unsure = false
	for _, e := range found {
		in.mux.stats.stored.Add(1)
		in.queued = e.Number
		in.queue(context.WithoutCancel(ctx), e)
	}
	return nil
}

// resume queues the notifications of an earlier run, once.
func (in *intake) resume(ctx context.Context) error {
	if in.whole { // only this goroutine changes it
		return nil
	}
	for {
		pageCtx, cancel := context.WithTimeout(ctx, storeTimeout)
		entries, err := in.inbox.Waiting(pageCtx, in.resumed.Load(), resumeMost)
		cancel()
		if err != nil {
			in.failed("read events of an earlier run", err)
			return err
		}
		if len(entries) == 0 {
			in.whole = true
			return nil
		}
		in.queued = entries[len(entries)-1].Number
		in.resumed.Store(in.queued)
		for _, e := range entries {
			in.mux.stats.redelivered.Add(1)
			in.queue(ctx, e)
		}
	}
}

// queue queues a stored notification that was not queued before.
func (in *intake) queue(ctx context.Context, e InboxEntry) {
	j := in.job(ctx, e)
	in.mux.stats.dispatched.Add(1)
	in.mux.tap(j.n)
	in.mux.queue.keep(j)
}
