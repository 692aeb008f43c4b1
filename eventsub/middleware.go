package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Log returns middleware that logs every notification to logger: at Debug, or at Error
// with the joined errors of its handlers. Bodies are never logged.
func Log(logger *slog.Logger) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, n Notification) error {
			start := time.Now()
			err := next(ctx, n)
			attrs := append(n.attrs(), slog.Duration("took", time.Since(start)))
			if err != nil {
				logger.LogAttrs(ctx, slog.LevelError, "event handler", append(attrs, failed(err)...)...)
			} else {
				logger.LogAttrs(ctx, slog.LevelDebug, "event", attrs...)
			}
			return err
		}
	}
}

// failed returns log attributes for err. The errors of handlers are joined, so the
// stack of a panic is added here; otherwise it would not be logged.
func failed(err error) []slog.Attr {
	attrs := []slog.Attr{slog.Any("error", err)}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}

func (n Notification) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("type", n.Type.String()), slog.String("message_id", n.Meta.MessageID)}
	if lane := n.lane(); lane != "" {
		attrs = append(attrs, slog.String("broadcaster_id", lane))
	}
	if n.Meta.Late {
		attrs = append(attrs, slog.Bool("late", true))
	}
	return attrs
}

// dedupMost bounds the memory of one Dedup to about 30 MB.
const dedupMost = 1 << 16

// Dedup returns middleware that drops notifications that were already seen within
// window: those with the same message id, which Twitch has sent again, and those with
// the same fact ([Payload.SemanticKey]) from another subscription or from a fetch
// through Helix. Two notifications of one subscription with different message ids are
// never treated as duplicates. It remembers at most the last 65,536 notifications.
func Dedup(window time.Duration) Middleware {
	d := &dedup{window: window, most: dedupMost, seen: map[string]sighting{}}
	return func(next Handler) Handler {
		return func(ctx context.Context, n Notification) error {
			if d.again(n, time.Now()) {
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

type sighting struct {
	at           time.Time
	sent         time.Time // by Twitch's clock
	subscription string
	missed       *missedTime // of a recovered event
}

// repeats reports whether an event with the same fact as the earlier one repeats it.
func (s sighting) repeats(before sighting) bool {
	// A user who is made a moderator, loses that and is made one again gives two facts
	// with one key. The time tells them apart, if one of them was recovered.
	switch {
	case s.missed != nil && !s.missed.dated:
		return !before.sent.Before(s.missed.since)
	case before.missed != nil && !before.missed.dated:
		return s.missed != nil || !s.sent.After(before.missed.until.Add(overlap))
	case s.missed != nil || before.missed != nil:
		return true
	}
	// Within one subscription a message is never a duplicate of another.
	return s.subscription == "" || s.subscription != before.subscription
}

type aged struct {
	key string
	at  time.Time
}

// again reports whether n was seen before, and remembers it.
func (d *dedup) again(n Notification, now time.Time) bool {
	fact := ""
	if p, err := n.Payload(); err == nil {
		if key := p.SemanticKey(); key != "" {
			fact = "fact " + n.Type.String() + " " + key
		}
	}
	this := sighting{at: now, sent: n.Meta.Timestamp, subscription: n.Meta.Subscription.ID, missed: n.missed}
	if n.Meta.Recovered && n.missed == nil { // not from this package
		this.missed = &missedTime{dated: true}
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget(now)
	if id := n.Meta.MessageID; id != "" {
		if _, ok := d.seen["id "+id]; ok {
			return true
		}
		d.remember("id "+id, this)
	}
	if fact == "" {
		return false
	}
	if before, ok := d.seen[fact]; ok && this.repeats(before) {
		return true
	}
	d.remember(fact, this)
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
