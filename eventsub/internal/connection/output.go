package connection

import "time"

// An Output is an action that the caller has to carry out.
type Output interface{ isOutput() }

// The outputs of a [Machine].
type (
	// Dial means: open a new link, then send [Opened] or [Closed]. Handover is set if
	// the subscriptions of the current session move to it.
	Dial struct {
		Link     int
		URL      string
		Handover bool
	}
	// Drop means: end a link or its dial. Further inputs from it are ignored.
	Drop struct{ Link int }
	// Session is sent when subscriptions can be created. IDs are the ids under which
	// the session's subscriptions exist, the newest last: new subscriptions use that
	// one. Fresh is set if the session has no subscriptions yet.
	Session struct {
		IDs   []string
		Fresh bool
	}
	// Lost is sent when the session has ended, and its subscriptions with it.
	Lost struct{ Loss Loss }
	// Gap is sent when the session had no connection for a while but kept its
	// subscriptions.
	Gap struct {
		Loss Loss
		To   time.Time
	}
	// Deliver means: deliver the notification that was the input. Late is set if it
	// is older than ten minutes.
	Deliver struct{ Late bool }
	// Revoke means: handle the revocation that was the input.
	Revoke struct{}
	// Waiting is sent when there is no connection and the next dial is in RetryIn.
	// Welcomed is set if the last connection had received Twitch's welcome.
	Waiting struct {
		Reason   error
		RetryIn  time.Duration
		Welcomed bool
	}
	// Refused is sent when Twitch's reconnect message contained an address that must
	// not be dialled. The current connection stays in use until it ends.
	Refused struct{ Session string }
)

// A Loss is the end of a session or of its connection.
type Loss struct {
	From    time.Time // when the last message came
	Session string
	Reason  error
}

func (Dial) isOutput()    {}
func (Drop) isOutput()    {}
func (Session) isOutput() {}
func (Lost) isOutput()    {}
func (Gap) isOutput()     {}
func (Deliver) isOutput() {}
func (Revoke) isOutput()  {}
func (Waiting) isOutput() {}
func (Refused) isOutput() {}
