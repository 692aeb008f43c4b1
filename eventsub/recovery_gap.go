package eventsub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

const (
	// keysAtOnce is the number of conditions of a gap that are fetched at the same time.
	keysAtOnce = 4
	// mostRecovered bounds the events that are recovered of a condition.
	mostRecovered = 10_000
	// mostCatchUps bounds the gaps that wait to be worked off: of older ones nothing is
	// fetched.
	mostCatchUps = 1000
)

// notKept is the reason of types that cannot be recovered.
const notKept = "Twitch offers no way to fetch these events"

// A catchUp works off a gap: it fetches what was missed, dispatches that, and then the
// Gap.
type catchUp struct {
	gap   Gap
	parts []*part
	left  atomic.Int64 // dispatched events that are not handled, and one until all are dispatched
}

// A part is a condition of a catchUp.
type part struct {
	mark *mark
	from time.Time

	got    Recovered
	facts  []fact // of the recovered events
	reason string // why something is missing
}

// gap works off a time that has ended for some conditions: their subscriptions exist
// again. It does not wait.
func (r *recovery) gap(userID string, g reconcile.Gap, to time.Time) {
	c := &catchUp{gap: Gap{From: g.From, To: to, Session: g.Session, UserID: userID, Reason: g.Reason.Error()}}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range g.Keys {
		m := r.marks[key]
		if m == nil || m.target == nil {
			continue
		}
		i := slices.IndexFunc(m.losses, func(l loss) bool { return !l.bound })
		if i < 0 { // the session lost its connection, but not its subscriptions
			m.losses = append(m.losses, loss{from: earlier(g.From, m.complete()), reason: g.Reason})
			i = len(m.losses) - 1
			m.freeze()
		}
		l := &m.losses[i]
		if l.bound, m.announced = true, false; g.Session != "" { // not from before this run
			l.from = earlier(l.from, g.From) // a subscription may have disappeared while others on its line lived
			m.frozen.at = earlier(m.frozen.at, l.from)
		}
		c.parts = append(c.parts, &part{mark: m, from: m.losses[i].from})
	}
	if len(c.parts) == 0 {
		return
	}
	if n := len(r.tasks); n >= mostCatchUps { // an older one is reported without what could be fetched
		for _, p := range r.tasks[n-mostCatchUps].parts {
			p.reason = "too many gaps at once"
		}
	}
	r.tasks = append(r.tasks, c)
	r.notify()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// catchUp fetches and dispatches. What it could not do because ctx ended is done after
// the next start, since the conditions' watermarks are not moved.
func (r *recovery) catchUp(ctx context.Context, c *catchUp) {
	var fetching sync.WaitGroup
	slots := make(chan struct{}, keysAtOnce)
	for _, p := range c.parts {
		fetching.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r.fetch(ctx, p, c.gap.To)
		})
	}
	fetching.Wait()
	if ctx.Err() != nil {
		return
	}
	var all []Notification
	for _, p := range c.parts {
		all = append(all, p.got.Notifications...)
	}
	slices.SortStableFunc(all, func(a, b Notification) int { return a.Meta.Timestamp.Compare(b.Meta.Timestamp) })
	c.left.Store(1)
	for _, n := range all {
		if r.dispatch(ctx, c, n) != nil {
			return
		}
	}
	c.report()
	event, err := json.Marshal(c.gap)
	if err != nil {
		r.logger.ErrorContext(ctx, "gap not reported", "error", err)
		return
	}
	r.gaps.Add(1)
	r.logger.WarnContext(ctx, "events were missed", "from", c.gap.From, "to", c.gap.To, "recovered", c.gap.RecoveredCount, "lost", c.gap.Lost)
	if r.dispatch(ctx, c, Notification{
		Meta: Meta{MessageID: "gap " + c.gap.SemanticKey(), Timestamp: c.gap.To}, Type: GapType, Event: event,
	}) != nil {
		return
	}
	r.settled(c) //nolint:contextcheck // it saves after ctx has ended
}

// dispatch waits for room in the queue.
func (r *recovery) dispatch(ctx context.Context, c *catchUp, n Notification) error {
	c.left.Add(1)
	n.handled = func() { //nolint:contextcheck // it saves after ctx has ended
		r.mu.Lock()
		if r.types[n.Type] {
			r.collect(n)
		}
		r.mu.Unlock()
		r.settled(c)
	}
	return r.mux.Dispatch(ctx, n)
}

// settled records that one event of c was handled. After the last one, the conditions
// count as complete.
func (r *recovery) settled(c *catchUp) {
	if c.left.Add(-1) > 0 {
		return
	}
	r.mu.Lock()
	for _, p := range c.parts {
		m := p.mark
		i := slices.IndexFunc(m.losses, func(l loss) bool { return l.bound && l.from.Equal(p.from) })
		if i < 0 || m.forgotten {
			continue
		}
		if m.losses = slices.Delete(m.losses, i, i+1); len(m.losses) == 0 {
			m.frozen = nil
		}
		for _, f := range p.facts {
			m.remember(f.Key, f.At)
		}
		r.dirty[m] = true
	}
	last := !r.running
	r.mu.Unlock()
	if last {
		r.saveLast()
	} else {
		r.notify()
	}
}

// fetch fetches what a part has missed.
func (r *recovery) fetch(ctx context.Context, p *part, to time.Time) {
	m := p.mark
	m.turn.Lock()
	defer m.turn.Unlock()
	if p.reason != "" || ctx.Err() != nil {
		return
	}
	r.mu.Lock()
	known := r.types[m.target.kind]
	r.mu.Unlock()
	if !known {
		p.reason = notKept
		return
	}
	r.foldHeld(m)
	r.mu.Lock()
	missed := Missed{Condition: m.target.condition, UserID: m.userID, From: p.from, To: to, State: m.state}
	since := p.from
	if m.fetched.After(since) {
		since = m.fetched
	}
	r.mu.Unlock()

	now := time.Now()
	got, err := r.recover(ctx, missed)
	if err != nil {
		p.reason = err.Error()
		return
	}
	if !got.Complete {
		if p.reason = got.Reason; p.reason == "" {
			p.reason = "not all could be fetched"
		}
	}
	if len(got.Notifications) > mostRecovered {
		got.Notifications = got.Notifications[len(got.Notifications)-mostRecovered:]
		p.reason = "too many events"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p.got = got
	p.got.Notifications, p.facts = r.unknown(m, got.Notifications, since, now)
	if got.State != nil {
		m.state, m.fetched = got.State, now
		r.index(m)
	}
}

// unknown completes recovered events and removes those that were handled before the
// loss. The caller holds mu.
func (r *recovery) unknown(m *mark, ns []Notification, since, until time.Time) (kept []Notification, facts []fact) {
	for _, n := range ns {
		key := ""
		if p, err := n.Payload(); err == nil {
			key = p.SemanticKey()
		}
		meta := &n.Meta
		meta.Recovered = true
		if meta.Subscription.Type == "" {
			meta.Subscription = Subscription{
				ID: m.subscription, Type: m.target.kind.Name, Version: m.target.kind.Version, Condition: m.target.condition.Fields(),
			}
		}
		n.missed = &missedTime{since: since, until: until}
		if meta.Timestamp.IsZero() {
			meta.Timestamp = until
		}
		if info, _ := Lookup(n.Type); !info.Recurs {
			if m.known(key) {
				continue
			}
			facts = append(facts, fact{Key: key, At: meta.Timestamp})
		}
		meta.Late = until.Sub(meta.Timestamp) > lateAfter
		if meta.MessageID == "" {
			meta.MessageID = recoveredID(key, meta.Timestamp)
		}
		kept = append(kept, n)
	}
	return kept, facts
}

// recoveredID returns an id for a recovered event, always the same one if the time of
// the fact is known.
func recoveredID(key string, at time.Time) string {
	sum := sha256.Sum256([]byte(key + " " + at.UTC().Format(time.RFC3339Nano)))
	return "recovered-" + hex.EncodeToString(sum[:16])
}

// report fills in the Gap.
func (c *catchUp) report() {
	details := map[Type]*GapDetail{}
	for _, p := range c.parts {
		t := p.mark.target.kind
		d := details[t]
		if d == nil {
			d = &GapDetail{Type: t}
			details[t] = d
		}
		d.Recovered += len(p.got.Notifications)
		if p.reason != "" && !d.Lost {
			d.Lost, d.Reason = true, p.reason
		}
	}
	for _, d := range details {
		c.gap.Details = append(c.gap.Details, *d)
	}
	slices.SortFunc(c.gap.Details, func(a, b GapDetail) int { return compareTypes(a.Type, b.Type) })
	for _, d := range c.gap.Details {
		c.gap.RecoveredCount += d.Recovered
		if d.Recovered > 0 || !d.Lost {
			c.gap.Recovered = append(c.gap.Recovered, d.Type)
		}
		if d.Lost {
			c.gap.Lost = append(c.gap.Lost, d.Type)
		}
	}
}
