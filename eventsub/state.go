package eventsub

import (
	"errors"
	"fmt"
	"time"
)

// Phase is the stage that a user's connection to EventSub has reached.
type Phase string

// The phases of a connection.
const (
	Idle       Phase = "idle"       // nothing is wanted: no connection
	Connecting Phase = "connecting" // dialling, or waiting for Twitch's welcome
	Connected  Phase = "connected"  // welcomed; subscriptions are being made
	Subscribed Phase = "subscribed" // all wanted conditions are subscribed
	Incomplete Phase = "incomplete" // some conditions could not be subscribed; see Session.Results
	Waiting    Phase = "waiting"    // lost or unreachable; dialled again in RetryIn
)

// A State describes the connections of a user after a change. A user with more than 300
// subscriptions has several connections: Connecting, Connected and Waiting are about
// one of them, the other phases about all together.
type State struct {
	UserID  string        // the user whose token the subscriptions use
	Phase   Phase         //
	Session string        // Twitch's id of the connection, while there is one
	Active  int           // existing subscriptions; set for Subscribed and Incomplete
	Wanted  int           // wanted subscriptions; set for Subscribed and Incomplete
	Err     error         // the reason; for Incomplete the first one if there are several
	RetryIn time.Duration // time until the next attempt; 0: at once, or only after another change

	opened bool // the connection had been welcomed before it was lost
}

// String returns the state as one sentence.
func (s State) String() string {
	switch s.Phase {
	case Idle:
		return "EventSub: no event is wanted, not connected"
	case Connecting:
		return "EventSub: connecting"
	case Connected:
		if errors.Is(s.Err, ErrReconnectURL) {
			return "EventSub asked to reconnect to an address that is not Twitch's; staying on this connection until it ends"
		}
		return "EventSub: connected"
	case Subscribed:
		return fmt.Sprintf("EventSub: connected, %d of %d subscriptions", s.Active, s.Wanted)
	case Incomplete:
		if s.RetryIn <= 0 {
			return fmt.Sprintf("EventSub: %d of %d subscriptions; %v", s.Active, s.Wanted, s.Err)
		}
		return fmt.Sprintf("EventSub: %d of %d subscriptions; %v; trying again in %s", s.Active, s.Wanted, s.Err, round(s.RetryIn))
	case Waiting:
		what := "is unreachable"
		if s.opened {
			what = "was lost"
		}
		if s.RetryIn <= 0 {
			return fmt.Sprintf("EventSub %s: %v; connecting again", what, s.Err)
		}
		return fmt.Sprintf("EventSub %s: %v; trying again in %s", what, s.Err, round(s.RetryIn))
	default:
		return "EventSub: " + string(s.Phase)
	}
}

func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Second)
}
