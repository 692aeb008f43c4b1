package eventsub

import (
	"context"
	"time"
)

// A ShardOwner divides the shards of conduits among processes: each shard has one owner
// at most. A [Conduit] serves the shards that its process owns. [FileShards] implements
// it for the processes of one machine. Its methods may be called from any goroutine.
//
// Twitch's conduits have no names. A ShardOwner remembers the id of the conduit for a
// name, so that all processes, also those started later, use the same one.
type ShardOwner interface {
	// ConduitID returns the id of the conduit with a name. It calls choose with the id
	// that it remembers, "" if none, and remembers the id that choose returns before it
	// returns it. It is called by one process at a time for each name: otherwise two
	// would create a conduit each. It returns the error of choose.
	ConduitID(ctx context.Context, name string, choose func(ctx context.Context, remembered string) (string, error)) (string, error)
	// Share makes this process take part in dividing the shards of a conduit until ctx
	// ends; then it gives up all its shards and returns nil. Totals delivers the number
	// of shards, first at once and again after each change. Share calls update with all
	// shards that the process owns whenever they change, from one goroutine. The Conduit
	// has started its last request for a shard that is missing from claims when update
	// returns. Only then may another process become the owner.
	Share(ctx context.Context, name string, totals <-chan int, update func(claims []ShardClaim)) error
	// Owns returns nil if this process still owns a shard with the epoch of the claim,
	// and an error if it does not or may not. It is called directly before each request
	// that assigns the shard.
	Owns(ctx context.Context, name string, claim ShardClaim) error
}

// A ShardClaim says that a process owns a shard of a conduit.
type ShardClaim struct {
	Shard int
	Epoch uint64 // increases each time the shard gets another owner
	// Died is the time when the former owner was last known to run, if it ended without
	// giving up the shard. Events that it had received and not handled are lost: the
	// Conduit reports a [Gap] from then on.
	Died time.Time
}

// soloShards is the ShardOwner of a process that serves all shards.
type soloShards struct{}

func (soloShards) ConduitID(ctx context.Context, _ string, choose func(ctx context.Context, remembered string) (string, error)) (string, error) {
	return choose(ctx, "")
}

func (soloShards) Share(ctx context.Context, _ string, totals <-chan int, update func(claims []ShardClaim)) error {
	for {
		select {
		case n := <-totals:
			claims := make([]ShardClaim, n)
			for i := range claims {
				claims[i] = ShardClaim{Shard: i, Epoch: 1}
			}
			update(claims)
		case <-ctx.Done():
			return nil
		}
	}
}

func (soloShards) Owns(context.Context, string, ShardClaim) error { return nil }
