package eventsub

import (
	"fmt"
	"time"
)

// Outcome is what became of a wanted condition.
type Outcome string

// The outcomes.
const (
	OutcomePending    Outcome = "pending"    // not tried yet, or being tried
	OutcomeSubscribed Outcome = "subscribed" // events arrive
	OutcomeRefused    Outcome = "refused"    // could not be subscribed; Err says why
	OutcomeRevoked    Outcome = "revoked"    // ended by Twitch; Err says why. It rests until it is wanted again
)

// A Result says what became of one wanted condition.
type Result struct {
	Condition Condition
	UserID    string // whose token it uses
	Outcome   Outcome

	SubscriptionID string // while subscribed
	SessionID      string // the connection that carries it, while subscribed
	Cost           int    // against the user's cost limit, while subscribed

	// Err is the last reason why it is not subscribed. A refusal of Twitch's is a
	// [helix.Error] with Twitch's text, another program's subscription a
	// [ConflictError], an end by Twitch a [RevokedError]. It may be set while the
	// outcome is pending: then another attempt is under way.
	Err error
	// RetryAt is when it is tried again. It is zero if that happens when something
	// else changes.
	RetryAt time.Time
}

// String is the result as one line.
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

// Results says for each wanted condition what became of it, in the order in which they
// were wanted. It may be called at any time. Twitch's reason for a refusal stays until
// the condition is subscribed or Twitch gives another.
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
