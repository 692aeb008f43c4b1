package eventsub

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/helix"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A keeper keeps the wanted conditions of a webhook or a conduit subscribed. These
// subscriptions use the app token and outlive the program, so a keeper first adopts
// those that exist. All its work is done by one goroutine, the loop; only requests to
// Twitch run in goroutines of their own and pass their results back to it.
type keeper struct {
	desired *desired
	api     appSubscriptions
	o       keeperOptions

	answers  chan func(now time.Time) // results of requests and calls of other goroutines; the loop runs them
	requests sync.WaitGroup

	mu      sync.Mutex
	set     *reconcile.Set // guarded by mu; only the loop changes it, except for Forget
	listErr error          // guarded by mu; why the transport's first list failed
	relist  time.Time      // guarded by mu; when to fetch a list again after an error; zero: not

	// Used by the loop only.
	wants    map[string]want     // by key
	stale    <-chan struct{}     // closed when wants may be out of date
	id       string              // of the transport; "" while it cannot be used
	ctx      context.Context     //nolint:containedctx // of requests for the current transport
	end      context.CancelFunc  // ends ctx
	listing  bool                // a list is being fetched
	backoff  retry.Backoff       // of lists
	outdated map[string][]string // ids of subscriptions on former transports, by key
	changed  bool                // the set may have new work
	again    time.Time           // when it will have work again; zero: after the next change
	told     told                // the last reported State
}

// keeperOptions are what a transport decides about its subscriptions. Those that are
// functions may be nil, except for transport and place.
type keeperOptions struct {
	logger  *slog.Logger
	recheck time.Duration // how often the subscriptions are compared with Twitch's list
	prune   bool          // delete subscriptions on the transport that are not wanted

	// transport returns where Twitch shall deliver a new subscription.
	transport func(ctx context.Context, t target) (helix.EventSubTransport, error)
	// place says where a listed subscription is delivered.
	place func(sub Subscription) place
	// confirm waits until Twitch has enabled a new subscription.
	confirm func(ctx context.Context, sub Subscription) (Subscription, error)
	// recreate reports whether a revoked subscription is created again.
	recreate func(reason string) bool

	mux  *Mux           // gets Gaps
	gaps *atomic.Uint64 // counts them

	recovery *recovery     // nil: nothing is fetched after a gap
	line     *line         // of the subscriptions, if there is a recovery
	forgiven time.Duration // how long the program may be down without a Gap
	// delivered returns when the transport last delivered something. It is asked for a
	// subscription that ended because it could not deliver. Nil: that cannot happen.
	delivered func(sub Subscription) time.Time

	onState   func(s State)
	onRevoked func(e *RevokedError)
}

// A place is where a subscription is delivered, from the view of one transport.
type place int

const (
	elsewhere place = iota // not to this program: the subscription is left alone
	here                   // to the current transport
	formerly               // to a former address of this program: it is deleted once it is replaced
	useless                // to this program, which cannot use what it receives: it is deleted at once
)

func newKeeper(d *desired, api appSubscriptions, o keeperOptions) *keeper {
	k := &keeper{
		desired: d, api: api, o: o,
		answers:  make(chan func(time.Time)),
		set:      reconcile.New(reconcile.Options{Connections: 1, PerConnection: 1 << 30, Parallel: createParallel, Persistent: true}),
		backoff:  retry.Backoff{Min: time.Second, Max: time.Minute, Floor: time.Second},
		outdated: map[string][]string{},
	}
	d.look, d.delete, d.forget = k.lookUp, k.deleteSubscription, k.forgetSubscription
	return k
}

// run works until ctx ends and all goroutines that it started have ended. It may be
// called again, followed by open.
func (k *keeper) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	k.loop(ctx)
	cancel()
	k.requests.Wait()
	k.close()
}

func (k *keeper) loop(ctx context.Context) {
	timer := retry.NewTimer()
	defer timer.Stop()
	recheck := time.NewTicker(k.o.recheck)
	defer recheck.Stop()
	k.refresh()
	for {
		if k.changed {
			k.settle(ctx)
			k.desired.progressed()
		}
		timer.Set(k.deadline())
		select {
		case answer := <-k.answers:
			answer(time.Now())
			k.changed = true
		case <-k.stale:
			k.refresh()
		case <-recheck.C:
			k.list(k.ctx) //nolint:contextcheck // it ends with the transport
		case <-timer.C:
			k.tick()
		case <-ctx.Done():
			return
		}
	}
}

// deadline returns the time at which tick has to be called; zero means never.
func (k *keeper) deadline() time.Time {
	relist := k.relistAt()
	if k.again.IsZero() || !relist.IsZero() && relist.Before(k.again) {
		return relist
	}
	return k.again
}

func (k *keeper) tick() {
	if relist := k.relistAt(); !relist.IsZero() && !time.Now().Before(relist) {
		k.list(k.ctx)
	}
	k.changed = true
}

func (k *keeper) relistAt() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.relist
}

// refresh loads the current set of wanted conditions.
func (k *keeper) refresh() {
	var all []want
	former := k.wants
	all, k.stale = k.desired.snapshot()
	k.wants = make(map[string]want, len(all))
	list := make([]reconcile.Want, 0, len(all))
	for _, w := range all {
		if w.revoked != nil {
			continue
		}
		k.wants[w.key] = w
		list = append(list, reconcile.Want{Key: w.key, Asked: w.asked, Costly: w.costs(""), Err: w.err})
	}
	k.mu.Lock()
	k.set.Want(list)
	k.findAbsent(time.Now())
	k.mu.Unlock()
	k.forget(former, all)
	k.changed = true
}

// do makes the loop run f, unless ctx ends first.
func (k *keeper) do(ctx context.Context, f func(now time.Time)) {
	select {
	case k.answers <- f:
	case <-ctx.Done():
	}
}
