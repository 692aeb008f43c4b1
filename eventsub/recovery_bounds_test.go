package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"
)

// A modRecoverer has a state for moderators and recovers nothing.
type modRecoverer struct{ updated int }

func (m *modRecoverer) Types() []Type { return []Type{ChannelModeratorAddCondition{}.Type()} }

func (m *modRecoverer) Recover(context.Context, Missed) (Recovered, error) {
	return Recovered{Complete: true, State: []byte("{}")}, nil
}

func (m *modRecoverer) Update(_ Condition, state []byte, events []Notification) []byte {
	m.updated += len(events)
	return state
}

func newTestRecovery(recoverer Recoverer) *recovery {
	return newRecovery(NewMux(), recoverer, nil, slog.New(slog.DiscardHandler), new(atomic.Uint64))
}

func modAdded(broadcaster string, i int) Notification {
	return Notification{
		Type:  ChannelModeratorAddCondition{}.Type(),
		Event: fmt.Appendf(nil, `{"broadcaster_user_id":%q,"user_id":"%d"}`, broadcaster, i),
		Meta: Meta{
			MessageID: fmt.Sprint("m", i), Timestamp: time.Now(),
			Subscription: Subscription{ID: "sub", Condition: map[string]string{"broadcaster_user_id": broadcaster}},
		},
	}
}

// While one handler was stuck, the list of unhandled notifications grew with each further
// one although it was handled or dropped.
func TestStuckHandlerDoesNotGrowTheWatermark(t *testing.T) {
	r := newTestRecovery(&modRecoverer{})
	condition := ChannelModeratorAddCondition{BroadcasterUserID: "1"}
	r.subscribed(newTarget(condition), "", "sub", newLine(time.Now()))
	stuck := r.track(modAdded("1", 0))
	for i := range 1000 {
		r.track(modAdded("1", i+1)).handled()
	}
	m := r.marks[newTarget(condition).key]
	if n := len(m.waiting); n != 1 {
		t.Errorf("unhandled notifications: got %d, want 1", n)
	}
	if at := m.complete(); !at.Before(stuck.Meta.Timestamp) {
		t.Errorf("complete up to %s although the notification of %s is not handled", at, stuck.Meta.Timestamp)
	}
	stuck.handled()
	if n := len(m.waiting); n != 0 {
		t.Errorf("unhandled notifications at the end: got %d, want 0", n)
	}
}

// The watermark is the same for every order in which notifications are handled as with a
// list that keeps them all.
func TestWatermarkForAnyOrderOfHandling(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		m := &mark{at: start}
		type one struct {
			w    *waiting
			done bool
		}
		var all []*one
		for step := range 60 {
			if w := (&waiting{sent: start.Add(time.Duration(random.IntN(1000)) * time.Second)}); random.IntN(2) == 0 {
				all = append(all, &one{w: w})
				m.waiting = append(m.waiting, w)
			} else if len(all) > 0 {
				if o := all[random.IntN(len(all))]; !o.done {
					o.done = true
					m.finished(o.w)
				}
			}
			want, left := start, 0
			for _, o := range all {
				if !o.done {
					left++
				} else if left == 0 && o.w.sent.After(want) {
					want = o.w.sent
				}
			}
			if !m.at.Equal(want) || len(m.waiting) != left {
				t.Fatalf("seed %d, step %d: got %s with %d waiting, want %s with %d", seed, step, m.at, len(m.waiting), want, left)
			}
		}
	}
}

// Events of a broadcaster were kept for the state of a condition that Twitch had revoked,
// until the end of the program.
func TestRevokedConditionDoesNotKeepAllEvents(t *testing.T) {
	recoverer := &modRecoverer{}
	r := newTestRecovery(recoverer)
	condition := ChannelModeratorAddCondition{BroadcasterUserID: "1"}
	stop := r.start(t.Context())
	defer stop()
	r.subscribed(newTarget(condition), "", "sub", newLine(time.Now()))
	key := newTarget(condition).key
	r.mu.Lock()
	m := r.marks[key]
	m.state = []byte("{}")
	r.index(m)
	r.mu.Unlock()
	r.revoked(errors.New("revoked"), key)
	for i := range 1000 {
		r.track(modAdded("1", i)).handled()
		if i%100 == 99 {
			r.save(t.Context())
		}
	}
	r.mu.Lock()
	n := len(m.events)
	r.mu.Unlock()
	if n > 100 || recoverer.updated == 0 {
		t.Errorf("kept events: got %d, want 100 at most; %d were used for the state", n, recoverer.updated)
	}
}

// Broadcasters whose conditions are no longer wanted stayed in the list of lanes.
func TestForgottenBroadcasterLeavesNoLane(t *testing.T) {
	r := newTestRecovery(&modRecoverer{})
	for i := range 100 {
		w := newTarget(ChannelModeratorAddCondition{BroadcasterUserID: fmt.Sprint(i)})
		r.subscribed(w, "", fmt.Sprint("sub", i), newLine(time.Now()))
		r.mu.Lock()
		r.marks[w.key].state = []byte("{}")
		r.index(r.marks[w.key])
		r.mu.Unlock()
		r.forget(w.key)
	}
	if n := len(r.lanes) + len(r.marks) + len(r.bySub); n != 0 {
		t.Errorf("remaining entries: got %d, want 0", n)
	}
}
