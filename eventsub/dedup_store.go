package eventsub

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// seenTimeout bounds one call of a SeenStore: for that long an event waits at most
// before it is handled without it.
const seenTimeout = 5 * time.Second

// DedupStore returns middleware like [Dedup] that remembers notifications in a store as
// well, so that duplicates are recognized after a restart of the program. The window is
// limited by what the store keeps.
//
// A notification is stored when its handlers have returned, before the broadcaster's
// next one is handled; until then it is remembered in memory only. So a program that is
// killed repeats at most what was being handled. For this, DedupStore has to be the
// outermost middleware that may drop notifications.
//
// When the store fails, notifications are handled as if it was empty, and duplicates are
// recognized by memory alone. Failed calls are counted in [MuxStats].StoreErrors; the
// first of them and the recovery are logged. Each may take five seconds.
func DedupStore(store SeenStore, window time.Duration) Middleware {
	d := &durableDedup{store: store, recent: dedup{window: window, most: dedupMost, seen: map[string]sighting{}}}
	return func(next Handler) Handler {
		return func(ctx context.Context, n Notification) error { return d.handle(ctx, n, next) }
	}
}

// durableDedup is a dedup with a store behind it.
type durableDedup struct {
	store   SeenStore
	recent  dedup       // also what is being handled
	failing atomic.Bool // the last call of the store failed
}

func (d *durableDedup) handle(ctx context.Context, n Notification, next Handler) error {
	this := n.sighting(time.Now())
	if d.recent.again(n, this) || d.stored(ctx, n, this) {
		n.repeated()
		return nil
	}
	var err error
	defer func() { // also after a panic
		if err == nil || ctx.Err() == nil { // not interrupted by Drain: that is handled again
			d.add(ctx, n, this)
		}
	}()
	err = next(ctx, n)
	return err
}

// stored reports whether the store knows n.
func (d *durableDedup) stored(ctx context.Context, n Notification, this sighting) bool {
	keys := this.keys()
	if len(keys) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, seenTimeout)
	defer cancel()
	seen, err := d.store.Seen(ctx, keys...)
	d.result(n, err)
	for key, value := range seen {
		before, ok := parseSighting(value)
		switch {
		case !ok || this.at.Sub(before.at) >= d.recent.window:
		case key == this.idKey(), this.repeats(before):
			return true
		}
	}
	return false
}

// add stores n.
func (d *durableDedup) add(ctx context.Context, n Notification, this sighting) {
	keys := this.keys()
	if len(keys) == 0 {
		return
	}
	value, values := this.String(), make(map[string]string, len(keys))
	for _, key := range keys {
		values[key] = value
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), seenTimeout)
	defer cancel()
	d.result(n, d.store.Add(ctx, values))
}

// result counts and logs an error of the store.
func (d *durableDedup) result(n Notification, err error) {
	was := d.failing.Swap(err != nil)
	if n.decoded == nil { // not called by a Mux
		return
	}
	m := n.decoded.mux
	switch {
	case err == nil && was:
		m.logger.Info("event store works again")
	case err != nil:
		m.stats.storeErrors.Add(1)
		if !was {
			m.logger.Error("event store", slog.String("doing", "recognize duplicates"), slog.Any("error", err))
		}
	}
}

func (s sighting) idKey() string {
	if s.id == "" {
		return ""
	}
	return "id " + s.id
}

// keys returns the keys of a sighting in a store.
func (s sighting) keys() []string {
	var keys []string
	if s.id != "" {
		keys = append(keys, s.idKey())
	}
	if s.fact != "" {
		keys = append(keys, "fact "+s.fact)
	}
	return keys
}

// String returns the sighting for a store, in few bytes because a store has millions:
// the times in nanoseconds of Unix time, or 0, and the subscription.
//
//	at sent subscription
//	at sent subscription since until
func (s sighting) String() string {
	text := fmt.Sprintf("%d %d %q", nanos(s.at), nanos(s.sent), s.subscription)
	if s.missed != nil {
		text += fmt.Sprintf(" %d %d", nanos(s.missed.since), nanos(s.missed.until))
	}
	return text
}

func nanos(t time.Time) int64 {
	if year := t.Year(); year < 1970 || year > 2200 { // not a time that Twitch sends
		return 0
	}
	return t.UnixNano()
}

func fromNanos(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// parseSighting reads the value of a store. It returns false if another program wrote
// something else.
func parseSighting(value string) (sighting, bool) {
	var s sighting
	var at, sent, since, until int64
	n, err := fmt.Sscanf(value, "%d %d %q", &at, &sent, &s.subscription)
	if err != nil || n != 3 {
		return sighting{}, false
	}
	s.at, s.sent = fromNanos(at), fromNanos(sent)
	n, _ = fmt.Sscanf(value, "%d %d %q %d %d", &at, &sent, &s.subscription, &since, &until)
	if n == 5 {
		s.missed = &missedTime{since: fromNanos(since), until: fromNanos(until)}
	}
	return s, true
}
