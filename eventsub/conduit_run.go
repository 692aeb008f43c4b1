package eventsub

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/eventsub/internal/shards"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A conduitRun is one call of [Conduit.Run]. Its state is changed by one goroutine, the
// loop; connections and requests run in goroutines of their own and pass their results
// to it.
type conduitRun struct {
	c       *Conduit
	set     *shards.Set
	calls   chan func(now time.Time) // the loop runs them
	nudge   chan struct{}            // the list is to be read
	totals  chan int                 // the newest number of shards, for Owner
	work    sync.WaitGroup           // connections and requests
	failure chan error               // ends the loop

	// Used by the loop only.
	id       string // of the conduit
	total    int
	claims   []ShardClaim
	claimed  bool             // Owner has said which shards this process owns
	links    map[int]openLink // open connections, by shard
	opened   bool             // subscriptions are created
	ready    bool             // they exist, or were refused
	prepared bool             // the first conduit was opened
	gaps     []shards.Gap     // not reported yet
	existed  map[string]bool  // subscriptions that existed when Run began; nil: those that exist now
	checked  time.Time        // when the conduit was last known to exist
	finding  bool             // a deleted conduit is being replaced
	refuges  map[string]int   // sessions of other processes in the last list, with their number of shards
	changed  bool             // the set may have new work
	wake     time.Time
	stop     *stopping // nil before ctx ended
}

// hearEvery is how often the connections' last messages are looked at for watermarks.
const hearEvery = 5 * time.Second

func newConduitRun(c *Conduit) *conduitRun {
	return &conduitRun{
		c: c, calls: make(chan func(time.Time)), nudge: make(chan struct{}, 1), totals: make(chan int, 1), failure: make(chan error, 1),
		links: map[int]openLink{},
		set:   shards.New(shards.Options{Callback: c.o.Callback, Check: c.o.Check, Silence: c.o.Keepalive + c.o.Keepalive/5}),
	}
}

// do works until ctx ends and all goroutines that it started have ended.
func (r *conduitRun) do(ctx context.Context) error {
	found, err := r.c.find(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	r.use(ctx, found.ID, found.ShardCount, time.Now())

	// What runs is not ended by ctx, because the shards are handed over first.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	sharing, give := context.WithCancel(work)
	var owner sync.WaitGroup
	owner.Go(func() { r.share(sharing) })
	r.work.Go(func() { r.c.keeper.run(work) })
	err = r.loop(ctx, work)
	cancel()
	r.work.Wait()
	give()
	owner.Wait()
	return err
}

// share takes part in dividing the shards.
func (r *conduitRun) share(ctx context.Context) {
	err := r.c.o.Owner.Share(ctx, r.c.o.Name, r.totals, func(claims []ShardClaim) {
		done := make(chan struct{})
		r.call(ctx, func(now time.Time) {
			r.claims, r.claimed = claims, true
			r.own(now)
			close(done)
		})
		select {
		case <-done:
		case <-ctx.Done():
		}
	})
	if err != nil && ctx.Err() == nil {
		r.fail(err)
	}
}

// fail ends the loop. Of several errors, the first is the result of Run.
func (r *conduitRun) fail(err error) {
	select {
	case r.failure <- err:
	default:
	}
}

// own passes the claims to the set.
func (r *conduitRun) own(now time.Time) {
	owned := make([]shards.Claim, 0, len(r.claims))
	for _, c := range r.claims {
		if c.Shard < r.total {
			owned = append(owned, shards.Claim(c))
		}
	}
	r.set.Own(owned, now)
}

// use makes a conduit the current one, or records its new number of shards.
func (r *conduitRun) use(ctx context.Context, id string, total int, now time.Time) {
	r.checked = now
	if id != r.id {
		if r.id != "" {
			r.set.Restart(now)
		}
		r.id, r.opened, r.ready = id, false, false
		r.c.watchShards(id)
	}
	if total != r.total {
		if r.total != 0 {
			r.c.o.Logger.InfoContext(ctx, "conduit scaled", "conduit_id", id, "shards", total)
		}
		r.total = total
		r.set.Total(total, now)
		r.own(now)
		select {
		case <-r.totals: // replaced by the newer one
		default:
		}
		r.totals <- total
	}
}

func (r *conduitRun) loop(ctx, work context.Context) error {
	timer := retry.NewTimer()
	defer timer.Stop()
	ended := ctx.Done()
	r.changed = true
	for {
		if r.changed {
			r.settle(work)
		}
		if r.stop != nil && r.stop.over(r, time.Now()) {
			return nil
		}
		at := r.wake
		if r.stop != nil && (at.IsZero() || r.stop.until.Before(at)) {
			at = r.stop.until
		}
		timer.Set(at)
		select {
		case f := <-r.calls:
			f(time.Now())
			r.changed = true
		case <-r.nudge:
			r.set.Recheck(time.Now())
			r.changed = true
		case <-timer.C:
			r.changed = true
		case err := <-r.failure:
			return err
		case <-ended:
			ended, r.changed = nil, true
			r.stop = r.begin(time.Now())
		}
	}
}

// call makes the loop run f, unless ctx ends first.
func (r *conduitRun) call(ctx context.Context, f func(now time.Time)) {
	select {
	case r.calls <- f:
	case <-ctx.Done():
	}
}

// settle carries out the set's plan and reports what has changed.
func (r *conduitRun) settle(ctx context.Context) {
	now := time.Now()
	r.changed = false
	plan := r.set.Next(now)
	r.wake = plan.Wake
	for _, n := range plan.Close {
		r.links[n].end()
		delete(r.links, n)
	}
	for _, n := range plan.Open {
		r.open(ctx, n)
	}
	r.assign(ctx, plan.Assign)
	if plan.List {
		r.list(ctx, plan.Seq)
	}
	r.report(ctx)
	st := r.set.Status()
	if r.hear(st, now); r.c.recovery != nil && (r.wake.IsZero() || r.wake.After(now.Add(hearEvery))) {
		r.wake = now.Add(hearEvery)
	}
	if !r.opened && !r.finding && r.claimed && (st.Up > 0 || st.Owned == 0) {
		// Before a shard works, Twitch would discard the events of new subscriptions.
		r.opened = true
		r.prepare(ctx)
	}
	r.c.tellShards(ctx, r.id, st)
}

// An openLink is the connection of a shard, and the function that closes it.
type openLink struct {
	link *shardLink
	end  context.CancelFunc
}

// open opens the connection of a shard.
func (r *conduitRun) open(ctx context.Context, n int) {
	ctx, cancel := context.WithCancel(ctx)
	logger := r.c.o.Logger.With("shard", n)
	call := func(ctx context.Context, f func(now time.Time)) { r.call(ctx, f) }
	link := newShardLink(linkOptions{
		url: r.c.o.URL, keepalive: r.c.o.Keepalive, httpClient: r.c.o.HTTPClient, logger: logger, opened: &r.c.stats.connections,
	}, shardHooks{
		session: func(ctx context.Context, ids []string, _ bool) {
			call(ctx, func(now time.Time) { r.set.Session(n, ids, now) })
		},
		lost: func(ctx context.Context, loss connection.Loss) {
			logger.WarnContext(ctx, "shard lost its connection", "error", loss.Reason)
			call(ctx, func(now time.Time) {
				r.c.stats.losses.Add(1)
				r.set.Lost(n, lossOf(loss), now)
			})
		},
		interrupted: func(ctx context.Context, loss connection.Loss, to time.Time) {
			call(ctx, func(time.Time) { r.set.Interrupted(lossOf(loss), to) })
		},
		notification: func(ctx context.Context, n Notification) error { return r.notify(ctx, n) },
		revoked: func(ctx context.Context, sub Subscription) {
			r.c.stats.revoked.Add(1)
			r.c.keeper.revoked(ctx, sub)
		},
		waiting: func(ctx context.Context, w connection.Waiting) {
			logger.WarnContext(ctx, "shard not connected", "error", w.Reason, "retry_in", w.RetryIn)
		},
		unknown: func(kind string, frame []byte) {
			r.c.stats.unknown.Add(1)
			r.c.unknown(kind, frame)
		},
	})
	r.links[n] = openLink{link: link, end: cancel}
	r.work.Go(func() {
		if err := link.run(ctx); err != nil {
			r.fail(err)
		}
	})
}

// notify dispatches a notification, and looks at what is about the conduit itself.
func (r *conduitRun) notify(ctx context.Context, n Notification) error {
	r.c.stats.notifications.Add(1)
	if aboutShards(n) {
		r.look()
	}
	return r.c.mux.Offer(ctx, r.c.recovery.track(n)) //nolint:contextcheck // the last watermarks are saved when ctx has ended
}

// look makes the loop read Twitch's list soon. It does not wait.
func (r *conduitRun) look() {
	select {
	case r.nudge <- struct{}{}:
	default:
	}
}

func lossOf(loss connection.Loss) shards.Loss {
	return shards.Loss{From: loss.From, Session: loss.Session, Reason: loss.Reason, Unsure: unsure(loss.Reason)}
}

// gone replaces a conduit that no longer exists.
func (r *conduitRun) gone(ctx context.Context) {
	if r.finding || r.stop != nil {
		return
	}
	r.finding, r.ready = true, false
	r.c.o.Logger.WarnContext(ctx, "the conduit no longer exists", "conduit_id", r.id)
	loss := reconcile.Loss{From: r.checked, Reason: errConduitGone}
	r.work.Go(func() {
		r.c.keeper.lose(ctx, loss)
		found, err := r.c.find(ctx)
		if err != nil {
			if ctx.Err() == nil {
				r.fail(err)
			}
			return
		}
		r.call(ctx, func(now time.Time) {
			r.finding = false
			r.use(ctx, found.ID, found.ShardCount, now)
		})
	})
}
