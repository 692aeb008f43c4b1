package eventsub

import (
	"context"
	"slices"
)

// SetUserID replaces [SessionOptions].UserID, for a program that learns the user only
// when it logs in. It has to be called before Run.
func (s *Session) SetUserID(userID string) {
	s.accountsMu.Lock()
	defer s.accountsMu.Unlock()
	s.userID = userID
}

// usersOf returns for each wanted condition the user whose token it uses.
func (s *Session) usersOf(wants []want) []string {
	s.accountsMu.Lock()
	anyone := s.userID
	s.accountsMu.Unlock()
	for _, w := range wants {
		if anyone == "" {
			anyone = w.userID
		}
	}
	users := make([]string, len(wants))
	for i, w := range wants {
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
	all, changed := s.snapshot()
	var wants []want
	for i, user := range s.usersOf(all) {
		if user == userID && all[i].revoked == nil {
			wants = append(wants, all[i])
		}
	}
	return wants, changed
}

// costs reports whether the subscription may count against the cost limit of a user. It
// does not if it names a user who has authorized the application, such as the user
// whose token it uses.
func (w *want) costs(userID string) bool {
	info, known := Lookup(w.kind)
	if known && len(info.Scopes) > 0 {
		return false
	}
	return !w.names(userID)
}

// revokedBy records and reports that Twitch has ended a subscription.
func (s *Session) revokedBy(ctx context.Context, userID string, sub Subscription) {
	e := &RevokedError{Type: Type{Name: sub.Type, Version: sub.Version}, Reason: sub.Status, UserID: userID, Subscription: sub}
	s.revoke(e)
	s.o.Logger.WarnContext(ctx, "subscription revoked", "error", e)
	if s.o.OnRevoked != nil {
		s.o.OnRevoked(e)
	}
}

// remember stores the id of a session of this program.
func (s *Session) remember(id string) {
	s.accountsMu.Lock()
	defer s.accountsMu.Unlock()
	s.former.add(id)
}

// remembers reports whether a session was one of this program's.
func (s *Session) remembers(id string) bool {
	s.accountsMu.Lock()
	defer s.accountsMu.Unlock()
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
