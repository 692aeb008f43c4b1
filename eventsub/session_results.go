package eventsub

import (
	"fmt"
	"time"
)

// An Outcome is the state of a wanted condition.
type Outcome string

// The outcomes.
const (
	OutcomePending    Outcome = "pending"    // not tried yet, or a request is under way
	OutcomeSubscribed Outcome = "subscribed" // events arrive
	OutcomeRefused    Outcome = "refused"    // could not be subscribed; Err is the reason
	OutcomeRevoked    Outcome = "revoked"    // ended by Twitch; Err is the reason. Not retried until Want is called again
)

// A Result is the state of one wanted condition.
type Result struct {
	Condition Condition
	UserID    string // the user whose token it uses
	Outcome   Outcome

	SubscriptionID string // while subscribed
	SessionID      string // the connection that it is on, while subscribed
	Cost           int    // against the user's cost limit, while subscribed

	// Err is the last reason why it is not subscribed: a [helix.Error] with Twitch's
	// text if Twitch refused it, a [ConflictError] if another program has the
	// subscription, a [RevokedError] if Twitch ended it. It may be set while the
	// outcome is pending: then another attempt is under way.
	Err error
	// RetryAt is the time of the next attempt. It is zero if the next attempt waits
	// for another change, such as a new token or a free place.
	RetryAt time.Time
}

// String returns the result as one line.
func (r Result) String() string {
	text := fmt.Sprintf("%s: %s", newTarget(r.Condition).key, r.Outcome)
	if r.Err != nil {
		text += ": " + r.Err.Error()
	}
	if !r.RetryAt.IsZero() {
		text += "; trying again at " + r.RetryAt.Format(time.TimeOnly)
	}
	return text
}

// Results returns the state of each wanted condition, in the order in which they were
// added by Want. It may be called at any time and does not wait. Twitch's reason for a
// refusal is kept until the condition is subscribed or Twitch returns another reason.
func (s *Session) Results() []Result {
	s.mu.Lock()
	users := s.users()
	wants := make([]want, len(s.wants))
	accounts := make([]*account, len(s.wants))
	for i, w := range s.wants {
		wants[i] = *w
		accounts[i] = s.accounts[users[i]]
	}
	s.mu.Unlock()

	results := make([]Result, len(wants))
	for i, w := range wants {
		r := Result{Condition: w.condition, UserID: users[i], Outcome: OutcomePending, Err: w.err}
		switch {
		case w.err != nil:
			r.Outcome = OutcomeRefused
		case w.revoked != nil:
			r.Outcome, r.Err = OutcomeRevoked, w.revoked
		case accounts[i] != nil:
			r.fill(accounts[i], w.key)
		}
		results[i] = r
	}
	return results
}

func (r *Result) fill(a *account, key string) {
	found := a.result(key)
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
