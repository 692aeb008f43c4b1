package eventsub

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
)

// lookUp returns the state of each wanted condition.
func (s *Session) lookUp(wants []want) []Result {
	users := s.usersOf(wants)
	results := make([]Result, len(wants))
	for i, w := range wants {
		results[i] = Result{Condition: w.condition, UserID: users[i], Outcome: OutcomePending}
		if a := s.accountOf(users[i]); a != nil {
			results[i].fill(a.result(w.key))
		}
	}
	return results
}

func (s *Session) accountOf(userID string) *account {
	s.accountsMu.Lock()
	defer s.accountsMu.Unlock()
	return s.accounts[userID]
}

// fill sets the fields that a reconcile.Set knows.
func (r *Result) fill(found reconcile.Result) {
	switch {
	case found.Held:
		r.Outcome, r.Err = OutcomeSubscribed, nil
		r.SubscriptionID, r.SessionID, r.Cost = found.Subscription.ID, found.Subscription.Session, found.Subscription.Cost
	case found.Waits, found.Err != nil:
		r.Err, r.RetryAt = found.Err, found.Again
		if found.Waits {
			r.Outcome = OutcomeRefused
		}
	}
}

// deleteSubscription deletes a subscription at Twitch.
func (s *Session) deleteSubscription(ctx context.Context, r Result) error {
	return s.api.remove(ctx, r.UserID, r.SubscriptionID)
}

// forgetSubscription makes the account of a subscription treat it as gone.
func (s *Session) forgetSubscription(r Result) {
	if a := s.accountOf(r.UserID); a != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.set.Forget(newTarget(r.Condition).key)
	}
}
