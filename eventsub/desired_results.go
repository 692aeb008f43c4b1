package eventsub

import (
	"context"
	"errors"
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
	UserID    string // the user whose token it uses; "" for the app token
	Outcome   Outcome

	SubscriptionID string // while subscribed
	SessionID      string // the connection that it is on, while subscribed over WebSocket
	Cost           int    // against the cost limit, while subscribed

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

// decided reports whether Twitch, or an earlier check, has answered: the condition is
// subscribed, or there is a reason why it is not.
func (r Result) decided() bool { return r.Outcome != OutcomePending || r.Err != nil }

// Results returns the state of each wanted condition, in the order in which they were
// added by Want. It may be called at any time and does not wait. Twitch's reason for a
// refusal is kept until the condition is subscribed or Twitch returns another reason.
func (d *desired) Results() []Result {
	wants, _ := d.snapshot()
	return d.results(wants)
}

func (d *desired) results(wants []want) []Result {
	results := d.look(wants)
	for i, w := range wants {
		switch r := &results[i]; {
		case w.err != nil:
			r.Outcome, r.Err = OutcomeRefused, w.err
		case w.revoked != nil:
			r.Outcome, r.Err = OutcomeRevoked, w.revoked
		}
		results[i].Condition = w.condition
	}
	return results
}

// ErrEnded is returned by Ready and Subscribe if Run returned while they were waiting.
var ErrEnded = errors.New("eventsub: Run has returned")

// Ready waits until each wanted condition is subscribed, refused or revoked, and
// returns nil then, at once if that is so already. [Session.Results] tells which. It
// returns the error of ctx if that ends before, and [ErrEnded] if Run returns before.
// It may be called before Run is.
func (d *desired) Ready(ctx context.Context) error {
	_, err := d.wait(ctx, func() []want {
		wants, _ := d.snapshot()
		return wants
	})
	return err
}

// Subscribe adds conditions to the set, as Want does, and waits until each is
// subscribed, refused or revoked. It returns a result for each, in the order of the
// conditions. A condition that was refused stays in the set and is retried; Unwant
// removes it. If ctx ends, or Run returns, before all are decided, Subscribe returns
// the results so far and the error.
func (d *desired) Subscribe(ctx context.Context, conditions ...Condition) ([]Result, error) {
	d.Want(conditions...)
	return d.wait(ctx, func() []want {
		d.mu.Lock()
		defer d.mu.Unlock()
		wants := make([]want, len(conditions))
		for i, c := range conditions {
			t := newTarget(c)
			if w := d.byKey[t.key]; w != nil {
				wants[i] = *w
			} else { // Unwant was called meanwhile
				t.err = errUnwanted
				wants[i] = want{target: t}
			}
		}
		return wants
	})
}

var errUnwanted = errors.New("no longer wanted")

// wait waits until all results of a list are decided.
func (d *desired) wait(ctx context.Context, list func() []want) ([]Result, error) {
	for {
		d.mu.Lock()
		progress, ended := d.progress, d.ended
		d.mu.Unlock()
		results := d.results(list())
		open := false
		for _, r := range results {
			open = open || !r.decided()
		}
		if !open {
			return results, nil
		}
		select {
		case <-progress:
		case <-ended:
			return results, ErrEnded
		case <-ctx.Done():
			return results, context.Cause(ctx)
		}
	}
}

// progressed wakes the callers of Ready and Subscribe.
func (d *desired) progressed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.progress)
	d.progress = make(chan struct{})
}

// started and stopped record that Run was called and has returned.
func (d *desired) started() {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.ended:
		d.ended = make(chan struct{})
	default:
	}
}

func (d *desired) stopped() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.ended)
}
