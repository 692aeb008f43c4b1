package eventsub

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
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
		r.c.dispatchGap(ctx, reconcile.Loss{From: g.From, Session: g.Session, Reason: g.Reason}, held, g.To)
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

// dispatchGap dispatches a Gap about some conditions, after the events that can be fetched.
func (c *Conduit) dispatchGap(ctx context.Context, loss reconcile.Loss, wants []want, to time.Time) {
	if c.recovery != nil {
		g := reconcile.Gap{Loss: loss}
		for _, w := range wants {
			g.Keys = append(g.Keys, w.key)
		}
		c.recovery.gap("", g, to)
		return
	}
	gap := Gap{From: loss.From, To: to, Session: loss.Session, Reason: loss.Reason.Error()}
	for _, w := range wants {
		if !slices.Contains(gap.Lost, w.kind) {
			gap.Lost = append(gap.Lost, w.kind)
		}
	}
	slices.SortFunc(gap.Lost, compareTypes)
	c.stats.gaps.Add(1)
	c.o.Logger.WarnContext(ctx, "events may have been missed", "from", gap.From, "to", gap.To, "lost", gap.Lost)
	event, err := json.Marshal(gap)
	if err == nil {
		err = c.mux.Offer(ctx, Notification{
			Meta: Meta{MessageID: "gap " + gap.SemanticKey(), Timestamp: to}, Type: GapType, Event: event,
		})
	}
	if err != nil {
		c.o.Logger.ErrorContext(ctx, "gap not dispatched", "error", err)
	}
}

// recover starts the recovery, and returns a function that stops it after the shards.
func (c *Conduit) recover(ctx context.Context) (stop func()) {
	if c.recovery == nil {
		return func() {}
	}
	c.recovery.load(ctx)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { c.recovery.run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
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
