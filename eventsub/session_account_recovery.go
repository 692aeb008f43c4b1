package eventsub

import (
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// note tells the recovery which subscriptions have begun or ceased to exist.
func (a *account) note(changes []reconcile.Change) {
	for _, c := range changes {
		w, wanted := a.wants[c.Key]
		switch {
		case c.Held && wanted:
			a.s.recovery.subscribed(w.target, a.userID, c.ID, a.carriers[c.Connection].line)
		case c.Held:
		case c.Gap:
			a.s.recovery.lost(errSubscriptionEnded, c.From, c.Key)
		default:
			a.s.recovery.revoked(errSubscriptionEnded, c.Key)
		}
	}
	if a.s.recovery != nil && len(changes) > 0 {
		var held []string
		for _, c := range changes {
			if c.Held {
				held = append(held, c.Key)
			}
		}
		a.findAbsent(held)
	}
}

// forget removes the watermarks of conditions that are no longer wanted. Those of
// revoked subscriptions are kept.
func (a *account) forget(former map[string]*want) {
	if a.s.recovery == nil {
		return
	}
	var gone []string
	for key := range former {
		if _, ok := a.wants[key]; !ok && !a.s.has(key) {
			gone = append(gone, key)
		}
	}
	a.s.recovery.forget(gone...)
}

// findAbsent begins gaps for conditions that were subscribed in an earlier run, or
// before they were revoked.
func (a *account) findAbsent(keys []string) {
	gone, ok := a.s.recovery.absent(keys, time.Time{})
	if !ok {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set.Absent(reconcile.Loss{From: gone.from, Reason: gone.reason}, gone.keys)
}
