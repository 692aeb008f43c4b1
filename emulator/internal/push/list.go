package push

import (
	"maps"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// A Filter says which subscriptions to list. Empty fields match all.
type Filter struct {
	ID     string
	Status string
	Type   string
	UserID string // anywhere in the condition

	ConduitID string
}

// A List is what Get EventSub Subscriptions answers, but for the pages.
type List struct {
	Subscriptions []Subscription // oldest first
	Total         int            // without the filter
	TotalCost     int            // of the enabled ones
	MaxTotalCost  int
}

// List returns subscriptions of the token: those of its client that were made
// with a token of the same user. Dead ones are listed for a while.
func (s *Server) List(g auth.Grant, f Filter) List {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	l := List{MaxTotalCost: maxTotalCost}
	if g.IsApp() {
		l.MaxTotalCost = maxAppCost
	}
	for _, sub := range s.order {
		if sub.clientID != g.ClientID || sub.userID != g.UserID {
			continue
		}
		l.Total++
		if sub.alive() {
			l.TotalCost += sub.Cost
		}
		if f.matches(sub) {
			shown := sub.Subscription
			shown.Condition = maps.Clone(sub.Condition)
			l.Subscriptions = append(l.Subscriptions, shown)
		}
	}
	return l
}

// All returns the subscriptions of all clients, oldest first. Dead ones are listed for a while.
func (s *Server) All() []Subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	all := make([]Subscription, 0, len(s.order))
	for _, sub := range s.order {
		shown := sub.Subscription
		shown.Condition = maps.Clone(sub.Condition)
		all = append(all, shown)
	}
	return all
}

func (f Filter) matches(sub *subscription) bool {
	if (f.ID != "" && f.ID != sub.ID) || (f.Status != "" && f.Status != sub.Status) || (f.Type != "" && f.Type != sub.Type) ||
		(f.ConduitID != "" && f.ConduitID != sub.Transport.ConduitID) {
		return false
	}
	if f.UserID == "" {
		return true
	}
	for _, value := range sub.Condition {
		if value == f.UserID {
			return true
		}
	}
	return false
}

// Delete ends a subscription. A refusal is a *world.Error.
func (s *Server) Delete(g auth.Grant, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.subs[id]
	if sub == nil || sub.clientID != g.ClientID || sub.userID != g.UserID {
		return refuse(http.StatusNotFound, "subscription not found")
	}
	sub.hook.stop()
	s.detach(sub)
	sub.diedAt = time.Time{} // so that it is forgotten now
	s.forget()
	return nil
}
