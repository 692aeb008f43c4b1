package chat

import (
	"context"
	"time"
)

// A Carrier hands one message over to Twitch: the chat service of package helix and the
// client of package irc have one each. It keeps no queue and does not change the text.
//
// A carrier may have further methods, which the [Sender] calls while it holds its lock:
// they must return at once and must not call the Sender.
//
//   - Ready(channel User) error and Changed() <-chan struct{}: Ready returns
//     [ErrNotReady] while no message to the channel can be sent, for want of a connection
//     for example; the Sender then waits. Any other error ends the messages that wait for
//     the channel. Changed returns a channel that is closed when Ready may have changed;
//     the Sender also asks again each second.
//   - Roles(channel User) (roles Roles, known bool): what the account is in a channel.
//   - Account() User: the account that writes; its ID, its login or both.
type Carrier interface {
	// Carry sends m and returns the id of the message, "" if the carrier learns none. A
	// message that Twitch did not show is a [*DroppedError]; [ErrUnknownOutcome] means
	// that it may have been shown, [ErrNotReady] that nothing was sent and the message
	// should be sent later.
	Carry(ctx context.Context, m Outgoing) (messageID string, err error)
}

// A Priority decides which of the waiting messages is sent first: the one with the
// highest. It also decides which is given up when too many wait.
type Priority int

// The priorities. Other values are allowed.
const (
	PriorityLow    Priority = -10 // may be left out: timers, small talk
	PriorityNormal Priority = 0   // answers to viewers
	PriorityHigh   Priority = 10  // notices about moderation, answers to moderators
)

// An Outgoing is a message to be sent.
type Outgoing struct {
	// Channel is the broadcaster in whose chat the message is written. An id is enough for
	// Helix and a login for IRC; with both, any carrier works without a request.
	Channel User
	Text    string
	ReplyTo string // id of the message that is answered; "" if none
	Action  bool   // shown as /me shows it
	Split   bool   // a longer text becomes several messages; otherwise it is ErrTooLong

	Priority Priority
	// TTL is how long the message may wait to be sent; 0 means SenderOptions.TTL. Each part
	// of a text that was split has that time.
	TTL time.Duration
	// Evade changes a text that Twitch would drop as a repetition, as [Vary] does.
	Evade bool
}

// Sent describes a message that Twitch has accepted.
type Sent struct {
	IDs []string // of its parts, in order; fewer if the carrier learned none
}
