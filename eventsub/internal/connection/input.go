package connection

import "time"

// An Input is an event for a [Machine]. Inputs with the number of a link are ignored
// if the machine no longer uses that link.
type Input interface{ isInput() }

// The inputs of a [Machine].
type (
	// Want sets whether a connection is needed: Twitch closes connections without
	// subscriptions.
	Want struct{ Needed bool }
	// Tick is sent when the time of [Machine.Deadline] has come.
	Tick struct{}
	// Opened is sent when a link was dialled successfully.
	Opened struct{ Link int }
	// Welcome is Twitch's session_welcome. Keepalive is zero if the message named none.
	Welcome struct {
		Link      int
		Session   string
		Keepalive time.Duration
		Sent      time.Time
	}
	// Keepalive is Twitch's session_keepalive.
	Keepalive struct {
		Link int
		Sent time.Time
	}
	// Notification is sent for a notification. The caller keeps its content until the
	// machine returns [Deliver].
	Notification struct {
		Link int
		Sent time.Time
	}
	// Revocation is sent for a revocation. The caller keeps its content until the
	// machine returns [Revoke].
	Revocation struct{ Link int }
	// Reconnect is Twitch's session_reconnect.
	Reconnect struct {
		Link int
		URL  string
	}
	// Closed is sent when a link could not be dialled, or has ended. Code is the code
	// of the close frame, or [CodeNone].
	Closed struct {
		Link   int
		Code   int
		Reason error
	}
)

func (Want) isInput()         {}
func (Tick) isInput()         {}
func (Opened) isInput()       {}
func (Welcome) isInput()      {}
func (Keepalive) isInput()    {}
func (Notification) isInput() {}
func (Revocation) isInput()   {}
func (Reconnect) isInput()    {}
func (Closed) isInput()       {}
