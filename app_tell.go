package larkspur

import (
	"context"
	"log/slog"
	"slices"
)

// A change is a channel that was added or removed.
type change struct {
	userID string
	reason error // why it was removed; nil: it was added
}

// tellLocked puts a change in the queue for OnAdded or OnRemoved. It replaces one of the
// same kind for the channel. The caller holds mu.
func (a *App) tellLocked(c change) {
	a.changes = slices.DeleteFunc(a.changes, func(old change) bool {
		return old.userID == c.userID && (old.reason == nil) == (c.reason == nil)
	})
	a.changes = append(a.changes, c)
	select {
	case a.news <- struct{}{}:
	default: // the goroutine is already woken
	}
}

// tellAll reports that the App is ready, and then each change.
func (a *App) tellAll(ctx context.Context) {
	if a.events.Ready(ctx) != nil {
		return
	}
	results := a.events.Results()
	level, attrs := describe(results)
	a.log.LogAttrs(ctx, level, "ready", attrs...)
	if a.o.OnReady != nil {
		a.o.OnReady(ctx, results)
	}
	for {
		for c, ok := a.nextChange(); ok; c, ok = a.nextChange() {
			a.tell(ctx, c)
		}
		select {
		case <-ctx.Done():
			return
		case <-a.news:
		}
	}
}

func (a *App) nextChange() (change, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.changes) == 0 {
		return change{}, false
	}
	c := a.changes[0]
	a.changes = slices.Delete(a.changes, 0, 1)
	return c, true
}

// tell reports one change. An added channel is reported when its conditions are decided.
func (a *App) tell(ctx context.Context, c change) {
	if c.reason != nil {
		a.log.WarnContext(ctx, "channel removed", "broadcaster_id", c.userID, "error", c.reason)
		if a.o.OnRemoved != nil {
			a.o.OnRemoved(ctx, c.userID, c.reason)
		}
		return
	}
	if a.events.Ready(ctx) != nil {
		return
	}
	results := a.results(c.userID)
	level, attrs := describe(results)
	a.log.LogAttrs(ctx, level, "channel added", append(attrs, slog.String("broadcaster_id", c.userID))...)
	if a.o.OnAdded != nil {
		a.o.OnAdded(ctx, c.userID, results)
	}
}
