package eventsub

import "time"

// Inputs. Those of a connection carry its number, and are ignored when the
// machine has given that connection up.
type (
	input      any
	inWanted   struct{ wanted bool } // the set of wanted subscriptions became empty or not
	inRestored struct{}              // what is wanted was subscribed on the current session, as far as possible
	inTick     struct{}              // the time of [machine.deadline] has come
	inDialed   struct{ link int }    // the connection is open
	inFrame    struct {              // a message came
		link int
		msg  message
	}
	inSign   struct{ link int } // a frame without meaning came, such as a ping
	inClosed struct {           // the connection could not be opened, or ended
		link int
		err  error
	}
)

// Outputs.
type (
	output  any
	outDial struct { // open a connection; inDialed or inClosed follows
		link int
		url  string
	}
	outClose   struct{ link int } // end a connection or its dial; nothing more is wanted from it
	outSession struct {           // reconcile: subscriptions belong in the last of ids
		ids   []string
		fresh bool // nothing is subscribed in it yet
	}
	outLost   struct{} // there is no session: its subscriptions are gone
	outNotify struct { // dispatch
		msg  message
		late bool
	}
	outRevoked struct{ subscription Subscription } // Twitch ended it
	outGap     struct {                            // tell that events may have been missed
		loss loss
		to   time.Time
	}
	outState struct{ state State } // tell whoever listens; UserID is filled in later
)
