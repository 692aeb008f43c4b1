package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// EventOptions limit what Events keep. The zero value is usable.
type EventOptions struct {
	// MostWaiting is the number of notifications in the inbox. Default: 131,072.
	MostWaiting int
	// MostBytes is the size of these notifications. Default: 256 MB.
	MostBytes int64
	// KeepKeys is the number of the last keys that are kept however old they are. A
	// notification has up to three. Default: two million.
	KeepKeys int64
	// KeepFor is how long older keys are kept, within four times KeepKeys. Default: 24 h.
	KeepFor time.Duration
}

// Events are the events in a [Store]: notifications that wait for their handlers, the
// keys of those that were handled, and watermarks. One goroutine writes for all callers
// and commits what came during one commit with the next. Done waits up to 1 ms for a Put
// whose commit it can share.
//
// What Put and SetWatermarks have written survives a power cut. What Add and Done have
// written survives the death of the process; a power cut can undo the last of them, and
// then the notifications are handled a second time.
//
// The inbox belongs to one program at a time.
type Events struct {
	s        *Store
	o        EventOptions
	requests chan *request
	quit     chan struct{} // closed by close
	closing  sync.Once
	stopped  chan struct{} // closed when the writer has ended
	seen     *sql.Stmt     // finds one key
}

var (
	_ eventsub.SeenStore      = (*Events)(nil)
	_ eventsub.Inbox          = (*Events)(nil)
	_ eventsub.WatermarkStore = (*Events)(nil)
)

var errClosed = errors.New("it is closed")

// Events returns the events of s. A second call returns the same, without regard to its
// options.
func (s *Store) Events(ctx context.Context, o EventOptions) (*Events, error) {
	s.eventsMu.Lock()
	defer s.eventsMu.Unlock()
	if s.events != nil {
		return s.events, nil
	}
	if o.MostWaiting <= 0 {
		o.MostWaiting = 1 << 17
	}
	if o.MostBytes <= 0 {
		o.MostBytes = 256 << 20
	}
	if o.KeepKeys <= 0 {
		o.KeepKeys = 2_000_000
	}
	if o.KeepFor <= 0 {
		o.KeepFor = 24 * time.Hour
	}
	e := &Events{s: s, o: o, requests: make(chan *request, mostRequests), quit: make(chan struct{}), stopped: make(chan struct{})}
	w, err := newEventWriter(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("store: open events: %w", err)
	}
	if e.seen, err = s.db.PrepareContext(ctx, `SELECT value FROM event_keys WHERE hash = ?`); err != nil {
		return nil, fmt.Errorf("store: open events: %w", errors.Join(err, w.close()))
	}
	s.events = e
	go w.run() //nolint:contextcheck // it writes for all callers until Close
	return e, nil
}

// close ends the writer after what it is writing.
func (e *Events) close() {
	e.closing.Do(func() { close(e.quit) })
	<-e.stopped
}

// write passes a request to the writer and waits until it is committed.
func (e *Events) write(ctx context.Context, doing string, r *request) error {
	r.result = make(chan error, 1)
	err := e.submit(ctx, r)
	if err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	return nil
}

func (e *Events) submit(ctx context.Context, r *request) error {
	select {
	case <-e.quit: // also if there is room
		return errClosed
	default:
	}
	select {
	case e.requests <- r:
	case <-e.quit:
		return errClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-r.result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-e.stopped:
		select {
		case err := <-r.result: // of its last commit
			return err
		default:
			return errClosed
		}
	}
}
