package irc

import (
	"math"
	"strings"
	"time"
)

// The methods of a PrivMsg that are not fields search the tags of the line at each call.
// Few messages have what they return, and reading it for all would slow down the others.

// Nonce returns the client-nonce that the sender attached, or "".
func (p *PrivMsg) Nonce() string { return p.Raw.Tags().Get("client-nonce") }

// Flags returns the parts of the text that Twitch's moderation found.
func (p *PrivMsg) Flags() Flags { return Flags(p.Raw.Tags().Get("flags")) }

// Animation returns the animation of a [KindAnimatedMessage]: "simmer",
// "rainbow-eclipse", "cosmic-abyss"; or "".
func (p *PrivMsg) Animation() string { return p.Raw.Tags().Get("animation-id") }

// A Pinned is the payment for a pinned message (Hype Chat). Twitch has ended them; they
// are found in old logs.
type Pinned struct {
	Amount   int    // in the smallest unit of the currency: 500 for 5.00
	Exponent int    // how many digits of Amount are behind the point
	Currency string // "USD"
	Level    string // "ONE" … "TEN"
	IsSystem bool   // the chatter wrote no text of their own
}

// Value returns the amount in units of the currency: 5.0 for 500 cents.
func (p Pinned) Value() float64 { return float64(p.Amount) / math.Pow10(p.Exponent) }

// Pinned returns the payment for the message. It is false if there was none.
func (p *PrivMsg) Pinned() (pinned Pinned, ok bool) {
	p.Raw.Tags().raw(func(k, v string) {
		name, isPinned := strings.CutPrefix(k, "pinned-chat-paid-")
		if !isPinned {
			return
		}
		ok = true
		switch name {
		case "amount":
			pinned.Amount = number(v)
		case "exponent":
			pinned.Exponent = number(v)
		case "currency":
			pinned.Currency = v
		case "level":
			pinned.Level = v
		case "is-system-message":
			pinned.IsSystem = v == "1"
		}
	})
	return pinned, ok
}

// History reports whether the line comes from a service that repeats old chat, and when
// that service received it; the time is zero if the line does not say.
func (p *PrivMsg) History() (received time.Time, ok bool) {
	tags := p.Raw.Tags()
	return millis(tags.Get("rm-received-ts")), tags.Get("historical") == "1"
}
