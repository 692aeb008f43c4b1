package eventsub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// errNotRunning is returned by calls that need a running Conduit.
var errNotRunning = errors.New("eventsub: the conduit is not running")

// Scale changes the number of the conduit's shards, 1 to 20,000, and returns when Twitch
// has accepted it. New shards get connections soon after. Shards are removed from the
// end; their connections are read for a moment longer, for events that are under way.
// Other processes of the conduit learn the number within [ConduitOptions].Check. A
// process that starts with another number in [ConduitOptions].Shards changes it again.
func (c *Conduit) Scale(ctx context.Context, shards int) error {
	if shards < 1 || shards > maxShards {
		return errShards
	}
	c.stateMu.Lock()
	r, id := c.run, c.state.ConduitID
	c.stateMu.Unlock()
	if r == nil || id == "" {
		return errNotRunning
	}
	scaled, err := c.tw.Conduits.Update(ctx, helix.UpdateConduitsParams{ID: id, ShardCount: shards})
	if err != nil {
		return fmt.Errorf("eventsub: scale conduit %s: %w", id, err)
	}
	c.mu.Lock()
	ended := c.ended
	c.mu.Unlock()
	done := make(chan struct{})
	record := func(now time.Time) {
		defer close(done)
		if r.id == id {
			r.use(ctx, id, scaled.ShardCount, now)
		}
	}
	select {
	case r.calls <- record:
		<-done
		return nil
	case <-ended:
		return nil // Twitch has scaled it
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
