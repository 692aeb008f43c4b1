package eventsub

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// note tells the recovery which subscriptions have begun or ceased to exist, and begins
// gaps for conditions that were subscribed in an earlier run or before they were revoked.
// The caller holds mu.
func (k *keeper) note(changes []reconcile.Change, now time.Time) {
	r := k.o.recovery
	if r == nil {
		return
	}
	var held []string
	for _, c := range changes {
		w, wanted := k.wants[c.Key]
		switch {
		case c.Held:
			if held = append(held, c.Key); wanted {
				r.subscribed(w.target, "", c.ID, k.o.line)
			}
		case c.Gap:
			r.lost(errSubscriptionEnded, c.From, c.Key)
		default:
			r.revoked(errSubscriptionEnded, c.Key)
		}
	}
	switch gone, ok := r.absent(held, time.Time{}); {
	case !ok:
	case errors.Is(gone.reason, errProgramDown) && now.Sub(gone.from) < k.o.forgiven:
		r.excuse(gone.keys)
	default:
		k.set.Absent(reconcile.Loss{From: gone.from, Reason: gone.reason}, gone.keys)
	}
}

// findAbsent begins one gap for all conditions that were subscribed in an earlier run, if
// that was longer ago than is forgiven. The caller holds mu.
func (k *keeper) findAbsent(now time.Time) {
	gone, ok := k.o.recovery.absent(slices.Collect(maps.Keys(k.wants)), now.Add(-k.o.forgiven))
	if ok {
		k.set.Absent(reconcile.Loss{From: gone.from, Reason: gone.reason}, gone.keys)
	}
}

// forget removes the watermarks of conditions that are no longer wanted. Those of revoked
// subscriptions are kept.
func (k *keeper) forget(former map[string]want, all []want) {
	if k.o.recovery == nil {
		return
	}
	wanted := make(map[string]bool, len(all))
	for _, w := range all {
		wanted[w.key] = true
	}
	var gone []string
	for key := range former {
		if !wanted[key] {
			gone = append(gone, key)
		}
	}
	k.o.recovery.forget(gone...)
}

// tellGap dispatches a Gap about some conditions, after the events that can be fetched
// if there is a recovery.
func (k *keeper) tellGap(ctx context.Context, g reconcile.Gap, wants []want, to time.Time) {
	if k.o.recovery != nil {
		g.Keys = make([]string, len(wants))
		for i, w := range wants {
			g.Keys[i] = w.key
		}
		k.o.recovery.gap("", g, to)
		return
	}
	k.o.gaps.Add(1)
	if err := dispatchGap(ctx, k.o.mux, k.o.logger, gapOf(g, wants, to)); err != nil {
		k.o.logger.ErrorContext(ctx, "gap not dispatched", "error", err)
	}
}
