package watch

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/helix"
)

// Options configure a [Watcher]. The zero value is usable.
type Options struct {
	Every  time.Duration // between two polls; default 30 s, at least 1 s
	Logger *slog.Logger  // default: discard

	// OnChange is called for every change. Its error is logged. Polling waits for it.
	OnChange func(context.Context, Change) error
}

// A Watcher polls the streams of some broadcasters. It is safe for concurrent use.
type Watcher struct {
	tw    *helix.Client
	every time.Duration
	log   *slog.Logger
	tell  func(context.Context, Change) error
	wake  chan struct{} // signals new broadcasters to Run

	mu     sync.Mutex
	ids    []string          // guarded by mu; in order of Add
	states map[string]*state // guarded by mu; one for each of ids
}

// New returns a Watcher of the given broadcasters. It polls in [Watcher.Run]. New panics
// if tw is nil.
func New(tw *helix.Client, broadcasterIDs []string, o Options) *Watcher {
	if tw == nil {
		panic("watch: New: the client is nil")
	}
	if o.Every <= 0 {
		o.Every = 30 * time.Second
	}
	o.Logger = quiet.Or(o.Logger)
	w := &Watcher{
		tw: tw, every: max(o.Every, time.Second), log: o.Logger, tell: o.OnChange,
		wake: make(chan struct{}, 1), states: map[string]*state{},
	}
	w.Add(broadcasterIDs...)
	return w
}

// Add adds broadcasters. New ones are polled immediately if Run is running.
func (w *Watcher) Add(broadcasterIDs ...string) {
	w.mu.Lock()
	for _, id := range broadcasterIDs {
		if w.states[id] == nil && id != "" {
			w.ids, w.states[id] = append(w.ids, id), &state{}
		}
	}
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default: // it has been signalled already
	}
}

// Remove removes broadcasters. Their state is forgotten.
func (w *Watcher) Remove(broadcasterIDs ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range broadcasterIDs {
		delete(w.states, id)
	}
	w.ids = slices.DeleteFunc(w.ids, func(id string) bool { return w.states[id] == nil })
}

// Stream returns the last known stream of a broadcaster; live is false if there is none
// or nothing is known yet.
func (w *Watcher) Stream(broadcasterID string) (stream helix.Stream, live bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.states[broadcasterID]
	if s == nil {
		return helix.Stream{}, false
	}
	return s.stream, s.live()
}

// Run polls immediately and then every Options.Every until ctx ends; then it returns nil.
func (w *Watcher) Run(ctx context.Context) error {
	ticker := time.NewTicker(w.every)
	defer ticker.Stop()
	for {
		select {
		case <-w.wake: // filled by New
		default:
		}
		w.poll(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-w.wake:
		}
	}
}

// batch is how many broadcasters one call of Get Streams accepts.
const batch = 100

// poll fetches all streams once.
func (w *Watcher) poll(ctx context.Context) {
	w.mu.Lock()
	ids := slices.Clone(w.ids)
	w.mu.Unlock()
	for some := range slices.Chunk(ids, batch) {
		if ctx.Err() != nil {
			return
		}
		// One page is enough: a broadcaster has one stream.
		page, err := w.tw.Streams.Get(ctx, helix.GetStreamsParams{UserIDs: some, First: batch})
		if err != nil {
			if ctx.Err() == nil {
				w.log.WarnContext(ctx, "streams not polled, will try again", "error", err)
			}
			continue
		}
		found := make(map[string]helix.Stream, len(page.Items))
		for _, s := range page.Items {
			found[s.UserID] = s
		}
		for _, id := range some {
			for _, change := range w.see(id, found[id]) {
				w.report(ctx, change)
			}
		}
	}
}

// see records the result for a broadcaster that has not been removed meanwhile.
func (w *Watcher) see(id string, found helix.Stream) []Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.states[id]
	if s == nil {
		return nil
	}
	return s.see(id, found)
}

// report calls OnChange and recovers from a panic.
func (w *Watcher) report(ctx context.Context, change Change) {
	w.log.DebugContext(ctx, "stream changed", "change", change)
	if w.tell == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			w.log.ErrorContext(ctx, "watch handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	if err := w.tell(ctx, change); err != nil {
		w.log.ErrorContext(ctx, "watch handler failed", "change", change, "error", err)
	}
}
