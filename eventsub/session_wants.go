package eventsub

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A want is a wanted condition with its state.
type want struct {
	target

	userID  string        // whose token; "" if any user's token works
	revoked *RevokedError // set if Twitch ended it and Want was not called again
	asked   int           // how often Want was called: a further call clears past failures
}

// Want adds conditions to the set. It may be called at any time, before or while Run
// runs. A condition that is already in the set is tried again at once if it was refused
// or revoked. Want does not wait; SessionOptions.OnState and [Session.Results] report
// the outcome. Want panics if a condition is nil.
func (s *Session) Want(conditions ...Condition) {
	refuseNil("Want", conditions)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range conditions {
		t := newTarget(c)
		if w := s.find(t.key); w != nil {
			w.revoked = nil
			w.asked++
			continue
		}
		s.wants = append(s.wants, &want{target: t, userID: t.tokenUser()})
	}
	s.announce()
}

// Unwant removes conditions from the set. Unwant does not wait: their subscriptions are
// deleted soon after it returned. It panics if a condition is nil.
func (s *Session) Unwant(conditions ...Condition) {
	refuseNil("Unwant", conditions)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range conditions {
		key := newTarget(c).key
		for i, w := range s.wants {
			if w.key == key {
				s.wants = append(s.wants[:i:i], s.wants[i+1:]...)
				break
			}
		}
	}
	s.announce()
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
func (s *Session) Wanted() []Condition {
	s.mu.Lock()
	defer s.mu.Unlock()
	conditions := make([]Condition, 0, len(s.wants))
	for _, w := range s.wants {
		conditions = append(conditions, w.condition)
	}
	return conditions
}

// find returns the want with a key, or nil if there is none. The caller holds s.mu.
func (s *Session) find(key string) *want {
	for _, w := range s.wants {
		if w.key == key {
			return w
		}
	}
	return nil
}

// announce notifies the accounts that wants has changed. The caller holds s.mu.
func (s *Session) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// users returns for each want the user whose token it uses. The caller holds s.mu.
func (s *Session) users() []string {
	anyone := s.o.UserID
	for _, w := range s.wants {
		if anyone == "" {
			anyone = w.userID
		}
	}
	users := make([]string, len(s.wants))
	for i, w := range s.wants {
		switch {
		case w.userID != "":
			users[i] = w.userID
		case anyone != "":
			users[i] = anyone
		default: // no user was given: use the broadcaster's token
			users[i] = Notification{Meta: Meta{Subscription: Subscription{Condition: w.fields}}}.lane()
		}
	}
	return users
}

// wantsOf returns the conditions to subscribe with a user's token, and a channel that
// is closed when the result is out of date.
func (s *Session) wantsOf(userID string) ([]want, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var wants []want
	for i, user := range s.users() {
		if w := s.wants[i]; user == userID && w.revoked == nil {
			wants = append(wants, *w)
		}
	}
	return wants, s.changed
}

// costs reports whether the subscription may count against the cost limit of a user. It
// does not if it names a user who has authorized the application, such as the user
// whose token it uses.
func (w *want) costs(userID string) bool {
	info, known := Lookup(w.kind)
	if known && len(info.Scopes) > 0 {
		return false
	}
	for name, value := range w.fields {
		if value == userID && strings.HasSuffix(name, "user_id") {
			return false
		}
	}
	return true
}

// revoke records and reports that Twitch has ended a subscription.
func (s *Session) revoke(ctx context.Context, userID string, sub Subscription) {
	t := Type{Name: sub.Type, Version: sub.Version}
	e := &RevokedError{Type: t, Reason: sub.Status, UserID: userID, Subscription: sub}
	s.mu.Lock()
	if w := s.find(keyOf(t, sub.Condition)); w != nil {
		w.revoked = e
		s.announce()
	}
	s.mu.Unlock()
	s.o.Logger.WarnContext(ctx, "subscription revoked", "error", e)
	if s.o.OnRevoked != nil {
		s.o.OnRevoked(e)
	}
}

// remember stores the id of a session of this program.
func (s *Session) remember(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.former.add(id)
}

// remembers reports whether a session was one of this program's.
func (s *Session) remembers(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.former, id)
}

// keepIDs is the number of ids of former sessions that are remembered.
const keepIDs = 1000

// sessionIDs are ids of sessions, the newest last.
type sessionIDs []string

func (ids *sessionIDs) add(id string) {
	if *ids = append(*ids, id); len(*ids) > keepIDs {
		*ids = slices.Delete(*ids, 0, len(*ids)-keepIDs)
	}
}
