package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/helix"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// ConduitOptions configure a Conduit. The zero value is usable: one process serves one
// shard of the client's only conduit, which is created if there is none.
//
// The functions are called from the conduit's own goroutines, each by one goroutine at a
// time. They block its work until they return, so they must not wait for it: OnState must
// not call Ready, Subscribe or Scale.
type ConduitOptions struct {
	Name   string     // of the conduit, for Owner; default: "larkspur"
	Shards int        // number of shards, 1 to 20,000; default: as many as the conduit has, 1 for a new one
	Owner  ShardOwner // divides the shards among processes; default: this process serves all

	// ID is the id of an existing conduit to use. Default: the one that Owner remembers
	// for Name, or a new one. Without an Owner, no id is remembered: the client's only
	// conduit is used, and [ErrWhichConduit] is returned if there are several.
	ID string
	// Adopt makes a Conduit with an Owner that remembers no id use the client's only
	// conduit, too. Set it if no other program uses conduits with the same client id.
	Adopt bool
	// Prune deletes subscriptions on the conduit that are not wanted. Do not set it if
	// several processes with different conditions share the conduit.
	Prune bool

	// Callback is the https address that receives the events of all shards instead of
	// WebSockets: [Conduit.ServeHTTP] has to be mounted there. Secret signs them; all
	// processes of the conduit need the same one, also after a restart: to change it,
	// change the path of the Callback too. Twitch repeats
	// what a callback did not acknowledge for some minutes, and does not send it to
	// other shards.
	Callback string
	Secret   Secret

	URL        string        // of Twitch's WebSockets; default: [DefaultURL]
	HTTPClient *http.Client  // dials WebSockets; default: a client with http.DefaultTransport
	Keepalive  time.Duration // longest time without a message, 10 s to 10 min; default: 30 s
	Check      time.Duration // how often the shards are compared with Twitch's list; default: 30 s
	Recheck    time.Duration // how often the subscriptions are compared with Twitch's list; default: 10 min
	Logger     *slog.Logger  // default: discard

	// CatchUp fetches the events of a [Gap], as [SessionOptions].CatchUp does. While one
	// shard is down, others deliver: events that were handled are fetched again, and
	// [Dedup] removes them. With several processes that needs a [DedupStore] that all of
	// them share.
	CatchUp Recoverer
	// Watermarks stores up to when the events of each condition are complete, as
	// [SessionOptions].Watermarks does. It suits a conduit that one process serves.
	// Default: the time without a process is reported as far as Twitch's list of shards
	// tells.
	Watermarks WatermarkStore

	OnState   func(s ConduitState)               // called for every change; ConduitState.String is for display
	OnRevoked func(e *RevokedError)              // called when Twitch ends a subscription
	OnUnknown func(messageType string, b []byte) // called for frames that cannot be decoded; messageType is "" if b is not an EventSub message
}

// A Conduit keeps a set of wanted conditions subscribed on one of Twitch's conduits,
// serves the shards of the conduit that this process owns, and passes the notifications
// to a [Mux]. It uses the app token, and suits programs for many channels: it has no
// limit of 300 subscriptions, and subscriptions survive lost connections and restarts of
// up to 72 hours.
//
// Each shard has a WebSocket of its own. If one ends, Twitch sends its events to another
// shard and nothing is lost; the shard is assigned to one of the others until its own
// WebSocket is open again. A [Gap] is dispatched when events may be lost all the same: a
// connection went silent or ended without a close frame, two shards or all were down at
// the same time, the process that owned a shard was killed, or the conduit was deleted.
//
// Twitch spreads the events of all subscriptions over all shards, so each process of a
// conduit gets events of all conditions, also of those that only another one wants. All
// processes should register the same handlers.
//
// The Conduit also subscribes to conduit.shard.disabled for its own conduit, unless a
// condition of that type is wanted already. With it, and by comparing with Twitch's list
// every [ConduitOptions].Check, it finds shards that do not work and repairs them.
type Conduit struct {
	desired

	tw  *helix.Client
	mux *Mux
	o   ConduitOptions

	running  atomic.Bool
	stats    conduitCounters
	keeper   *keeper
	receiver *Receiver
	recovery *recovery    // nil without CatchUp and Watermarks
	line     *line        // up to when all shards of this process are known to have delivered
	current  atomic.Value // string: the id of the conduit in use
	watch    Condition    // conduit.shard.disabled of that conduit; used by Run only

	telling  turn // held while OnState or OnUnknown is called
	revoking turn // held while OnRevoked is called

	stateMu       sync.Mutex
	run           *conduitRun  // guarded by stateMu; the running one
	state         ConduitState // guarded by stateMu
	shardErr      error        // guarded by stateMu; why a shard is not assigned
	subscriptions State        // guarded by stateMu
}

// NewConduit returns a Conduit that sends its requests through tw, with the app token,
// and dispatches to mux. It does nothing before Run. NewConduit panics if tw or mux is
// nil or mux was not created by [NewMux].
func NewConduit(tw *helix.Client, mux *Mux, o ConduitOptions) *Conduit {
	if tw == nil || mux == nil {
		panic("eventsub: NewConduit: the client or the mux is nil")
	}
	mux.mustBeNew()
	if o.Name == "" {
		o.Name = "larkspur"
	}
	if o.Owner == nil {
		o.Owner, o.Adopt = soloShards{}, true
	}
	o.URL, o.HTTPClient, o.Keepalive = addressOr(o.URL), clientOr(o.HTTPClient), keepaliveOr(o.Keepalive)
	if o.Check <= 0 {
		o.Check = 30 * time.Second
	}
	if o.Recheck <= 0 {
		o.Recheck = 10 * time.Minute
	}
	o.Logger = quiet.Or(o.Logger)
	c := &Conduit{desired: newDesired("conduit"), tw: tw.As(""), mux: mux, o: o}
	c.current.Store("")
	c.recovery, c.line = newRecovery(mux, o.CatchUp, o.Watermarks, o.Logger, &c.stats.gaps), newLine(time.Now())
	c.keeper, c.receiver = c.newKeeper(), c.newReceiver()
	return c
}

var errConduitRunning = errors.New("eventsub: conduit is running already")

// Run finds or creates the conduit, subscribes, serves the shards and dispatches until
// ctx ends, and then returns nil. Lost connections, and a conduit that Twitch has
// deleted, do not end it. It returns an error if the options cannot work, if Twitch
// refuses the conduit, or if Owner returns one.
//
// When ctx ends, Run assigns its shards to a connection of another process, if one of
// them has any, before it closes its own: then no event is missed. This takes a few
// seconds at most. Otherwise Twitch discards events until a process serves the conduit
// again, which then dispatches a [Gap]. Handlers may still be running after Run returned:
// call [Mux.Drain] then. A Conduit can run again after Run returned, but not twice at
// the same time.
func (c *Conduit) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	if !c.running.CompareAndSwap(false, true) {
		return errConduitRunning
	}
	defer c.running.Store(false)
	c.started()
	defer c.stopped()
	defer c.recovery.start(ctx)()
	r := newConduitRun(c)
	c.setRun(r)
	defer c.setRun(nil)
	return r.do(ctx)
}

func (c *Conduit) setRun(r *conduitRun) {
	c.stateMu.Lock()
	defer c.stateMu.Unlock()
	c.run = r
}

func (c *Conduit) currentRun() *conduitRun {
	c.stateMu.Lock()
	defer c.stateMu.Unlock()
	return c.run
}

// check returns an error if the options cannot work.
func (c *Conduit) check() error {
	switch {
	case c.o.Shards < 0 || c.o.Shards > maxShards:
		return errShards
	case c.o.Callback != "":
		return c.checkCallback()
	default:
		return checkAddress(c.o.URL)
	}
}

// maxShards is Twitch's limit for a conduit.
const maxShards = 20_000

var errShards = errors.New("eventsub: a conduit has 1 to 20,000 shards")
