package eventsub

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/shards"
	"github.com/larkspur-dev/larkspur/helix"
)

// assignTimeout is how long a request to assign shards may take. Twitch closes a session
// without a shard after ten seconds.
const assignTimeout = 5 * time.Second

var (
	errConduitGone = errors.New("the conduit no longer exists")
	errNoAnswer    = errors.New("twitch's answer does not name the shard")
)

// assign requests assignments in one request.
func (r *conduitRun) assign(ctx context.Context, all []shards.Assignment) {
	if len(all) == 0 {
		return
	}
	id := r.id
	r.work.Go(func() {
		limited, cancel := context.WithTimeout(ctx, assignTimeout)
		defer cancel()
		results := r.request(limited, id, all)
		r.call(ctx, func(now time.Time) { // also if the time is over, but not if the loop has ended
			for _, a := range all {
				switch err := results[a.Shard]; {
				case errors.Is(err, errNotOwner):
					r.c.o.Logger.WarnContext(ctx, "shard not assigned", "shard", a.Shard, "error", err)
					r.set.Abandoned(a, now)
				default:
					if err != nil {
						r.c.o.Logger.WarnContext(ctx, "shard not assigned", "shard", a.Shard, "error", err)
					}
					r.set.Assigned(a, err, now)
				}
			}
		})
	})
}

var errNotOwner = errors.New("this process no longer owns the shard")

// request returns an error for each shard that could not be assigned.
func (r *conduitRun) request(ctx context.Context, conduitID string, all []shards.Assignment) map[int]error {
	results := make(map[int]error, len(all))
	updates := make([]helix.ShardUpdate, 0, len(all))
	for _, a := range all {
		claim := ShardClaim{Shard: a.Shard, Epoch: a.Epoch}
		if err := r.c.o.Owner.Owns(ctx, r.c.o.Name, claim); err != nil {
			results[a.Shard] = fmt.Errorf("%w: %w", errNotOwner, err)
			continue
		}
		results[a.Shard] = errNoAnswer
		updates = append(updates, helix.ShardUpdate{ID: strconv.Itoa(a.Shard), Transport: r.c.transportOf(a.Target)})
	}
	if len(updates) == 0 {
		return results
	}
	updated, err := r.c.tw.Conduits.UpdateShards(ctx, helix.UpdateConduitShardsParams{ConduitID: conduitID, Shards: updates})
	if err != nil {
		for n, was := range results {
			if errors.Is(was, errNoAnswer) {
				results[n] = err
			}
		}
		return results
	}
	for _, done := range updated.Shards {
		if n, err := strconv.Atoi(done.ID); err == nil {
			delete(results, n)
		}
	}
	for _, f := range updated.Failures {
		if n, err := strconv.Atoi(f.ID); err == nil {
			results[n] = fmt.Errorf("assign shard %d: %s (%s)", n, f.Message, f.Code)
		}
	}
	return results
}

func (c *Conduit) transportOf(target string) helix.ShardUpdateTransport {
	if target == c.o.Callback {
		return helix.ShardUpdateTransport{Method: helix.TransportMethodWebhook, Callback: target, Secret: string(c.o.Secret)}
	}
	return helix.ShardUpdateTransport{Method: helix.TransportMethodWebsocket, SessionID: target}
}

// list reads the conduit's number of shards, and the shards.
func (r *conduitRun) list(ctx context.Context, seq int) {
	id := r.id
	r.work.Go(func() {
		found, listed, err := r.c.listShards(ctx, id)
		r.call(ctx, func(now time.Time) {
			switch {
			case id != r.id:
			case errors.Is(err, helix.ErrNotFound):
				r.set.NotListed(now)
				r.gone(ctx)
			case err != nil:
				r.c.o.Logger.WarnContext(ctx, "shards not listed", "error", err)
				r.set.NotListed(now)
			default:
				r.use(ctx, id, found.ShardCount, now)
				r.set.Listed(listed, seq, now)
				r.refuges = map[string]int{}
				for _, l := range listed {
					if l.State == shards.Enabled && l.Target != "" && !r.set.Ours(l.Target) {
						r.refuges[l.Target]++
					}
				}
			}
		})
	})
}

func (c *Conduit) listShards(ctx context.Context, id string) (helix.Conduit, []shards.Listed, error) {
	ctx = helix.WithPriority(ctx, helix.PriorityPolling)
	found, err := c.tw.Conduits.ByID(ctx, id)
	if err != nil {
		return helix.Conduit{}, nil, err
	}
	var listed []shards.Listed
	for sh, err := range c.tw.Conduits.AllShards(ctx, helix.GetConduitShardsParams{ConduitID: id}) {
		if err != nil {
			return helix.Conduit{}, nil, err
		}
		n, err := strconv.Atoi(sh.ID)
		if err != nil {
			continue
		}
		l := shards.Listed{Shard: n, Target: sh.Transport.SessionID, Connected: sh.Transport.ConnectedAt.Time, Disconnected: sh.Transport.DisconnectedAt.Time}
		if sh.Transport.Method == helix.TransportMethodWebhook {
			l.Target = sh.Transport.Callback
		}
		l.State = stateOfShard(sh.Status)
		listed = append(listed, l)
	}
	return *found, listed, nil
}

// stateOfShard returns what a status means. Twitch may add statuses of disabled shards.
func stateOfShard(s helix.ShardStatus) shards.State {
	switch s {
	case helix.ShardStatusEnabled:
		return shards.Enabled
	case helix.ShardStatusWebhookCallbackVerificationPending:
		return shards.Pending
	default:
		return shards.Disabled
	}
}
