package helix

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// windowMargin is added to the windows of endpoints, because the time between two
// requests is not the same when they arrive.
const windowMargin = 100 * time.Millisecond

// ownLimits are the limits that endpoints have beside the bucket, each for those
// whom it counts: a broadcaster, a sender, a broadcaster and a target.
type ownLimits struct {
	mu      sync.Mutex
	gates   map[string]*gate         // guarded by mu; by endpoint and all that its limits count
	windows map[string]*limit.Window // guarded by mu; by endpoint, limit and what it counts
}

// A gate is what a call of an endpoint must pass.
type gate struct {
	*limit.Gate

	endpoint *Endpoint
	counted  []string // the values that the limits count
	windows  []window

	// For limits that count different values only: a gate without them, and until
	// when it is the one to pass, because this call's value is counted already.
	again *gate
	until time.Time // guarded by ownLimits.mu
}

// A window is a limit and who has used it up how far.
type window struct {
	*limit.Window

	key   string
	limit *RateLimit
}

// errLongWait marks a wait that is too long although there is no deadline.
var errLongWait = errors.New("longer than calls without a deadline wait")

// wait passes the gate of a call, if it has one.
func (o *ownLimits) wait(ctx context.Context, call *Call, p Priority) (*gate, error) {
	g := o.of(call, len(call.Endpoint.Limits) > 0)
	if g == nil {
		return nil, nil
	}
	if err := g.wait(ctx, limit.Priority(p)); err != nil {
		return g, err
	}
	o.passed(g)
	return g, nil
}

// wait passes the gate before ctx's deadline, or within longWait if there is none.
func (g *gate) wait(ctx context.Context, p limit.Priority) error {
	if _, ok := ctx.Deadline(); ok {
		return g.Wait(ctx, p)
	}
	short, cancel := context.WithTimeoutCause(ctx, longWait, errLongWait)
	defer cancel()
	err := g.Wait(short, p)
	wait, late := limit.WaitOf(err)
	if !late && errors.Is(err, errLongWait) { // it was near enough and then was overtaken
		wait, late = g.State(time.Now()).Wait, true
	}
	if late {
		return &longWaitError{limit.DeadlineError{Wait: wait}}
	}
	return err
}

// passed notes that the value of a call which passed is counted now.
func (o *ownLimits) passed(g *gate) {
	if g.again == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range g.windows {
		if l := g.windows[i].limit; l.Distinct != "" {
			g.until = time.Now().Add(l.Window())
		}
	}
}

// longWaitError is a wait that would end after longWait.
type longWaitError struct{ late limit.DeadlineError }

func (*longWaitError) Error() string     { return errLongWait.Error() }
func (e *longWaitError) Unwrap() []error { return []error{errLongWait, &e.late} }

// refused shuts the gate of a call that Twitch refused although there were points
// left. It reports whether the call should be tried again.
func (o *ownLimits) refused(call *Call) (again bool) {
	pause := shortestWindow(call.Endpoint)
	if pause == 0 {
		pause = time.Second
	}
	o.of(call, true).Shut(time.Now().Add(pause))
	return shortestWindow(call.Endpoint) > 0
}

// shortestWindow returns how long the shortest of an endpoint's limits lasts, 0
// if none is known.
func shortestWindow(e *Endpoint) time.Duration {
	var shortest time.Duration
	for i := range e.Limits {
		if d := e.Limits[i].Window(); d > 0 && (shortest == 0 || d < shortest) {
			shortest = d
		}
	}
	return shortest
}

// of returns the gate of a call. Unless create is set, it may be nil.
func (o *ownLimits) of(call *Call, create bool) *gate {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !create && len(o.gates) == 0 {
		return nil
	}
	e := call.Endpoint
	values := call.counted()
	key := e.ID + "\x00" + strings.Join(values, "\x00")
	now := time.Now()
	g := o.gates[key]
	if g == nil && create {
		g = o.add(key, call, values, now)
	}
	if g != nil && g.again != nil && now.Before(g.until) {
		return g.again
	}
	return g
}

// counted returns the values of the parameters that limits go by.
func (c *Call) counted() []string {
	if len(c.Endpoint.Limits) == 0 {
		return []string{c.UserID, c.params.first([]string{"broadcaster_id", "from_broadcaster_id"})}
	}
	var names, values []string
	for i := range c.Endpoint.Limits {
		l := &c.Endpoint.Limits[i]
		if len(l.Params) == 0 && len(values) == 0 {
			values = append(values, c.UserID)
		}
		names = append(names, l.Params...)
		if l.Distinct != "" {
			names = append(names, l.Distinct)
		}
	}
	for i, name := range names {
		if !slices.Contains(names[:i], name) {
			values = append(values, c.params.first([]string{name}))
		}
	}
	return values
}

// add makes the gate of a call. The caller holds mu.
func (o *ownLimits) add(key string, call *Call, values []string, now time.Time) *gate {
	if o.gates == nil {
		o.gates, o.windows = map[string]*gate{}, map[string]*limit.Window{}
	}
	if len(o.gates) >= maxBuckets {
		o.forget(now)
	}
	e := call.Endpoint
	g := &gate{endpoint: e, counted: values}
	again := &gate{endpoint: e, counted: values}
	for i := range e.Limits {
		l := &e.Limits[i]
		if l.Account != "" {
			continue // the type of the broadcaster is not known here
		}
		w := o.window(call, i)
		g.windows = append(g.windows, w)
		if l.Distinct == "" {
			again.windows = append(again.windows, w)
		}
	}
	g.Gate = limit.NewGate(limits(g.windows)...)
	if len(again.windows) < len(g.windows) {
		again.Gate = limit.NewGate(limits(again.windows)...)
		g.again = again
	}
	o.gates[key] = g
	return g
}

// window returns the window of an endpoint's limit that counts a call. The
// caller holds mu.
func (o *ownLimits) window(call *Call, i int) window {
	l := &call.Endpoint.Limits[i]
	parts := []string{call.Endpoint.ID, strconv.Itoa(i)}
	if len(l.Params) == 0 {
		parts = append(parts, call.UserID)
	}
	for _, name := range l.Params {
		parts = append(parts, call.params.first([]string{name}))
	}
	key := strings.Join(parts, "\x00")
	w := o.windows[key]
	if w == nil {
		w = limit.NewWindow(l.Max, l.Window()+windowMargin)
		o.windows[key] = w
	}
	return window{w, key, l}
}

func limits(windows []window) []*limit.Window {
	out := make([]*limit.Window, len(windows))
	for i, w := range windows {
		out[i] = w.Window
	}
	return out
}

// forget drops what limits nothing at the moment. The caller holds mu.
func (o *ownLimits) forget(now time.Time) {
	kept := map[string]*limit.Window{}
	for key, g := range o.gates {
		if g.State(now).Idle && !now.Before(g.until) && (g.again == nil || g.again.State(now).Idle) {
			delete(o.gates, key)
			continue
		}
		for _, w := range g.windows {
			kept[w.key] = w.Window
		}
	}
	o.windows = kept
}

// tightest returns the limit that takes longest, nil if none does.
func (g *gate) tightest(now time.Time) *RateLimit {
	var found *RateLimit
	var longest time.Duration
	for _, w := range g.windows {
		if d := w.Room(now); d > longest {
			found, longest = w.limit, d
		}
	}
	return found
}
