package connection

import "time"

// An Input is something that happened. Inputs that carry the number of a link are
// ignored when the machine has given that link up.
type Input interface{ isInput() }

// What a [Machine] is fed with.
type (
	// Want says whether a connection is needed: Twitch closes connections that
	// carry no subscription.
	Want struct{ Needed bool }
	// Tick says that the time of [Machine.Deadline] has come.
	Tick struct{}
	// Opened says that a link was dialled successfully.
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
	// Notification is a notification. The caller keeps its content until the
	// machine answers with [Deliver].
	Notification struct {
		Link int
		Sent time.Time
	}
	// Revocation is a revocation. The caller keeps its content until the machine
	// answers with [Revoke].
	Revocation struct{ Link int }
	// Reconnect is Twitch's session_reconnect.
	Reconnect struct {
		Link int
		URL  string
	}
	// Closed says that a link could not be dialled, or ended. Code is that of the
	// close frame, or [CodeNone].
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
