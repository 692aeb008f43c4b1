package eventsub

import "github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"

// note tells the recovery which subscriptions have begun or ceased to exist, and begins
// gaps for conditions that were subscribed in an earlier run or before they were revoked.
// The caller holds mu.
func (k *keeper) note(changes []reconcile.Change) {
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
			r.lost(errSubscriptionEnded, c.Key)
		default:
			r.revoked(errSubscriptionEnded, c.Key)
		}
	}
	if gone, ok := r.absent(held); ok {
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
