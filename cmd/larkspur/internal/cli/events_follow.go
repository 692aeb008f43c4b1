package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Why following ends.
var (
	errEnough = errors.New("enough events")
	errTimeUp = errors.New("time is up")

	errNothingFollowed = errors.New("nothing can be followed")
)

const (
	drainTime = time.Second             // how long the end waits for events that have arrived to be printed
	cleanTime = 1500 * time.Millisecond // how long it waits for Twitch to delete what would stay
)

// A follower follows events and tells the user about the subscriptions.
type follower struct {
	p       Process
	s       *apiSession
	f       *followFlags
	plan    *followPlan
	printer *eventPrinter
	notes   *display
	mux     *eventsub.Mux
	source  eventSource
	end     context.CancelCauseFunc

	mu         sync.Mutex
	lost       bool            // guarded by mu; a connection was lost and the user told
	incomplete bool            // guarded by mu; a subscription was refused, and the user told
	explained  map[string]bool // guarded by mu; reasons of revocations
}

func runEvents(ctx context.Context, p Process, s *apiSession, f *followFlags, types []selectedType) error {
	whole := ctx
	if f.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.length, errTimeUp)
		defer cancel()
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)

	plan, err := newPlan(ctx, s, f, types)
	if err != nil {
		return f.outcome(ctx, whole, 0, err)
	}
	w := &follower{p: p, s: s, f: f, plan: plan, printer: newEventPrinter(p, f, plan), end: end, explained: map[string]bool{}}
	w.mux = eventsub.NewMux()
	w.printer.enough, w.printer.failed = func() { end(errEnough) }, func(err error) { end(err) }
	w.notes = newDisplay(p.Stderr, p.Started, false, isTerminal(p.Stderr) && wantColor(p))
	w.notes.clock, w.notes.width = true, columnsOf(p.Stderr)
	w.mux.Use(eventsub.Dedup(10 * time.Minute))
	w.mux.OnAny(w.printer.event)
	w.tellLeft()
	err = w.run(ctx)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	_ = w.mux.Drain(drain) // what is not printed by then is not printed
	return f.outcome(ctx, whole, w.printer.count(), err)
}

// run follows the events until ctx ends.
func (w *follower) run(ctx context.Context) error {
	source, clean, err := w.open(ctx)
	if err != nil {
		return err
	}
	w.source = source
	source.Want(w.plan.conditions...)
	var ready sync.WaitGroup
	ready.Go(func() {
		if source.Ready(ctx) == nil {
			w.tellResults(source.Results())
		}
	})
	err = source.Run(ctx)
	w.end(err) // ends the wait for ready
	ready.Wait()
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	if err := clean(cleanCtx); err != nil {
		text, command, _ := strings.Cut(err.Error(), "\n")
		w.warn(text, strings.TrimSpace(command))
	}
	return err
}

// outcome decides how the command ends: err is why it did, unless the user, --for or
// --count ended it. printed is the number of events.
func (f *followFlags) outcome(ctx, whole context.Context, printed int, err error) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errEnough):
		return nil
	case whole.Err() != nil:
		return context.Canceled
	case errors.Is(cause, errTimeUp) && printed < f.count:
		return fmt.Errorf("%d of %d events within %s", printed, f.count, f.length)
	case errors.Is(cause, errTimeUp):
		return nil
	case err != nil:
		return err
	default:
		return cause
	}
}
