package skill

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// How long a look-up of the channel, or its failure, is used for further reactions.
// Viewers must not be able to use up Twitch's limits with messages that a condition
// about the channel has to judge.
const (
	channelAge      = 5 * time.Second
	channelErrorAge = time.Second
)

// A channelCache keeps what the host last returned about the channel. All reactions of
// an engine share it, and at most one of them asks the host at a time.
type channelCache struct {
	fetch func(ctx context.Context) (ChannelInfo, error)

	mu     sync.Mutex
	last   channelLookup  // guarded by mu
	until  time.Time      // guarded by mu; when last is too old
	flight *channelFlight // guarded by mu; nil if no look-up is in progress
}

// A channelLookup is the result of a look-up.
type channelLookup struct {
	info ChannelInfo
	err  error
}

// A channelFlight is a look-up in progress. Its result is set before done is closed.
type channelFlight struct {
	done      chan struct{}
	result    channelLookup
	abandoned bool // the context of the reaction that asked has ended
}

// get returns information that is at most [channelAge] old. It waits for a look-up in
// progress, or asks the host itself.
func (c *channelCache) get(ctx context.Context) (ChannelInfo, error) {
	for {
		c.mu.Lock()
		if time.Now().Before(c.until) {
			defer c.mu.Unlock()
			return c.last.info, c.last.err
		}
		f := c.flight
		if f == nil {
			f = &channelFlight{done: make(chan struct{})}
			c.flight = f
			c.mu.Unlock()
			c.ask(ctx, f)
			return f.result.info, f.result.err
		}
		c.mu.Unlock()
		select {
		case <-f.done:
			if !f.abandoned {
				return f.result.info, f.result.err
			}
		case <-ctx.Done():
			return ChannelInfo{}, context.Cause(ctx)
		}
	}
}

// ask asks the host, with a lower priority than that of a ban, and ends the flight.
func (c *channelCache) ask(ctx context.Context, f *channelFlight) {
	f.result.err = errPanic // unless fetch returns
	defer func() {
		c.mu.Lock()
		if c.flight == f { // else forget was called
			c.flight = nil
			if !f.abandoned {
				c.keep(f.result)
			}
		}
		c.mu.Unlock()
		close(f.done)
	}()
	f.result.info, f.result.err = c.fetch(helix.WithPriority(ctx, helix.PriorityChat))
	f.abandoned = f.result.err != nil && ctx.Err() != nil
}

// keep stores a result for later calls of get. The caller holds mu.
func (c *channelCache) keep(l channelLookup) {
	age := channelAge
	if l.err != nil {
		age = channelErrorAge
	}
	c.last, c.until = l, time.Now().Add(age)
}

// forget makes the next call of get ask the host, because the channel has changed. The
// result of a look-up in progress is not kept, since it may be from before the change.
func (c *channelCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flight, c.until = nil, time.Time{}
}

// changesChannel reports whether an event means that the channel has changed.
func changesChannel(t eventsub.Type) bool {
	return t.Name == "stream.online" || t.Name == "stream.offline" || t.Name == "channel.update"
}

// fetchChannel returns the channel. All expressions of a reaction see the same values.
func (c *call) fetchChannel(ctx context.Context) (*expr.Record, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.info == nil {
		info, err := c.engine.channel.get(ctx)
		if err != nil {
			return nil, err
		}
		c.info = channelRecord(info)
	}
	return c.info, nil
}
