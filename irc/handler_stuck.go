package irc

import (
	"context"
	"slices"
	"strings"
	"time"
)

const (
	stuckAfter = 10 * time.Second // a handler that runs for longer is reported
	stuckCheck = 5 * time.Second  // how often running handlers are looked at
)

// A StuckHandler is a handler that has not returned for more than ten seconds. The
// messages of its channel wait meanwhile, and are dropped when Options.Backlog of them
// wait.
type StuckHandler struct {
	Channel string
	Handler string        // the name of the function
	For     time.Duration // how long it has been running, give or take five seconds
	Dropped uint64        // messages of the channel that were dropped since the client was made
}

// stuckWatch is what the watch remembers of a lane. Only the goroutine of the watch
// uses it.
type stuckWatch struct {
	caller   *caller
	calls    uint64
	since    time.Time // when calls was seen first
	reported time.Time // zero while the lane is not stuck
	dropped  uint64    // what was logged so far
}

// Stats returns what the client counted since it was made, and which handlers are
// stuck now.
func (c *Client) Stats() Stats {
	s := Stats{Unparsed: c.unparsed.Load(), Dropped: c.lanes.dropped.Load(), Waiting: int(c.lanes.waiting.Load()), Connections: c.roster.connections()}
	c.stuckMu.Lock()
	defer c.stuckMu.Unlock()
	s.Stuck = slices.Clone(c.stuck)
	return s
}

// Stats are the counts of a [Client].
type Stats struct {
	Unparsed int64          // lines that were no IRC messages
	Dropped  uint64         // messages that no handler saw, because their channel's handlers were too slow
	Waiting  int            // messages in the hands of slow handlers or waiting behind them
	Stuck    []StuckHandler // by channel

	Connections []ConnectionStats // while Run is running, by number
}

// watchHandlers reports handlers that do not return, until ctx ends.
func (c *Client) watchHandlers(ctx context.Context) {
	ticker := time.NewTicker(stuckCheck)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			c.checkHandlers(ctx, now)
		case <-ctx.Done():
			return
		}
	}
}

func (c *Client) checkHandlers(ctx context.Context, now time.Time) {
	var stuck []StuckHandler
	for _, l := range c.lanes.all() {
		if s, ok := c.checkLane(ctx, l, now); ok {
			stuck = append(stuck, s)
		}
	}
	slices.SortFunc(stuck, func(a, b StuckHandler) int { return strings.Compare(a.Channel, b.Channel) })
	c.stuckMu.Lock()
	defer c.stuckMu.Unlock()
	c.stuck = stuck
}

// checkLane compares a lane with what it was like at the last check.
func (c *Client) checkLane(ctx context.Context, l *lane, now time.Time) (StuckHandler, bool) {
	w := &l.watch
	as := l.caller.Load()
	var h *handler
	var calls uint64
	if as != nil {
		h, calls = as.handler.Load(), as.calls.Load()
	}
	l.mu.Lock()
	dropped := l.dropped
	l.mu.Unlock()
	if dropped > w.dropped {
		c.o.Logger.WarnContext(ctx, "chat messages dropped", "channel", l.channel, "count", dropped-w.dropped, "reason", "the handlers of this channel are too slow")
		w.dropped = dropped
	}
	if h == nil || as != w.caller || calls != w.calls {
		if !w.reported.IsZero() {
			c.o.Logger.InfoContext(ctx, "chat handler returned", "channel", l.channel, "took", now.Sub(w.since))
		}
		w.caller, w.calls, w.since, w.reported = as, calls, now, time.Time{}
		return StuckHandler{}, false
	}
	s := StuckHandler{Channel: l.channel, Handler: h.name, For: now.Sub(w.since), Dropped: dropped}
	if s.For < stuckAfter {
		return s, false
	}
	// Logged once, and then each time it has been stuck for twice as long.
	if w.reported.IsZero() || now.Sub(w.since) >= 2*w.reported.Sub(w.since) {
		w.reported = now
		c.tell(ctx, State{Kind: HandlerStuck, Channel: l.channel, Stuck: &s})
	}
	return s, true
}
