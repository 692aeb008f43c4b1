package eventsub

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// gapOf returns the Gap of some conditions of which nothing was fetched.
func gapOf(g reconcile.Gap, wants []want, to time.Time) Gap {
	gap := Gap{From: g.From, To: to, Session: g.Session, Reason: g.Reason.Error()}
	for _, w := range wants {
		if !slices.Contains(gap.Lost, w.kind) {
			gap.Lost = append(gap.Lost, w.kind)
		}
	}
	slices.SortFunc(gap.Lost, compareTypes)
	return gap
}

// dispatchGap logs a Gap and passes it to the handlers.
func dispatchGap(ctx context.Context, mux *Mux, logger *slog.Logger, gap Gap) error {
	logger.WarnContext(ctx, "events may have been missed", "from", gap.From, "to", gap.To, "lost", gap.Lost)
	event, err := json.Marshal(gap)
	if err != nil {
		return err
	}
	return mux.Offer(ctx, Notification{
		Meta: Meta{MessageID: "gap " + gap.SemanticKey(), Timestamp: gap.To}, Type: GapType, Event: event,
	})
}
