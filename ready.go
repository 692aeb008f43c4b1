package larkspur

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// progress is how far Run has come.
type progress struct {
	begun  atomic.Bool
	wanted chan struct{} // closed when what is handled is wanted
	ended  chan struct{} // closed when Run has returned
	err    error         // what Run returned; set before ended is closed
}

func newProgress() *progress {
	return &progress{wanted: make(chan struct{}), ended: make(chan struct{})}
}

// begin reports whether Run is called for the first time.
func (p *progress) begin() bool { return p.begun.CompareAndSwap(false, true) }

func (p *progress) end(err error) {
	p.err = err
	close(p.ended)
}

// ready waits until Run wants what is handled and then until that is subscribed or
// refused, which subscribed waits for.
func (p *progress) ready(ctx context.Context, subscribed func(ctx context.Context) error) error {
	select {
	case <-p.wanted:
		err := subscribed(ctx)
		if errors.Is(err, eventsub.ErrEnded) {
			<-p.ended // it is about to be
		}
		select {
		case <-p.ended: // what was subscribed is of no use any more
		default:
			return err
		}
	case <-p.ended:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if p.err != nil {
		return p.err
	}
	return eventsub.ErrEnded
}

// Ready waits until the account is logged in and each wanted condition is subscribed,
// refused or revoked, and returns nil then, at once if that is so already: a.Session.Results
// tells which. It returns the error of ctx if that ends before, and the error of
// Run, or [eventsub.ErrEnded], if Run returns before. It may be called before Run is, but
// not in Setup, which it would wait for.
func (a *Account) Ready(ctx context.Context) error { return a.progress.ready(ctx, a.Session.Ready) }

// describe returns for a log how many conditions are subscribed, and the first reason why
// another is not.
func describe(results []eventsub.Result) (slog.Level, []slog.Attr) {
	subscribed := 0
	var first error
	for _, r := range results {
		switch {
		case r.Outcome == eventsub.OutcomeSubscribed:
			subscribed++
		case first == nil:
			first = r.Err
		}
	}
	attrs := []slog.Attr{slog.Int("subscribed", subscribed), slog.Int("wanted", len(results))}
	if subscribed == len(results) {
		return slog.LevelInfo, attrs
	}
	return slog.LevelWarn, append(attrs, slog.Any("error", first))
}
