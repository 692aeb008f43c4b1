package connection

import "time"

// An Output is something the caller has to do.
type Output interface{ isOutput() }

// What a [Machine] answers with.
type (
	// Dial asks for a new link; [Opened] or [Closed] follows. Handover is set if
	// the subscriptions of the current session move to it.
	Dial struct {
		Link     int
		URL      string
		Handover bool
	}
	// Drop asks to end a link or its dial. Nothing more is wanted from it.
	Drop struct{ Link int }
	// Session says that subscriptions can be made. IDs are the session ids that
	// hold them, the newest last: new subscriptions are made with that one. Fresh
	// says that there is none yet.
	Session struct {
		IDs   []string
		Fresh bool
	}
	// Lost says that the session is gone and its subscriptions with it.
	Lost struct{ Loss Loss }
	// Gap says that the session was without a connection for a while and has kept
	// its subscriptions.
	Gap struct {
		Loss Loss
		To   time.Time
	}
	// Deliver asks to hand on the notification that was just fed. Late is set if
	// it is older than ten minutes.
	Deliver struct{ Late bool }
	// Revoke asks to handle the revocation that was just fed.
	Revoke struct{}
	// Waiting says that there is no connection, and when one is dialled again.
	// Welcomed is set if the last one had been greeted by Twitch.
	Waiting struct {
		Reason   error
		RetryIn  time.Duration
		Welcomed bool
	}
	// Refused says that Twitch's reconnect message named an address that is not
	// dialled. The current connection stays in use until it ends.
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
