package chat

import "time"

// Limits are Twitch's limits for messages. A zero field is the limit of an ordinary
// account, which the comments give.
//
// https://dev.twitch.tv/docs/chat/#rate-limits
type Limits struct {
	Messages    int // in 30 s, where the account is neither moderator nor broadcaster: 20
	ModMessages int // in 30 s, where it is moderator or broadcaster: 100

	// Account is how many messages in 30 s a verified bot may send to all channels
	// together; Messages and ModMessages then apply to each channel by itself. 0 means an
	// account that is not verified: its messages to all channels count together, and one
	// can be sent while fewer were sent than the limit of its channel.
	Account int
}

// VerifiedBot are the limits of an account that Twitch verified as a bot.
func VerifiedBot() Limits { return Limits{Account: 7500} }

// SenderOptions configure a [Sender]. The zero value is usable.
type SenderOptions struct {
	Account User          // the account that writes, by ID or login; default: what the carrier tells
	Limits  Limits        // what Twitch allows the account
	Queue   int           // messages that may wait; default 100
	TTL     time.Duration // how long a message may wait to be sent; default 30 s
	Evade   bool          // applies Outgoing.Evade to every message
}

func (o SenderOptions) withDefaults() SenderOptions {
	if o.Limits.Messages <= 0 {
		o.Limits.Messages = 20
	}
	if o.Limits.ModMessages <= 0 {
		o.Limits.ModMessages = 100
	}
	o.Limits.ModMessages = max(o.Limits.ModMessages, o.Limits.Messages)
	if o.Queue <= 0 {
		o.Queue = 100
	}
	if o.TTL <= 0 {
		o.TTL = 30 * time.Second
	}
	return o
}
