package eventsub

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/shards"
)

// A ConduitState describes a Conduit after a change.
type ConduitState struct {
	// Phase is Waiting while Twitch cannot be reached, Connecting while a shard of this
	// process is not assigned, Idle if nothing is wanted, and otherwise Connected,
	// Subscribed or Incomplete.
	Phase     Phase
	ConduitID string        // "" before it was found or created
	Shards    int           // of the conduit
	Owned     int           // shards that this process serves
	Up        int           // those that are assigned to a connection
	Active    int           // existing subscriptions that this process wants
	Wanted    int           // conditions that this process wants
	Err       error         // the first reason
	RetryIn   time.Duration // time until the next attempt; 0: at once, or only after another change
}

// String returns the state as one sentence.
func (s ConduitState) String() string {
	switch s.Phase {
	case Waiting:
		return fmt.Sprintf("conduit: %v; trying again in %s", s.Err, round(s.RetryIn))
	case Connecting:
		if s.Err != nil {
			return fmt.Sprintf("conduit: %d of %d shards connected; %v", s.Up, s.Owned, s.Err)
		}
		return fmt.Sprintf("conduit: %d of %d shards connected", s.Up, s.Owned)
	case Incomplete:
		return fmt.Sprintf("conduit: %d of %d shards connected, %d of %d subscriptions; %v", s.Up, s.Owned, s.Active, s.Wanted, s.Err)
	case Idle, Connected, Subscribed:
		return fmt.Sprintf("conduit: %d of %d shards connected, %d of %d subscriptions", s.Up, s.Owned, s.Active, s.Wanted)
	default:
		return "conduit: " + string(s.Phase)
	}
}

// State returns the current state.
func (c *Conduit) State() ConduitState {
	c.stateMu.Lock()
	defer c.stateMu.Unlock()
	return c.state
}

// tellShards reports the state of the shards.
func (c *Conduit) tellShards(ctx context.Context, id string, st shards.Status) {
	now, changed := c.change(func(s *ConduitState) {
		s.ConduitID, s.Shards, s.Owned, s.Up = id, st.Total, st.Owned, st.Up
		c.shardErr = st.Err
	})
	if changed {
		c.log(ctx, now)
	}
}

// tell reports that there is no conduit yet.
func (c *Conduit) tell(ctx context.Context, next ConduitState) {
	c.change(func(s *ConduitState) { *s = next })
	c.log(ctx, next)
}

func (c *Conduit) log(ctx context.Context, s ConduitState) {
	level, attrs := slog.LevelInfo, []slog.Attr{slog.String("phase", string(s.Phase)), slog.String("text", s.String())}
	if s.Err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.Any("error", s.Err))
	}
	c.o.Logger.LogAttrs(ctx, level, "eventsub conduit", attrs...)
}

// tellSubscriptions reports the state of the subscriptions, which the keeper logs.
func (c *Conduit) tellSubscriptions(st State) {
	c.change(func(s *ConduitState) {
		s.Active, s.Wanted = st.Active, st.Wanted
		c.subscriptions = st
	})
}

// change changes the state and passes it to ConduitOptions.OnState if it differs.
func (c *Conduit) change(f func(s *ConduitState)) (now ConduitState, changed bool) {
	c.telling.Lock() // also keeps the order of the calls
	defer c.telling.Unlock()
	c.stateMu.Lock()
	before := c.state
	f(&c.state)
	if c.state.ConduitID != "" {
		c.phase()
	}
	now = c.state
	c.stateMu.Unlock()
	if now.Phase == before.Phase && now.String() == before.String() {
		return now, false
	}
	if c.o.OnState != nil {
		c.o.OnState(now)
	}
	return now, true
}

// phase works out the phase. The caller holds stateMu.
func (c *Conduit) phase() {
	s := &c.state
	s.Err, s.RetryIn = nil, 0
	switch {
	case s.Up < s.Owned:
		s.Phase, s.Err = Connecting, c.shardErr
	case c.subscriptions.Phase == "":
		s.Phase = Connected
	default:
		s.Phase, s.Err, s.RetryIn = c.subscriptions.Phase, c.subscriptions.Err, c.subscriptions.RetryIn
	}
}

// ConduitStats count the work of a Conduit since it was created.
type ConduitStats struct {
	Connections   uint64 // WebSockets opened
	Losses        uint64 // connections that ended
	Notifications uint64 // events received
	Unknown       uint64 // messages that could not be decoded
	Revoked       uint64 // subscriptions ended by Twitch
	Gaps          uint64 // gaps dispatched
}

type conduitCounters struct {
	connections, losses, notifications, unknown, revoked, gaps atomic.Uint64
}

// Stats returns the counts so far.
func (c *Conduit) Stats() ConduitStats {
	return ConduitStats{
		Connections:   c.stats.connections.Load(),
		Losses:        c.stats.losses.Load(),
		Notifications: c.stats.notifications.Load(),
		Unknown:       c.stats.unknown.Load(),
		Revoked:       c.stats.revoked.Load(),
		Gaps:          c.stats.gaps.Load(),
	}
}
