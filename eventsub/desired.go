package eventsub

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// desired is the set of wanted conditions of one transport. [Session] and the other
// transports embed it. The transport sets the functions before its first use, and
// calls progressed whenever a Result may have changed.
type desired struct {
	method string                      // the transport, as Twitch names it: "websocket"
	look   func(wants []want) []Result // the state of each; called without mu
	delete func(ctx context.Context, r Result) error
	forget func(r Result) // makes the transport treat the subscription as gone; called with mu held

	mu       sync.Mutex
	wants    []*want          // guarded by mu; in the order of wanting
	byKey    map[string]*want // guarded by mu
	changed  chan struct{}    // guarded by mu; closed and replaced when wants changes
	progress chan struct{}    // guarded by mu; closed and replaced when a Result may have changed
	ended    chan struct{}    // guarded by mu; closed while Run has ended and was not called again
}

// A want is a wanted condition with its state.
type want struct {
	target

	userID  string        // whose token; "" if any user's token works
	revoked *RevokedError // set if Twitch ended it and Want was not called again
	asked   int           // how often Want was called: a further call clears past failures
}

func newDesired(method string) desired {
	return desired{
		method: method, byKey: map[string]*want{},
		changed: make(chan struct{}), progress: make(chan struct{}), ended: make(chan struct{}),
	}
}

// Want adds conditions to the set. It may be called at any time, before or while Run
// runs. If not all can be subscribed because of Twitch's cost limit, those that were
// wanted first are subscribed first. A condition that is already in the set is tried
// again at once if it was refused or revoked. A subscription that is deleted by another
// program is created again.
//
// Want does not wait; Subscribe, Ready and Results report the outcome. Want panics if a
// condition is nil.
func (d *desired) Want(conditions ...Condition) {
	refuseNil("Want", conditions)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range conditions {
		t := newTarget(c)
		if w := d.byKey[t.key]; w != nil {
			w.revoked = nil
			w.asked++
			continue
		}
		t.err = t.check(d.method)
		d.add(&want{target: t, userID: t.tokenUser()})
	}
	d.announce()
}

// add appends a condition. The caller holds mu and calls announce.
func (d *desired) add(w *want) {
	d.wants = append(d.wants, w)
	d.byKey[w.key] = w
}

// Unwant removes conditions from the set. Unwant does not wait: their subscriptions are
// deleted soon after it returned. A condition that is not in the set is ignored. Unwant
// panics if a condition is nil.
func (d *desired) Unwant(conditions ...Condition) {
	refuseNil("Unwant", conditions)
	d.mu.Lock()
	defer d.mu.Unlock()
	gone := map[string]bool{}
	for _, c := range conditions {
		gone[newTarget(c).key] = true
	}
	d.drop(func(w *want) bool { return gone[w.key] })
}

// UnwantUser removes the conditions that need the token of a user or name the user: as
// broadcaster, moderator or chatter. Like Unwant, it does not wait.
func (d *desired) UnwantUser(userID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(func(w *want) bool { return w.userID == userID || w.names(userID) })
}

// names reports whether a user is part of the condition.
func (w *want) names(userID string) bool {
	for name, value := range w.fields {
		if value == userID && strings.HasSuffix(name, "user_id") {
			return true
		}
	}
	return false
}

// drop removes conditions. The caller holds mu.
func (d *desired) drop(unwanted func(w *want) bool) {
	d.wants = slices.DeleteFunc(d.wants, func(w *want) bool {
		if !unwanted(w) {
			return false
		}
		delete(d.byKey, w.key)
		return true
	})
	d.announce()
}

// refuseNil panics if a condition is nil. The panic names the method that was called,
// which the panic of a method call on nil would not.
func refuseNil(method string, conditions []Condition) {
	for i, c := range conditions {
		if c == nil {
			panic(fmt.Sprintf("eventsub: %s: condition %d is nil", method, i))
		}
	}
}

// Wanted returns the set in the order in which the conditions were added. It includes
// revoked conditions until they are removed by Unwant.
func (d *desired) Wanted() []Condition {
	d.mu.Lock()
	defer d.mu.Unlock()
	conditions := make([]Condition, 0, len(d.wants))
	for _, w := range d.wants {
		conditions = append(conditions, w.condition)
	}
	return conditions
}

// announce tells the transport that wants has changed. The caller holds mu.
func (d *desired) announce() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// snapshot returns copies of the wanted conditions, and a channel that is closed when
// they are out of date.
func (d *desired) snapshot() ([]want, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	wants := make([]want, len(d.wants))
	for i, w := range d.wants {
		wants[i] = *w
	}
	return wants, d.changed
}

// has reports whether a condition is wanted, or was before it was revoked.
func (d *desired) has(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.byKey[key] != nil
}

// revoke records that Twitch has ended the subscription of a condition.
func (d *desired) revoke(e *RevokedError) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.byKey[keyOf(e.Type, e.Subscription.Condition)]; w != nil {
		w.revoked = e
		d.announce()
	}
}
