package eventsub

import (
	"context"
	"sync"
	"time"
)

// dedupMost bounds the memory of one Dedup to about 40 MB.
const dedupMost = 1 << 16

// Dedup returns middleware that drops notifications that were already seen within
// window: those with the same message id, which Twitch has sent again, and those with
// the same fact ([Payload.SemanticKey]) from another subscription or from a fetch
// through Helix. Two notifications of one subscription with different message ids are
// never treated as duplicates. It remembers at most the last 65,536 notifications, in
// memory; [DedupStore] remembers them in a store.
func Dedup(window time.Duration) Middleware {
	d := &dedup{window: window, most: dedupMost, seen: map[string]sighting{}}
	return func(next Handler) Handler {
		return func(ctx context.Context, n Notification) error {
			if d.again(n, n.sighting(time.Now())) {
				n.repeated()
				return nil
			}
			return next(ctx, n)
		}
	}
}

// dedup remembers keys in order of arrival.
type dedup struct {
	window time.Duration
	most   int

	mu    sync.Mutex
	seen  map[string]sighting // guarded by mu
	order []aged              // guarded by mu; the keys of seen, oldest first
}

// A sighting is what is remembered of a notification.
type sighting struct {
	at           time.Time
	sent         time.Time // by Twitch's clock
	id           string    // message id; may be empty
	fact         string    // type and semantic key; "" if it has none
	subscription string
	recurs       bool        // the fact has the same key when it happens again
	missed       *missedTime // of a recovered event
}

// sighting returns what is to be remembered of n.
func (n Notification) sighting(now time.Time) sighting {
	s := sighting{at: now, sent: n.Meta.Timestamp, id: n.Meta.MessageID, subscription: n.Meta.Subscription.ID, missed: n.missed}
	if p, err := n.Payload(); err == nil {
		if key := p.SemanticKey(); key != "" {
			s.fact = n.Type.String() + " " + key
			info, _ := Lookup(n.Type)
			s.recurs = info.Recurs
		}
	}
	if n.Meta.Recovered && n.missed == nil { // not from this package
		s.missed = &missedTime{}
	}
	return s
}

// repeated counts a notification that was dropped as a duplicate.
func (n Notification) repeated() {
	if n.decoded != nil {
		n.decoded.mux.stats.duplicates.Add(1)
	}
}

// repeats reports whether an event with the same fact as the earlier one repeats it.
func (s sighting) repeats(before sighting) bool {
	another := s.subscription == "" || s.subscription != before.subscription
	switch {
	case s.id != "" && s.id == before.id: // redelivered by the inbox
		return false
	case !s.recurs:
		// Within one subscription a message is never a duplicate of another.
		return s.missed != nil || before.missed != nil || another

	// A user who is made a moderator, loses that and is made one again gives two facts
	// with one key. Their times tell them apart.
	case s.missed != nil && !s.missed.until.IsZero():
		return before.sent.After(s.missed.since)
	case before.missed != nil && !before.missed.until.IsZero():
		return s.missed != nil || !s.sent.After(before.missed.until.Add(overlap))
	case s.missed != nil || before.missed != nil:
		return true
	default: // subscriptions that exist side by side deliver at about the same time
		return another && s.sent.Sub(before.sent).Abs() <= overlap
	}
}

type aged struct {
	key string
	at  time.Time
}

// again reports whether n was seen before, and remembers it.
func (d *dedup) again(n Notification, this sighting) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget(this.at)
	if this.id != "" {
		if _, ok := d.seen["id "+this.id]; ok && !n.Meta.Redelivered {
			return true
		}
		d.remember("id "+this.id, this)
	}
	if this.fact == "" {
		return false
	}
	if before, ok := d.seen["fact "+this.fact]; ok && this.repeats(before) {
		return true
	}
	d.remember("fact "+this.fact, this)
	return false
}

func (d *dedup) remember(key string, s sighting) {
	d.seen[key] = s
	d.order = append(d.order, aged{key: key, at: s.at})
}

// forget removes keys that are too old, and the oldest if there are too many.
func (d *dedup) forget(now time.Time) {
	drop := 0
	for _, a := range d.order {
		if now.Sub(a.at) < d.window && len(d.order)-drop < 2*d.most {
			break
		}
		if d.seen[a.key].at.Equal(a.at) { // not seen again since
			delete(d.seen, a.key)
		}
		drop++
	}
	d.order = d.order[drop:]
}
