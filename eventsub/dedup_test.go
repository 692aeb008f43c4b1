package eventsub

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestDedup(t *testing.T) {
	fact := func(id, subscription, key string) Notification {
		event, err := json.Marshal(note{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		return Notification{Meta: Meta{MessageID: id, Subscription: Subscription{ID: subscription}}, Type: noteType, Event: event}
	}
	recovered := fact("", "", "k1")
	recovered.Meta.Recovered = true
	old := fact("m9", "s2", "k9")
	other := fact("m9", "s9", "k9")
	other.Type.Version = "2"

	tests := []struct {
		name   string
		in     []Notification
		handed int
	}{
		{"the same message", []Notification{fact("m1", "s1", "k1"), fact("m1", "s1", "k1")}, 1},
		{"the same message without a key", []Notification{fact("m1", "s1", ""), fact("m1", "s1", "")}, 1},
		{"two facts", []Notification{fact("m1", "s1", "k1"), fact("m2", "s1", "k2")}, 2},
		{"one fact by two subscriptions", []Notification{fact("m1", "s1", "k1"), fact("m2", "s2", "k1")}, 1},
		{"one subscription reports the same fact again", []Notification{fact("m1", "s1", "k1"), fact("m2", "s1", "k1")}, 2},
		{"delivered, then recovered", []Notification{fact("m1", "s1", "k1"), recovered}, 1},
		{"recovered, then delivered", []Notification{recovered, fact("m1", "s1", "k1")}, 1},
		{"no ids and no keys", []Notification{fact("", "s1", ""), fact("", "s1", "")}, 2},
		{"another type with the same key", []Notification{old, func() Notification { n := other; n.Meta.MessageID = "m10"; return n }()}, 2},
	}
	for _, tt := range tests {
		test := func(t *testing.T, middleware Middleware) {
			m := NewMux()
			m.Use(middleware)
			handed := 0
			On(m, func(context.Context, *note) error { return nil }) // so that the mux can decode
			m.OnAny(func(context.Context, Notification) error { handed++; return nil })
			dispatch(t, m, tt.in...)
			drain(t, m)
			if handed != tt.handed {
				t.Errorf("handed on: got %d, want %d", handed, tt.handed)
			}
			if want := len(tt.in) - tt.handed; m.Stats().Duplicates != uint64(want) {
				t.Errorf("got %d duplicates, want %d", m.Stats().Duplicates, want)
			}
		}
		t.Run(tt.name, func(t *testing.T) { test(t, Dedup(10*time.Minute)) })
		t.Run(tt.name+", with a store", func(t *testing.T) { test(t, DedupStore(NewMemorySeenStore(0), 10*time.Minute)) })
		t.Run(tt.name+", by the store alone", func(t *testing.T) {
			store := NewMemorySeenStore(0)
			test(t, func(next Handler) Handler {
				return func(ctx context.Context, n Notification) error {
					return DedupStore(store, 10*time.Minute)(next)(ctx, n) // forgets what is in memory
				}
			})
		})
	}
}

func TestDedupForgetsAfterWindow(t *testing.T) {
	t.Run("in memory", func(t *testing.T) { testWindow(t, Dedup(10*time.Minute)) })
	t.Run("in a store", func(t *testing.T) { testWindow(t, DedupStore(NewMemorySeenStore(0), 10*time.Minute)) })
}

func testWindow(t *testing.T, middleware Middleware) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		m.Use(middleware)
		handed := 0
		On(m, func(context.Context, *note) error { handed++; return nil })
		for _, wait := range []time.Duration{0, 9 * time.Minute, 2 * time.Minute} {
			time.Sleep(wait)
			dispatch(t, m, aNote("m1", "1", ""))
			drain(t, m)
		}
		if handed != 2 {
			t.Errorf("handed on: got %d, want 2", handed)
		}
	})
}

func TestDedupIsBounded(t *testing.T) {
	d := &dedup{window: time.Hour, most: 10, seen: map[string]sighting{}}
	now := time.Unix(0, 0)
	for i := range 1000 {
		d.again(Notification{}, sighting{at: now, id: fmt.Sprint(i)})
	}
	if len(d.seen) > 20 || len(d.order) > 20 {
		t.Errorf("remembered: got %d keys and %d entries, want 20 at most", len(d.seen), len(d.order))
	}
}

// A stream that ends in the morning and another that ends in the evening, after a
// reconnect, are two facts with one key: neither may be dropped.
func TestFactsThatRecurAreNotDuplicates(t *testing.T) {
	end := func(subscription string, sent time.Time) Notification {
		return Notification{
			Meta:  Meta{MessageID: subscription + sent.String(), Timestamp: sent, Subscription: Subscription{ID: subscription}},
			Type:  StreamOffline{}.Type(),
			Event: []byte(`{"broadcaster_user_id":"1"}`),
		}
	}
	missed := func(since, until time.Time) Notification {
		n := end("", until)
		n.Meta.Recovered, n.missed = true, &missedTime{since: since, until: until}
		return n
	}
	now := time.Unix(1_800_000_000, 0)
	for _, tt := range []struct {
		name   string
		in     []Notification
		handed int
	}{
		{"side by side", []Notification{end("s1", now), end("s2", now.Add(time.Second))}, 1},
		{"after a reconnect", []Notification{end("s1", now), end("s2", now.Add(time.Minute))}, 2},
		{"delivered before the loss, then missed", []Notification{end("s1", now), missed(now, now.Add(time.Minute))}, 2},
		{"delivered and missed", []Notification{end("s1", now), missed(now.Add(-time.Second), now.Add(time.Minute))}, 1},
		{"missed, delivered late", []Notification{missed(now.Add(-time.Minute), now), end("s1", now.Add(time.Second))}, 1},
		{"missed, and again later", []Notification{missed(now.Add(-time.Minute), now), end("s1", now.Add(time.Minute))}, 2},
		{"missed twice", []Notification{missed(now.Add(-time.Hour), now), missed(now.Add(time.Minute), now.Add(time.Hour))}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, middleware := range map[string]Middleware{
				"memory": Dedup(24 * time.Hour), "store": DedupStore(NewMemorySeenStore(0), 24*time.Hour),
			} {
				m := NewMux()
				m.Use(middleware)
				handed := 0
				m.OnAny(func(context.Context, Notification) error { handed++; return nil })
				dispatch(t, m, tt.in...)
				drain(t, m)
				if handed != tt.handed {
					t.Errorf("%s: handed on: got %d, want %d", name, handed, tt.handed)
				}
			}
		})
	}
}
