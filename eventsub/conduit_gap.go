package eventsub

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/shards"
)

// report dispatches gaps about the subscriptions that exist. Before these are known,
// because Run has just begun or the conduit was replaced, it keeps the gaps.
func (r *conduitRun) report(ctx context.Context) {
	r.gaps = append(r.gaps, r.set.Gaps()...)
	if !r.ready {
		return
	}
	gaps, existed := r.gaps, r.existed
	if existed != nil && r.c.o.Watermarks != nil {
		gaps = nil // the watermarks know the time before this run better
	}
	r.gaps, r.existed = nil, nil
	if len(gaps) == 0 {
		return
	}
	wants, _ := r.c.snapshot()
	var held []want
	for i, result := range r.c.results(wants) {
		if result.Outcome == OutcomeSubscribed && (existed == nil || existed[wants[i].key]) {
			held = append(held, wants[i])
		}
	}
	if len(held) == 0 {
		return
	}
	for _, g := range gaps {
		r.c.keeper.tellGap(ctx, reconcile.Gap{Loss: reconcile.Loss{From: g.From, Session: g.Session, Reason: g.Reason}}, held, g.To)
	}
}

// prepare opens the conduit for subscriptions, waits until they exist, and allows the
// report of earlier gaps then. These gaps are about subscriptions that existed at their
// time.
func (r *conduitRun) prepare(ctx context.Context) {
	id, began, first := r.id, time.Now(), !r.prepared
	r.ready, r.prepared = false, true
	r.work.Go(func() {
		var existed map[string]bool
		if first {
			existed = r.c.existing(ctx, id, began)
		}
		r.c.keeper.open(ctx, id)
		if r.c.Ready(ctx) != nil {
			return
		}
		r.call(ctx, func(time.Time) {
			if r.id == id {
				r.ready, r.existed = true, existed
			}
		})
	})
}

// existing returns the keys of the subscriptions that exist on a conduit, or nil if they
// cannot be listed.
func (c *Conduit) existing(ctx context.Context, conduitID string, before time.Time) map[string]bool {
	all, err := c.keeper.api.list(ctx)
	if err != nil {
		return nil
	}
	keys := map[string]bool{}
	for _, sub := range all {
		if sub.Transport.ConduitID == conduitID && sub.Status == statusEnabled && !sub.CreatedAt.After(before) {
			keys[keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition)] = true
		}
	}
	return keys
}

// hear records up to when all shards of this process have delivered: until the oldest of
// the last messages of their connections.
func (r *conduitRun) hear(st shards.Status, now time.Time) {
	if st.Owned == 0 || st.Up < st.Owned {
		return
	}
	first := now
	for _, l := range r.links {
		if at := l.link.heard(); at.Before(first) {
			first = at
		}
	}
	if first.After(r.c.line.heard()) {
		r.c.line.hear(first)
	}
}
