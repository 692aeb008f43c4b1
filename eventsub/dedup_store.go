package eventsub

import (
	"context"
	"encoding/json"
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
// recognized by memory alone. Failed calls are logged at the first and the last of them, and counted in
// [MuxStats].StoreErrors. Each may take five seconds.
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

// A storedSighting is the value that a SeenStore holds. Programs of other versions read
// it too.
type storedSighting struct {
	At           time.Time `json:"at"`
	Sent         time.Time `json:"sent,omitzero"`
	ID           string    `json:"id,omitempty"`
	Subscription string    `json:"sub,omitempty"`
	Recovered    bool      `json:"recovered,omitempty"`
	Since        time.Time `json:"since,omitzero"`
	Until        time.Time `json:"until,omitzero"`
}

// String returns the sighting for a store.
func (s sighting) String() string {
	stored := storedSighting{At: s.at.UTC().Round(0), Sent: s.sent.UTC(), ID: s.id, Subscription: s.subscription}
	if s.missed != nil {
		stored.Recovered, stored.Since, stored.Until = true, s.missed.since.UTC(), s.missed.until.UTC()
	}
	text, err := json.Marshal(stored)
	if err != nil { // a year after 9999, which only a test can send
		return "{}"
	}
	return string(text)
}

// parseSighting reads the value of a store. It returns false if another program wrote
// something else.
func parseSighting(value string) (sighting, bool) {
	var stored storedSighting
	if err := json.Unmarshal([]byte(value), &stored); err != nil {
		return sighting{}, false
	}
	s := sighting{at: stored.At, sent: stored.Sent, id: stored.ID, subscription: stored.Subscription}
	if stored.Recovered {
		s.missed = &missedTime{since: stored.Since, until: stored.Until}
	}
	return s, true
}
