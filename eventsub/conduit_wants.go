package eventsub

import (
	"context"
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
)

// newKeeper returns the keeper of the conduit's subscriptions.
func (c *Conduit) newKeeper() *keeper {
	return newKeeper(&c.desired, helixAppSubscriptions{c.tw}, keeperOptions{
		logger: c.o.Logger, recheck: c.o.Recheck, prune: c.o.Prune, recovery: c.recovery, line: c.line,
		mux: c.mux, gaps: &c.stats.gaps,
		transport: func(context.Context, target) (helix.EventSubTransport, error) {
			id, _ := c.current.Load().(string)
			return helix.EventSubTransport{Method: helix.TransportMethodConduit, ConduitID: id}, nil
		},
		place: func(sub Subscription) place {
			if sub.Transport.Method == string(helix.TransportMethodConduit) && sub.Transport.ConduitID == c.current.Load() {
				return here
			}
			return elsewhere
		},
		onState:   c.tellSubscriptions,
		onRevoked: c.tellRevoked,
	})
}

// watchShards wants the events about disabled shards of a conduit, unless the program
// wants them itself.
func (c *Conduit) watchShards(id string) {
	c.current.Store(id)
	if c.watch != nil {
		c.Unwant(c.watch)
		c.watch = nil
	}
	t := ConduitShardDisabled{}.Type()
	if slices.ContainsFunc(c.Wanted(), func(other Condition) bool { return other.Type() == t }) {
		return
	}
	c.watch = ConduitShardDisabledCondition{ClientID: c.tw.ClientID(), ConduitID: id}
	c.Want(c.watch)
}

// tellRevoked passes a revocation to the program. They may arrive on several shards at
// the same time. Telling is not held, so that OnRevoked can wait for a new subscription.
func (c *Conduit) tellRevoked(e *RevokedError) {
	if c.o.OnRevoked != nil {
		c.revoking.Lock()
		defer c.revoking.Unlock()
		c.o.OnRevoked(e)
	}
}

// unknown passes a frame that cannot be decoded to the program.
func (c *Conduit) unknown(kind string, frame []byte) {
	if c.o.OnUnknown != nil {
		c.telling.Lock()
		defer c.telling.Unlock()
		c.o.OnUnknown(kind, frame)
	}
}
